"""A minimum to take place: on the day of the decision everybody hears that it goes ahead, or the coaches have to decide."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.errors import ConflictError
from app.notifications.service import notify
from app.training.models import TrainingSession
from app.training.rules import State
from app.training.seats import ledger
from app.training.seats.models import Enrolment
from app.training.seats.rules import Seat
from app.training.seats.telling import announcement, invitation


def list_to_decide(session: Session, now: datetime) -> list[int]:
    """The sessions whose day of decision has come, and of which nobody has said yet whether they take place."""
    query = select(TrainingSession.id).where(
        TrainingSession.state == State.PUBLISHED,
        TrainingSession.decide_at <= now,
        TrainingSession.starts_at > now,
        TrainingSession.decided_at.is_(None),
        TrainingSession.decision_asked_at.is_(None),
    )
    return list(session.execute(query).scalars())


def decide(session: Session, training_id: int, *, now: datetime) -> None:
    """It goes ahead where enough have a seat. Where not, its coaches are asked, once."""
    training = ledger.lock(session, training_id)
    if training_id not in list_to_decide(session, now):
        return
    confirmed = ledger.count(session, training, 0).seats.confirmed
    if confirmed >= (training.minimum or 0):
        _say_it_goes_ahead(session, training, now)
        return
    training.decision_asked_at = now
    params = {**announcement(training), "confirmed": confirmed, "minimum": training.minimum}
    for coach in training.coaches:
        notify(session, coach, "training short", params, now=now)
    session.flush()


def go_ahead(session: Session, training_id: int, *, now: datetime) -> None:
    """A coach says that it takes place, however few come. Raises ConflictError where there is nothing to decide."""
    training = ledger.lock(session, training_id)
    if training.minimum is None or training.decided_at is not None or training.state != State.PUBLISHED:
        raise ConflictError(_l("There is nothing to decide about this session any more."))
    if training.starts_at <= now:
        raise ConflictError(_l("This session has begun."))
    _say_it_goes_ahead(session, training, now)


def _say_it_goes_ahead(session: Session, training: TrainingSession, now: datetime) -> None:
    training.decided_at = now
    session.flush()
    for enrolment in ledger.list_where(session, training.id, Enrolment.state == Seat.CONFIRMED):
        notify(session, enrolment.user, "training goes ahead", invitation(training), now=now)
