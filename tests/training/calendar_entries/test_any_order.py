"""Whatever happens to a session and a seat, and in whichever order the mail arrives: the calendar ends as the database does."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.models import User
from app.kernel.db import db, transaction
from app.training.calendar_entries.upkeep import withdraw_entries
from app.training.models import TrainingSession
from app.training.rules import State
from app.training.seats.ledger import lock
from app.training.seats.taking import enrol, withdraw
from app.training.service import cancel, change
from tests.factories.people import make_user
from tests.factories.training import NOW, make_coach, make_details, make_training
from tests.thorough import examples
from tests.training.calendar_entries.mailing import Letterbox, OwnCalendar, calendar_parts

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
Times = list[tuple[int, int]]
Act = Callable[[int, int, int], None]


def come(training_id: int, person_id: int, _coach_id: int) -> None:
    with transaction() as session:
        enrol(session, training_id, actor=session.get_one(User, person_id), now=NOW)


def go(training_id: int, person_id: int, _coach_id: int) -> None:
    with transaction() as session:
        withdraw(session, training_id, actor=session.get_one(User, person_id), now=NOW)


def meet(days: list[int], place: str) -> Act:
    def act(training_id: int, _person_id: int, coach_id: int) -> None:
        meetings = [(NOW + day * DAY, NOW + day * DAY + HOUR) for day in days]
        with transaction() as session:
            present = lock(session, training_id)
            coach = session.get_one(User, coach_id)
            times = {"starts_at": meetings[0][0], "ends_at": meetings[-1][1], "meetings": meetings}
            details = make_details(coach, place=place, **times)
            change(session, training_id, details, revision=present.revision, actor=coach, now=NOW)

    return act


def call_off(training_id: int, _person_id: int, coach_id: int) -> None:
    with transaction() as session:
        cancel(session, training_id, reason="Ill", actor=session.get_one(User, coach_id), now=NOW)


DAYS = st.lists(st.integers(2, 30), min_size=1, max_size=4, unique=True).map(sorted)
STEPS = st.one_of(
    st.just("come"),
    st.just("go"),
    st.just("send"),
    st.just("look"),
    st.tuples(DAYS, st.sampled_from(["Room 1", "Room 2"])),
)


@pytest.mark.usefixtures("clock")
@settings(deadline=None, max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=12), ends=st.booleans(), seed=st.integers(0, 1000))
def test_the_calendar_ends_as_the_database_does(
    app: Flask, letters: Letterbox, clock: time_machine.Traveller, steps: list[object], ends: bool, seed: int
) -> None:
    clock.move_to(NOW, tick=False)
    coach, person = make_coach(), make_user()
    training_id, person_id, coach_id = make_training(coach).id, person.id, coach.id
    for step in [*steps, *(["off"] if ends else []), "send", "look", "send"]:
        clock.shift(1)
        if step == "send":
            letters.collect()
        elif step == "look":
            withdraw_entries()
        elif isinstance(step, tuple):
            meet(*step)(training_id, person_id, coach_id)
        else:
            {"come": come, "go": go, "off": call_off}[str(step)](training_id, person_id, coach_id)

    got = [
        part for _kind, message in letters.to(db.session.get_one(User, person_id)) for part in calendar_parts(message)
    ]
    random.Random(seed).shuffle(got)
    training = db.session.get_one(TrainingSession, training_id)
    is_seated = [step for step in steps if step in ("come", "go")][-1:] == ["come"]
    expected = [(each.starts_at, each.ends_at) for each in training.meetings]
    assert OwnCalendar().take(got).times == (expected if is_seated and training.state == State.PUBLISHED else [])
