"""Who was there, for tests: what any way of taking attendance leaves behind."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.accounts.models import User
from app.kernel.db import transaction
from app.training.models import Meeting, TrainingSession
from app.training.seats.models import Enrolment
from app.training.seats.presence import Attendance, Means


def note_presence(training: TrainingSession, person: User, *states: str | None) -> None:
    """What became known of `person` at each meeting in turn; None for nothing."""
    training_id, user_id = training.id, person.id
    with transaction() as session:
        place = session.execute(
            select(Enrolment).where(Enrolment.training_id == training_id, Enrolment.user_id == user_id)
        ).scalar_one()
        query = select(Meeting).where(Meeting.training_id == training_id).order_by(Meeting.starts_at)
        for meeting, state in zip(session.execute(query).scalars(), states, strict=False):
            if state is not None:
                at = meeting.starts_at + timedelta(minutes=5)
                session.add(
                    Attendance(meeting_id=meeting.id, enrolment_id=place.id, state=state, means=Means.ROSTER, at=at)
                )
