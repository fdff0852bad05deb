"""How the seats of a session are given out, as its coaches choose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.errors import ConflictError, InvalidInputError
from app.training.models import TrainingSession
from app.training.rules import MAX_OFFER_HOURS, State, Waiting
from app.training.seats import ledger
from app.training.seats.filling import fill_seats


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`offer_hours` is the time to answer an offer; with a `minimum` it is decided at `decide_at` whether the session takes place."""

    needs_approval: bool
    waiting: Waiting
    offer_hours: int
    absentees_last: bool
    minimum: int | None
    decide_at: datetime | None


def change_settings(
    session: Session, training_id: int, settings: Settings, *, revision: int, actor: User, now: datetime
) -> None:
    """Give seats out in another way from now on; places and offers that are there stay. A new day of decision is decided anew.

    Raises InvalidInputError for what makes no sense, ConflictError for a cancelled session, and where somebody else changed the
    session since `revision`.
    """
    training = ledger.lock(session, training_id)
    if training.state == State.CANCELLED:
        raise ConflictError(_l("This session is cancelled and stays as it is."))
    if training.revision != revision:
        raise ConflictError(
            _l("Somebody else changed this session while you did. Look at what it says now, and save again.")
        )
    _check(training, settings)
    if (training.minimum, training.decide_at) != (settings.minimum, settings.decide_at):
        training.decided_at = training.decision_asked_at = None
    training.needs_approval, training.waiting = settings.needs_approval, settings.waiting
    training.offer_hours, training.absentees_last = settings.offer_hours, settings.absentees_last
    training.minimum, training.decide_at = settings.minimum, settings.decide_at
    training.revision += 1
    training.updated_at = now
    session.flush()
    fill_seats(session, training, by_id=actor.id, now=now)


def _check(training: TrainingSession, settings: Settings) -> None:
    if not 1 <= settings.offer_hours <= MAX_OFFER_HOURS:
        raise InvalidInputError(_l("Choose between 1 hour and 14 days (336 hours)."), field="offer_hours")
    if settings.minimum is not None and not 1 <= settings.minimum <= training.capacity:
        raise InvalidInputError(_l("Choose a number between 1 and the number of seats."), field="minimum")
    if settings.minimum is not None and settings.decide_at is None:
        raise InvalidInputError(_l("Say when it is decided."), field="decide_at")
    if settings.minimum is None and settings.decide_at is not None:
        raise InvalidInputError(_l("Say how many have to come, or leave the day empty."), field="minimum")
    if settings.decide_at is not None and settings.decide_at >= training.starts_at:
        raise InvalidInputError(_l("Decide before the session starts."), field="decide_at")
