"""Who missed sessions without a word."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.training.models import Meeting
from app.training.seats.models import Enrolment
from app.training.seats.presence import Attendance, Presence
from app.training.seats.rules import Seat

# Whoever missed so many sessions in so long a time stands behind those who did not, where a coach switched that on.
MANY = 2
WITHIN = timedelta(days=180)


def count_missed(session: Session, user_id: int, *, now: datetime) -> int:
    """In how many sessions of the last WITHIN the person had a seat, was not there at any meeting, and had not said so."""
    was_there = Attendance.state != Presence.ABSENT
    missed = (
        select(Enrolment.id)
        .join(Attendance, Attendance.enrolment_id == Enrolment.id)
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(Enrolment.user_id == user_id, Enrolment.state == Seat.CONFIRMED, Meeting.starts_at > now - WITHIN)
        .group_by(Enrolment.id)
        .having(func.count().filter(was_there) == 0)
    )
    return session.execute(select(func.count()).select_from(missed.subquery())).scalar_one()
