"""Giving somebody a seat who stands in the room."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.db import add_row
from app.kernel.errors import ConflictError, NotFoundError
from app.training.seats.models import Enrolment, EnrolmentEvent
from app.training.seats.rules import SEAT_STEPS, Seat, SeatStep
from app.training.seats.taking import lock


def admit(session: Session, training_id: int, user_id: int, *, reason: str, actor: User, now: datetime) -> None:
    """Give `user_id` a seat whatever the list says; whoever has one keeps it. Raises NotFoundError without an open account,
    ConflictError for a coach of the session.
    """
    training = lock(session, training_id)
    person = session.get(User, user_id)
    if person is None or not person.is_active:
        raise NotFoundError(_l("There is no such person."))
    if user_id in training.coach_ids:
        raise ConflictError(_l("This is a coach of the session, who needs no seat."))
    enrolment = session.execute(
        select(Enrolment).where(Enrolment.training_id == training_id, Enrolment.user_id == user_id)
    ).scalar_one_or_none()
    if enrolment is None:
        last = session.execute(
            select(func.max(Enrolment.queue)).where(Enrolment.training_id == training_id)
        ).scalar_one()
        enrolment = Enrolment(
            training_id=training_id,
            user_id=user_id,
            state=Seat.CANCELLED,
            queue=(last or 0) + 1,
            enrolled_at=now,
            changed_at=now,
        )
        session.add(enrolment)
    if enrolment.state == Seat.CONFIRMED:
        return
    enrolment.state = SEAT_STEPS.after(Seat(enrolment.state), SeatStep.ADMIT)
    enrolment.offer_until, enrolment.changed_at = None, now
    session.flush()
    step = {"step": SeatStep.ADMIT, "state": enrolment.state, "reason": reason, "at": now, "by_id": actor.id}
    add_row(session, EnrolmentEvent, enrolment_id=enrolment.id, **step)
