"""A session on its day, for the tests of attendance."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from app.accounts.models import User
from app.kernel.db import db
from app.training.models import Meeting, TrainingSession
from app.training.seats.models import Enrolment
from app.training.seats.presence import Attendance, AttendanceEvent
from tests.factories.people import make_user
from tests.factories.training import NOW, make_coach, make_training, sign_up

HOUR = timedelta(hours=1)
START = NOW + 4 * timedelta(days=1) + 4 * HOUR


class Day:
    """A workshop on Friday at 14:00 with Ada, Bo and Cem; Dai waits."""

    def __init__(self, *, meetings: int = 1) -> None:
        self.coach = make_coach()
        times = [
            (START + number * timedelta(days=7), START + 2 * HOUR + number * timedelta(days=7))
            for number in range(meetings)
        ]
        details: dict[str, Any] = {"meetings": times, "ends_at": times[-1][1]} if meetings > 1 else {}
        self.training = make_training(self.coach, slug="steps", capacity=3, **details)
        self.ada, self.bo, self.cem, self.dai = (make_user(name) for name in ("Ada", "Bo", "Cem", "Dai"))
        sign_up(self.training, self.ada, self.bo, self.cem, self.dai)
        self.id = self.training.id
        self.meeting_ids = [row.id for row in db.session.execute(select(Meeting.id).order_by(Meeting.starts_at))]
        self.meeting_id = self.meeting_ids[0]
        self.path = f"/training/steps/attendance/{self.meeting_id}"

    def place(self, person: User) -> int:
        """The id of the person's enrolment."""
        query = select(Enrolment.id).where(Enrolment.user_id == person.id, Enrolment.training_id == self.id)
        return db.session.execute(query).scalar_one()

    def tap(self, person: User, state: str, **more: str) -> dict[str, str]:
        return {"who": str(self.place(person)), "state": state, "mark": str(uuid4()), **more}

    def known(self) -> dict[str, str]:
        """{name: what is said} at the first meeting."""
        return states(self.meeting_id)


def states(meeting_id: int) -> dict[str, str]:
    db.session.rollback()
    query = (
        select(User.name, Attendance.state)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .join(User, User.id == Enrolment.user_id)
        .where(Attendance.meeting_id == meeting_id)
    )
    return {name: state for name, state in db.session.execute(query)}


def history() -> list[tuple[str, str, str]]:
    """(name, state, means) of every entry, in the order of arrival."""
    db.session.rollback()
    query = (
        select(User.name, AttendanceEvent.state, AttendanceEvent.means)
        .join(Enrolment, Enrolment.id == AttendanceEvent.enrolment_id)
        .join(User, User.id == Enrolment.user_id)
        .order_by(AttendanceEvent.id)
    )
    return [(name, state, means) for name, state, means in db.session.execute(query)]


def reload(training: TrainingSession) -> TrainingSession:
    db.session.rollback()
    return db.session.get_one(TrainingSession, training.id)
