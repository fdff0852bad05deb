"""Sessions that lie behind, and who was there. Each function opens its own transaction, so a test reads like a story."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.kernel.db import db, transaction
from app.training.feedback.rules import Answer, seal_of
from app.training.feedback.service import give
from app.training.models import TrainingSession
from app.training.seats.models import Enrolment
from app.training.seats.presence import Attendance, Means, Presence
from tests.factories.training import DAY, NOW, make_training, sign_up

SECRET = "tests only tests only tests only 0123456789"
HOUR = timedelta(hours=1)


def make_past(
    coach: User, *people: User, ended: datetime = NOW - HOUR, meetings: int = 1, **given: Any
) -> TrainingSession:
    """A session of so many meetings, one a day, of which the last one ended then. The people had seats."""
    times = [(ended - number * DAY - 2 * HOUR, ended - number * DAY) for number in reversed(range(meetings))]
    training = make_training(coach, starts_at=times[0][0], ends_at=ended, meetings=times, **given)
    sign_up(training, *people, now=times[0][0] - DAY)
    return training


def mark(training: TrainingSession, person: User, *states: Presence | None) -> None:
    """Say of each meeting in turn whether the person was there; None says nothing, or takes back what was said."""
    with transaction() as session:
        training = session.get_one(TrainingSession, training.id)
        enrolment = session.execute(
            select(Enrolment).where(Enrolment.training_id == training.id, Enrolment.user_id == person.id)
        ).scalar_one()
        for meeting, state in zip(training.meetings, states, strict=False):
            row = session.execute(
                select(Attendance).where(Attendance.meeting_id == meeting.id, Attendance.enrolment_id == enrolment.id)
            ).scalar_one_or_none()
            if state is None:
                if row is not None:
                    session.delete(row)
            elif row is not None:
                row.state = state
            else:
                row = Attendance(meeting_id=meeting.id, enrolment_id=enrolment.id, state=state)
                row.means, row.at = Means.ROSTER, meeting.starts_at
                session.add(row)


def say(training: TrainingSession, person: User, *scores: int, text: str = "", now: datetime = NOW) -> None:
    """The person gives these scores for content, trainer and usefulness."""
    content, trainer, usefulness = scores
    answer = Answer(content=content, trainer=trainer, usefulness=usefulness, text=text)
    training_id, user_id = training.id, person.id
    with transaction() as session:
        give(session, training_id, answer, user_id=user_id, seal=seal_of(SECRET, training_id, user_id), now=now)


def count_rows(model: type) -> int:
    db.session.rollback()
    return len(db.session.execute(select(model)).unique().scalars().all())
