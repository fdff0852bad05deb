"""What the processes of the race and of the killing do. They start from nothing and know the application by its
configuration alone, as two web workers do.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.config import Config
from app.factory import create_app
from app.jobs.models import Mail
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, NotFoundError
from app.notifications.models import Notice
from app.training.models import TrainingSession
from app.training.seats.deciding import admit
from app.training.seats.filling import accept, decline, lapse
from app.training.seats.holds import list_holds
from app.training.seats.ledger import lock
from app.training.seats.models import Enrolment, EnrolmentEvent
from app.training.seats.rules import Seat
from app.training.seats.taking import enrol, withdraw
from app.training.service import change
from tests.factories.training import make_details

PROCESSES = 4
CAPACITIES = (3, 5, 8)


def run_together(config: Config, work: object, shares: Sequence[object]) -> float:
    """Run `work(config, barrier, share)` in one process for each share, all at once. Returns the seconds it took after
    the last of them was ready; raises AssertionError if one of them failed.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    barrier = context.Barrier(len(shares) + 1)
    processes = [
        context.Process(target=work, args=(config, barrier, share))  # type: ignore[arg-type]
        for share in shares
    ]
    for process in processes:
        process.start()
    barrier.wait(60)
    began = time.perf_counter()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * len(processes)
    return time.perf_counter() - began


def wake(config: Config, barrier: Barrier) -> Flask:
    """An application of this process's own, with its connection made, once every other process has one too."""
    app = create_app(config)
    with app.app_context():
        db.session.execute(select(User.id).limit(1))
        db.session.remove()
    barrier.wait(60)
    return app


def sign_up_each(config: Config, barrier: Barrier, share: tuple[int, list[int]]) -> None:
    """Sign these people up, each in a transaction of its own as a request has it."""
    training_id, user_ids = share
    app = wake(config, barrier)
    for user_id in user_ids:
        with app.app_context(), transaction() as session:
            enrol(session, training_id, actor=session.get_one(User, user_id), now=utc_now())


def meddle(config: Config, barrier: Barrier, share: tuple[int, list[int], int, int]) -> None:
    """Come, leave and change the number of seats, at random."""
    training_id, user_ids, coach_id, seed = share
    dice = random.Random(seed)
    app = wake(config, barrier)
    for _ in range(60):
        step = dice.choice(["come", "come", "go", "resize"])
        with app.app_context(), transaction() as session:
            person = session.get_one(User, coach_id if step == "resize" else dice.choice(user_ids))
            if step == "come":
                enrol(session, training_id, actor=person, now=utc_now())
            elif step == "go":
                withdraw(session, training_id, actor=person, now=utc_now())
            else:
                _resize(session, training_id, person, dice.choice(CAPACITIES))


def meddle_with_offers(config: Config, barrier: Barrier, share: tuple[int, list[int], int, int]) -> None:
    """The same where seats are offered: come, go, say yes or no, let an offer lapse, change the number of seats, let somebody in."""
    training_id, user_ids, coach_id, seed = share
    dice = random.Random(seed)
    app = wake(config, barrier)
    for _ in range(60):
        # Whoever is let in past the list takes a seat from it, so that is seldom.
        step = dice.choice([*["come", "go", "yes", "no", "come", "go"] * 5, "lapse", "lapse", "resize", "admit"])
        with app.app_context(), suppress(ConflictError, NotFoundError), transaction() as session:
            coach = session.get_one(User, coach_id)
            person = session.get_one(User, dice.choice(user_ids))
            if step == "come":
                enrol(session, training_id, actor=person, now=utc_now())
            elif step == "go":
                withdraw(session, training_id, actor=person, now=utc_now())
            elif step == "yes":
                accept(session, training_id, actor=person, now=utc_now())
            elif step == "no":
                decline(session, training_id, actor=person, now=utc_now())
            elif step == "lapse":
                lapse(session, training_id, now=utc_now() + timedelta(hours=30))
            elif step == "resize":
                _resize(session, training_id, coach, dice.choice(CAPACITIES))
            else:
                admit(session, training_id, person.id, reason="Speaks there", actor=coach, now=utc_now())


def _resize(session: Session, training_id: int, coach: User, capacity: int) -> None:
    training = lock(session, training_id)
    details = make_details(coach, starts_at=training.starts_at, capacity=capacity)
    change(session, training_id, details, revision=training.revision, actor=coach, now=utc_now())


def places_of(training_id: int) -> list[tuple[int, str]]:
    """(queue, state) of everybody, in the order of arrival."""
    rows = db.session.execute(
        select(Enrolment.queue, Enrolment.state).where(Enrolment.training_id == training_id).order_by(Enrolment.queue)
    )
    return [(queue, state) for queue, state in rows]


def check_invariants(training_id: int) -> None:
    """What has to hold of a session's places at every moment at which nobody writes."""
    training = db.session.get_one(TrainingSession, training_id)
    enrolments = list(db.session.execute(select(Enrolment).where(Enrolment.training_id == training_id)).scalars())
    confirmed = [each for each in enrolments if each.state == Seat.CONFIRMED]
    waiting = [each for each in enrolments if each.state == Seat.WAITING]
    offered = [each for each in enrolments if each.state == Seat.OFFERED]
    held = sum(left for _hold, left in list_holds(db.session(), training_id))
    given = len(confirmed) + len(offered) + held
    assert not waiting or given >= training.capacity, "a seat is free while somebody waits"
    numbers = [each.queue for each in enrolments]
    assert len(numbers) == len(set(numbers)), "two people have the same number"
    for enrolment in enrolments:
        assert enrolment.events[-1].state == enrolment.state, "the history does not end with the present"


def check_nobody_was_overtaken(training_id: int) -> None:
    """Where nobody was let in past the list: all with a seat came before all who wait."""
    rows = places_of(training_id)
    seated = [queue for queue, state in rows if state in {Seat.CONFIRMED, Seat.OFFERED}]
    waiting = [queue for queue, state in rows if state == Seat.WAITING]
    assert max(seated, default=0) < min(waiting, default=1 << 31), "somebody was overtaken"


def count_told(kind: str) -> tuple[int, int]:
    """How many mails and how many notices of this kind there are."""
    mails = len(db.session.execute(select(Mail.id).where(Mail.kind == kind)).all())
    return mails, len(db.session.execute(select(Notice.id).where(Notice.kind == kind)).all())


def count_steps(step: str) -> int:
    return len(db.session.execute(select(EnrolmentEvent.id).where(EnrolmentEvent.step == step)).all())
