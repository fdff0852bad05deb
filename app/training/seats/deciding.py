"""What a coach decides about somebody's place. Whatever goes against the order of the list needs a reason, which is kept in the
history and told to the person.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from app.notifications.service import notify
from app.training.models import TrainingSession
from app.training.rules import MAX_REASON, State
from app.training.seats import ledger
from app.training.seats.filling import fill_seats
from app.training.seats.models import Enrolment
from app.training.seats.rules import Seat, SeatStep, can_still_leave
from app.training.seats.telling import announcement, invitation, ticket


def approve(session: Session, training_id: int, user_ids: Sequence[int], *, actor: User, now: datetime) -> int:
    """Say yes to these people's requests, in the order in which they asked: they get a seat while there are any, and then the next
    places on the waiting list. Returns how many were approved; whoever has not asked (any more) is passed over.

    Raises ConflictError once the session has begun or is cancelled.
    """
    training = _open(session, training_id, now)
    wanted = frozenset(user_ids)
    # A form can hold more numbers than a statement.
    asked = ledger.list_where(session, training_id, Enrolment.state == Seat.REQUESTED)
    found = [enrolment for enrolment in asked if enrolment.user_id in wanted]
    for enrolment in found:
        hold_id = ledger.find_hold(session, training_id, enrolment.user_id)
        if ledger.count(session, training, 0).seats.free or hold_id:
            enrolment.hold_id = hold_id
            ledger.take_step(session, enrolment, SeatStep.APPROVE, by_id=actor.id, now=now)
            notify(session, enrolment.user, "seat approved", {**invitation(training), **ticket(enrolment)}, now=now)
        else:
            ledger.take_step(session, enrolment, SeatStep.APPROVE_TO_WAIT, by_id=actor.id, now=now)
            place = ledger.place_of(session, enrolment)
            assert place is not None
            params = {**announcement(training), "position": place.position}
            notify(session, enrolment.user, "seat waiting", params, now=now)
    return len(found)


def admit(session: Session, training_id: int, user_id: int, *, reason: str, actor: User, now: datetime) -> Enrolment:
    """Give somebody a seat whatever the list says, and though all are taken; also on the day, to whoever walks in. Nothing
    happens for who has one. Raises InvalidInputError without a reason, ConflictError for a session that is no longer on.
    """
    _check_reason(reason)
    training = ledger.lock(session, training_id)
    if training.state != State.PUBLISHED:
        raise ConflictError(_l("Nobody can be let in: this session is not published, or cancelled."))
    person = session.get(User, user_id)
    if person is None or person.disabled_at is not None:
        raise NotFoundError(_l("There is nobody with this account any more."))
    found = ledger.count(session, training, user_id)
    if found.leads:
        raise ConflictError(_l("%(name)s runs this session and needs no seat.", name=person.name))
    enrolment = ledger.find(session, training_id, user_id)
    if enrolment is not None and enrolment.state == Seat.CONFIRMED:
        return enrolment
    if enrolment is None:
        enrolment = Enrolment(
            training_id=training_id,
            user_id=user_id,
            state=Seat.CANCELLED,
            queue=found.last + 1,
            enrolled_at=now,
            changed_at=now,
        )
        session.add(enrolment)
    elif enrolment.state == Seat.CANCELLED:
        enrolment.queue, enrolment.enrolled_at = found.last + 1, now
    ledger.take_step(session, enrolment, SeatStep.ADMIT, by_id=actor.id, now=now, reason=reason.strip())
    if can_still_leave(training, now):
        params = {**invitation(training), **ticket(enrolment), "reason": reason.strip()}
        notify(session, person, "seat given", params, now=now)
    return enrolment


def take_off(session: Session, training_id: int, user_id: int, *, reason: str, actor: User, now: datetime) -> None:
    """Take somebody's seat or place on the list away, or say no to a request; a seat goes to the next one. Raises InvalidInputError without a reason,
    ConflictError where there is no place (any more), or the session has begun.
    """
    _check_reason(reason)
    training = _open(session, training_id, now)
    enrolment = _get(session, training_id, user_id)
    is_request = enrolment.state == Seat.REQUESTED
    step, kind = (SeatStep.REFUSE, "seat refused") if is_request else (SeatStep.TAKE_OFF, "seat taken away")
    ledger.take_step(session, enrolment, step, by_id=actor.id, now=now, reason=reason.strip())
    notify(session, enrolment.user, kind, {**announcement(training), "reason": reason.strip()}, now=now)
    fill_seats(session, training, by_id=actor.id, now=now)


def release(session: Session, training: TrainingSession, user_ids: set[int], *, by: User, now: datetime) -> None:
    """Take these people's places back: they have become coaches of the session. `training` must be locked."""
    if not user_ids:
        return
    query = select(Enrolment).where(
        Enrolment.training_id == training.id, Enrolment.user_id.in_(user_ids), Enrolment.state != Seat.CANCELLED
    )
    for enrolment in session.execute(query).scalars():
        ledger.take_step(session, enrolment, SeatStep.LEAVE, by_id=by.id, now=now)


def _open(session: Session, training_id: int, now: datetime) -> TrainingSession:
    training = ledger.lock(session, training_id)
    if not can_still_leave(training, now):
        raise ConflictError(_l("This session has begun or is cancelled; places stay as they are."))
    return training


def _get(session: Session, training_id: int, user_id: int) -> Enrolment:
    enrolment = ledger.find(session, training_id, user_id)
    if enrolment is None:
        raise NotFoundError(_l("This person has no place in the session."))
    return enrolment


def _check_reason(reason: str) -> None:
    if not reason.strip() or len(reason) > MAX_REASON:
        raise InvalidInputError(_l("Say why in at most 500 characters; the person will read it."), field="reason")
