"""A process that is killed between any two statements leaves everything as it was, or everything done."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.jobs.models import Mail
from app.kernel.db import Base, db, transaction
from app.training.models import TrainingSession
from app.training.seats.taking import enrol, withdraw
from app.training.service import cancel, change, publish
from tests.factories.people import make_user
from tests.factories.training import NOW, make_coach, make_details, make_training, sign_up

pytestmark = [pytest.mark.race, pytest.mark.both_databases]
Act = Callable[[Session, int, User, User], Any]


def do_enrol(session: Session, training_id: int, _coach: User, person: User) -> None:
    enrol(session, training_id, actor=person, now=NOW)


def do_withdraw(session: Session, training_id: int, _coach: User, person: User) -> None:
    withdraw(session, training_id, actor=person, now=NOW)


def do_change(session: Session, training_id: int, coach: User, _person: User) -> None:
    details = make_details(coach, capacity=3, place="Elsewhere", title="Other", description="Other")
    revision = session.get_one(TrainingSession, training_id).revision
    change(session, training_id, details, revision=revision, actor=coach, now=NOW)


def do_cancel(session: Session, training_id: int, coach: User, _person: User) -> None:
    cancel(session, training_id, reason="Ill", actor=coach, now=NOW)


def do_publish(session: Session, training_id: int, _coach: User, _person: User) -> None:
    publish(session, training_id, now=NOW)


@contextmanager
def killed_at(number: int) -> Iterator[None]:
    """Kill this process when it is about to send its `number`th statement, the commit being one of them."""
    sent = 0

    def count(*_: object) -> None:
        nonlocal sent
        sent += 1
        if sent == number:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(db.engine, "before_cursor_execute", count)
    event.listen(db.engine, "commit", count)
    yield


def act_and_die(act: Act, ids: tuple[int, int, int], number: int) -> int:
    """Do it in a process of its own that is killed at that statement. Returns the signal that ended it, 0 for none."""

    def run() -> None:
        training_id, coach_id, person_id = ids
        with transaction() as session:
            act(session, training_id, session.get_one(User, coach_id), session.get_one(User, person_id))

    return act_and_die_in_job(run, number)


def act_and_die_in_job(run: Callable[[], object], number: int) -> int:
    """The same with something that opens its own transactions."""
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            with killed_at(number):
                run()
            status = 0
        finally:
            os._exit(status)
    _pid, ended = os.waitpid(child, 0)
    assert os.WIFSIGNALED(ended) or os.WEXITSTATUS(ended) == 0
    return os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else 0


def everything() -> dict[str, list[str]]:
    """Every row of every table, but for the clock that tells the time of the outbox's rows."""
    db.session.rollback()
    found = {}
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.columns if (table.name, column.name) != ("search_outbox", "at")]
        rows = db.session.execute(select(*columns)).all()
        found[table.name] = sorted(json.dumps([str(value) for value in row]) for row in rows)
    db.session.rollback()
    return found


@pytest.mark.parametrize(
    ("act", "state", "signed_up", "expected"),
    [
        (do_enrol, "published", 0, ["seat confirmed"]),
        (do_enrol, "published", 2, ["seat waiting"]),
        (do_withdraw, "published", 3, ["seat given back", "seat promoted"]),
        (do_change, "published", 3, ["training changed"] * 3 + ["seat promoted"] * 2),
        (do_cancel, "published", 2, ["training cancelled"] * 2),
        (do_publish, "draft", 0, []),
    ],
    ids=["a seat", "the waiting list", "leaving", "a change", "a cancellation", "a publication"],
)
def test_all_or_nothing(app: Flask, clock: object, act: Act, state: str, signed_up: int, expected: list[str]) -> None:
    coach = make_coach()
    training = make_training(coach, capacity=1, state=state)
    crowd = [make_user() for _ in range(max(signed_up, 1))]
    person = make_user() if act is do_enrol else crowd[0]
    sign_up(training, *crowd[:signed_up])
    ids = (training.id, coach.id, person.id)
    mails = len(db.session.execute(select(Mail)).scalars().all())
    before = everything()
    number = 1
    while act_and_die(act, ids, number):
        assert everything() == before, f"killed at statement {number}"
        number += 1
    assert number > 5
    after = everything()
    assert after != before
    told = db.session.execute(select(Mail.kind).order_by(Mail.id).offset(mails)).scalars()
    assert sorted(told) == sorted(expected)
    assert len(after["notice"]) - len(before["notice"]) == len(expected)
    assert (after["search_outbox"] != before["search_outbox"]) == (act in {do_change, do_cancel, do_publish})
