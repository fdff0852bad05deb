"""Seats that became free go to those who wait: at once, or by an offer with a deadline that passes on when it lapses."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.errors import ConflictError, NotFoundError
from app.notifications.service import notify
from app.training.models import TrainingSession
from app.training.rules import Waiting
from app.training.seats import ledger
from app.training.seats.models import Enrolment
from app.training.seats.rules import Seat, SeatStep, can_still_leave
from app.training.seats.telling import announcement, invitation, ticket


def fill_seats(session: Session, training: TrainingSession, *, by_id: int | None, now: datetime) -> None:
    """Give or offer free seats to those who wait, in the order of the list, and tell them. `training` must be locked.

    Whoever waits with an account that was closed meanwhile loses the place instead.
    """
    if not can_still_leave(training, now):
        return
    left = ledger.count(session, training, 0).seats.left
    while left > 0:
        found = ledger.list_where(session, training.id, Enrolment.state == Seat.WAITING, limit=left)
        if not found:
            return
        for enrolment in found:
            if enrolment.user.disabled_at is not None:
                ledger.take_step(session, enrolment, SeatStep.LEAVE, by_id=by_id, now=now)
                continue
            _pass_on(session, training, enrolment, by_id=by_id, now=now)
            left -= 1


def _pass_on(
    session: Session, training: TrainingSession, enrolment: Enrolment, *, by_id: int | None, now: datetime
) -> None:
    if training.waiting == Waiting.PROMOTION:
        ledger.take_step(session, enrolment, SeatStep.PROMOTE, by_id=by_id, now=now)
        notify(session, enrolment.user, "seat promoted", {**invitation(training), **ticket(enrolment)}, now=now)
        return
    until = min(now + timedelta(hours=training.offer_hours), training.starts_at)
    ledger.take_step(session, enrolment, SeatStep.OFFER, by_id=by_id, now=now, until=until)
    params = {**announcement(training), **ticket(enrolment), "until": until.isoformat()}
    notify(session, enrolment.user, "seat offered", params, now=now)


def accept(session: Session, training_id: int, *, actor: User, now: datetime) -> None:
    """Take the seat that was offered. Nothing happens for whoever has it already.

    Raises ConflictError where there is no offer any more.
    """
    training, enrolment = _own(session, training_id, actor)
    if enrolment.state == Seat.CONFIRMED:
        return
    if enrolment.offer_until is None or enrolment.offer_until <= now or not can_still_leave(training, now):
        raise ConflictError(
            _l("This offer is no longer open, and the seat has been passed on. You can join the list again.")
        )
    ledger.take_step(session, enrolment, SeatStep.ACCEPT, by_id=actor.id, now=now)
    notify(session, actor, "seat confirmed", {**invitation(training), **ticket(enrolment)}, now=now)


def decline(session: Session, training_id: int, *, actor: User, now: datetime) -> None:
    """Say no to an offer; the next one is asked. Nothing happens where there is none. Raises NotFoundError without a place."""
    training, enrolment = _own(session, training_id, actor)
    if enrolment.state == Seat.OFFERED:
        ledger.take_step(session, enrolment, SeatStep.DECLINE, by_id=actor.id, now=now)
        fill_seats(session, training, by_id=actor.id, now=now)


def _own(session: Session, training_id: int, actor: User) -> tuple[TrainingSession, Enrolment]:
    training = ledger.lock(session, training_id)
    enrolment = ledger.find(session, training_id, actor.id)
    if enrolment is None:
        raise NotFoundError(_l("You have no place in this session."))
    return training, enrolment


def list_lapsed(session: Session, now: datetime) -> list[int]:
    """The sessions in which an offer has lapsed."""
    query = (
        select(Enrolment.training_id).where(Enrolment.state == Seat.OFFERED, Enrolment.offer_until <= now).distinct()
    )
    return list(session.execute(query).scalars())


def lapse(session: Session, training_id: int, *, now: datetime) -> int:
    """End the offers of a session that were not answered in time, and pass their seats on. Returns how many lapsed."""
    training = ledger.lock(session, training_id)
    is_late = (Enrolment.state == Seat.OFFERED) & (Enrolment.offer_until <= now)
    found = ledger.list_where(session, training_id, is_late)
    for enrolment in found:
        ledger.take_step(session, enrolment, SeatStep.LAPSE, by_id=None, now=now)
        if can_still_leave(training, now):
            notify(session, enrolment.user, "offer lapsed", announcement(training), now=now)
    fill_seats(session, training, by_id=None, now=now)
    return len(found)
