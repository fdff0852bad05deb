"""Several devices at once, on both databases: nothing lost, nothing twice."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.config import Config
from app.kernel.clock import utc_now
from app.kernel.db import db
from app.training.attendance.rules import holding
from app.training.models import Meeting, TrainingSession
from app.training.seats.models import Enrolment
from app.training.seats.presence import Attendance, AttendanceEvent, Means
from tests.factories.people import make_user
from tests.factories.training import make_coach, make_training, sign_up
from tests.training.attendance.devices import TAPS, let_in_and_tick, make_tap, tick_all
from tests.training.crowd import PROCESSES, run_together

pytestmark = [pytest.mark.race, pytest.mark.both_databases]


def begun(capacity: int = 10) -> tuple[TrainingSession, int, int]:
    """A session that began a moment ago, the id of its meeting, and that of its coach."""
    coach, now = make_coach(), utc_now()
    training = make_training(
        coach, capacity=capacity, starts_at=now - timedelta(minutes=5), now=now - timedelta(days=9)
    )
    return training, db.session.execute(select(Meeting.id)).scalar_one(), coach.id


def test_the_same_taps_from_four_devices_in_any_order(app: Flask, config: Config) -> None:
    training, meeting_id, coach_id = begun()
    people = [make_user(f"Person {number}") for number in range(5)]
    sign_up(training, *people, now=utc_now() - timedelta(days=1))
    places = list(db.session.execute(select(Enrolment.id).order_by(Enrolment.id)).scalars())
    db.session.remove()
    db.engine.dispose()
    run_together(config, tick_all, [(meeting_id, coach_id, places, seed) for seed in range(PROCESSES)])
    marks = Counter(db.session.execute(select(AttendanceEvent.mark, AttendanceEvent.enrolment_id)))
    alone, everybody = TAPS - TAPS // 10, TAPS // 10
    assert (len(marks), set(marks.values())) == (alone + everybody * len(places), {1})
    found = dict(db.session.execute(select(Attendance.enrolment_id, Attendance.state)).all())
    assert found == expected(places)


def expected(places: list[int]) -> dict[int, str]:
    """What holds if the taps are written down one after the other, in the order in which they were tapped."""
    held: dict[int, str] = {}
    for number in range(TAPS):
        tap = make_tap(number, places, utc_now())
        for place in tap.who:
            if tap.means != Means.REST or not held.get(place):
                held[place] = tap.state
    return {place: state for place, state in held.items() if state}


def test_letting_people_in_from_four_devices_at_once(app: Flask, config: Config) -> None:
    training, meeting_id, coach_id = begun(capacity=1)
    sign_up(training, make_user("Ada"), now=utc_now() - timedelta(days=1))
    place = db.session.execute(select(Enrolment.id)).scalar_one()
    people = [make_user(f"Guest {number}").id for number in range(8)]
    db.session.remove()
    db.engine.dispose()
    run_together(config, let_in_and_tick, [(meeting_id, coach_id, people, place)] * PROCESSES)
    states = dict(
        db.session.execute(
            select(Enrolment.user_id, Attendance.state).join(Attendance, Attendance.enrolment_id == Enrolment.id)
        ).all()
    )
    assert {user_id: states[user_id] for user_id in people} == dict.fromkeys(people, "present")
    walked_in = select(func.count()).where(AttendanceEvent.means == Means.WALK_IN)
    assert db.session.execute(walked_in).scalar_one() == len(people)
    for enrolment_id in db.session.execute(select(Attendance.enrolment_id)).scalars().all():
        entries = db.session.execute(
            select(AttendanceEvent).where(AttendanceEvent.enrolment_id == enrolment_id)
        ).scalars()
        held, row = holding(entries), select(Attendance.state).where(Attendance.enrolment_id == enrolment_id)
        assert held is not None
        assert db.session.execute(row).scalar_one() == held.state
