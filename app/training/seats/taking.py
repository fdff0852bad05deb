"""Taking a seat, leaving it, moving up. Each function is one action; the caller opens the transaction.

Whoever acts on the seats of a session locks the session's row first (on SQLite the transaction has locked everything when
it began), so that what is counted next stays true until the commit: never one seat too many, never one lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, contains_eager

from app.accounts.models import User
from app.kernel.db import add_row
from app.kernel.errors import ConflictError, NotFoundError
from app.notifications.service import Recipient, notify
from app.training.models import TrainingCoach, TrainingSession
from app.training.seats.missing import MANY, count_missed
from app.training.seats.models import Enrolment, EnrolmentEvent
from app.training.seats.rules import (
    REFUSALS,
    SEAT_STEPS,
    Offered,
    Place,
    Seat,
    Seats,
    SeatStep,
    Standing,
    can_still_leave,
    standing,
)


def lock(session: Session, training_id: int) -> TrainingSession:
    """The session as it is now, and as it stays until this transaction ends. Raises NotFoundError."""
    _claim(session, training_id)
    return session.get_one(TrainingSession, training_id, populate_existing=True)


def _claim(session: Session, training_id: int) -> Any:
    """Lock the session and return its bare columns, which is all that a sign-up needs. Raises NotFoundError."""
    columns = session.connection().execute(_CLAIM, {"of": training_id}).one_or_none()
    if columns is None:
        raise NotFoundError(_l("There is no such session."))
    return columns


# Statements are built once: building them took a third of the time of a sign-up, all of it under the lock.
_SESSIONS = TrainingSession.__table__.c
_NEEDED = (
    "id slug title state capacity starts_at ends_at signup_opens_at signup_closes_at head_start_at needs_approval "
    "absentees_last time_zone place link"
).split()
_CLAIM = select(*(_SESSIONS[name] for name in _NEEDED)).where(_SESSIONS.id == bindparam("of")).with_for_update()


def enrol(session: Session, training_id: int, *, actor: Recipient, now: datetime) -> Place:
    """Take a seat, or the last place of the waiting list. Whoever has a place keeps it, and is told nothing twice.

    Raises ConflictError where sign-up is not open to this person.
    """
    training = _claim(session, training_id)
    count = _count(session, training, actor.id)
    enrolment = _find(session, training_id, actor.id) if count.has_been_here else None
    place = _place_of(session, enrolment)
    now_stands = standing(training, count.seats, place, leads=count.leads, now=now)
    if place is not None and now_stands in {Standing.SEATED, Standing.QUEUED}:
        return place
    if now_stands in REFUSALS:
        raise ConflictError(REFUSALS[now_stands])
    step = SeatStep.TAKE if now_stands is Standing.FREE else SeatStep.QUEUE
    is_behind = training.absentees_last and count_missed(session, actor.id, now=now) >= MANY
    _come_in(session, training_id, enrolment, step, queue=count.last + 1, is_behind=is_behind, by=actor, now=now)
    if step is SeatStep.TAKE:
        place = Place(Seat.CONFIRMED)
        notify(session, actor, "seat confirmed", invitation(training), now=now)
    else:
        place = Place(Seat.WAITING, count.seats.waiting + 1)
        notify(session, actor, "seat waiting", {**announcement(training), "position": place.position}, now=now)
    return place


def withdraw(session: Session, training_id: int, *, actor: User, now: datetime) -> None:
    """Give the place back; the next one on the waiting list gets the seat. Nothing happens without a place.

    Raises ConflictError once the session has begun or is cancelled.
    """
    training = lock(session, training_id)
    enrolment = _find(session, training_id, actor.id)
    if enrolment is None or enrolment.state == Seat.CANCELLED:
        return
    if not can_still_leave(training, now):
        raise ConflictError(_l("This session has begun or is cancelled; your place stays as it is."))
    _take_step(session, enrolment, SeatStep.LEAVE, by=actor, now=now)
    session.flush()
    fill_seats(session, training, by=actor, now=now)


def fill_seats(session: Session, training: TrainingSession, *, by: User, now: datetime) -> None:
    """Give free seats to those who wait, first come first served, and tell them. `training` must be locked.

    Whoever waits with an account that was closed meanwhile loses the place instead.
    """
    if not can_still_leave(training, now):
        return
    free = training.capacity - _count(session, training, by.id).seats.confirmed
    while free > 0:
        waiting = list(session.execute(_first_waiting(training.id, free)).unique().scalars())
        if not waiting:
            return
        for enrolment in waiting:
            if enrolment.user.disabled_at is None:
                _take_step(session, enrolment, SeatStep.PROMOTE, by=by, now=now)
                notify(session, enrolment.user, "seat promoted", invitation(training), now=now)
                free -= 1
            else:
                _take_step(session, enrolment, SeatStep.LEAVE, by=by, now=now)
        session.flush()


def release(session: Session, training: TrainingSession, user_ids: set[int], *, by: User, now: datetime) -> None:
    """Take these people's places back: they have become coaches of the session. `training` must be locked."""
    if not user_ids:
        return
    query = select(Enrolment).where(
        Enrolment.training_id == training.id, Enrolment.user_id.in_(user_ids), Enrolment.state != Seat.CANCELLED
    )
    for enrolment in session.execute(query).scalars():
        _take_step(session, enrolment, SeatStep.LEAVE, by=by, now=now)
    session.flush()


def list_places(session: Session, training: TrainingSession) -> list[Enrolment]:
    """Everybody with a seat or on the waiting list, in the order of arrival, with the person."""
    query = _with_user(Enrolment.training_id == training.id, Enrolment.state != Seat.CANCELLED)
    return list(session.execute(query).unique().scalars())


def announcement(training: Offered) -> dict[str, Any]:
    """What a message says about a session to anybody."""
    return {
        "slug": training.slug,
        "title": training.title,
        "starts": training.starts_at.isoformat(),
        "ends": training.ends_at.isoformat(),
        "zone": training.time_zone,
        "place": training.place,
    }


def invitation(training: Offered) -> dict[str, Any]:
    """What a message says to somebody with a seat: how to get in, too."""
    return {**announcement(training), "link": training.link}


def _come_in(
    session: Session,
    training_id: int,
    enrolment: Enrolment | None,
    step: SeatStep,
    *,
    queue: int,
    is_behind: bool,
    by: Recipient,
    now: datetime,
) -> None:
    """Take a place at the end of the line. Whoever left before has a row already."""
    if enrolment is not None:
        enrolment.queue, enrolment.is_behind, enrolment.enrolled_at = queue, is_behind, now
        _take_step(session, enrolment, step, by=by, now=now)
        return
    state = SEAT_STEPS.after(Seat.CANCELLED, step)
    place = {"training_id": training_id, "user_id": by.id, "state": state, "queue": queue, "is_behind": is_behind}
    enrolment_id = add_row(session, Enrolment, **place, enrolled_at=now, changed_at=now)
    _note_step(session, enrolment_id, step, state, by=by, now=now)


def _take_step(session: Session, enrolment: Enrolment, step: SeatStep, *, by: Recipient, now: datetime) -> None:
    """Change the state of a place by the table, and write it into its history."""
    state = SEAT_STEPS.after(Seat(enrolment.state), step)
    enrolment.state, enrolment.changed_at = state, now
    session.flush()
    _note_step(session, enrolment.id, step, state, by=by, now=now)


def _note_step(
    session: Session, enrolment_id: int, step: SeatStep, state: Seat, *, by: Recipient, now: datetime
) -> None:
    add_row(session, EnrolmentEvent, enrolment_id=enrolment_id, step=step, state=state, at=now, by_id=by.id)


@dataclass(frozen=True)
class _Count:
    """What one look at the places of a session tells: how full it is, the last number given out, and of one person,
    whether they are a coach of it and whether they have or had a place.
    """

    seats: Seats
    last: int
    leads: bool
    has_been_here: bool


def _count(session: Session, training: Offered, user_id: int) -> _Count:
    confirmed, waiting, last, leads, own = (
        session.connection().execute(_COUNT, {"of": training.id, "who": user_id}).one()
    )
    return _Count(Seats(training.capacity, confirmed, waiting), last, bool(leads), own > 0)


_COUNT = select(
    func.count().filter(Enrolment.state == Seat.CONFIRMED),
    func.count().filter(Enrolment.state == Seat.WAITING),
    func.coalesce(func.max(Enrolment.queue), 0),
    select(TrainingCoach.user_id)
    .where(TrainingCoach.training_id == bindparam("of"), TrainingCoach.user_id == bindparam("who"))
    .exists(),
    func.count().filter(Enrolment.user_id == bindparam("who")),
).where(Enrolment.training_id == bindparam("of"))


def _find(session: Session, training_id: int, user_id: int) -> Enrolment | None:
    return session.execute(
        select(Enrolment)
        .where(Enrolment.training_id == training_id, Enrolment.user_id == user_id)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def _place_of(session: Session, enrolment: Enrolment | None) -> Place | None:
    if enrolment is None or enrolment.state == Seat.CANCELLED:
        return None
    if enrolment.state == Seat.CONFIRMED:
        return Place(Seat.CONFIRMED)
    ahead = select(func.count()).where(
        Enrolment.training_id == enrolment.training_id,
        Enrolment.state == Seat.WAITING,
        Enrolment.queue <= enrolment.queue,
    )
    return Place(Seat.WAITING, session.execute(ahead).scalar_one())


def _first_waiting(training_id: int, limit: int) -> Any:
    return _with_user(Enrolment.training_id == training_id, Enrolment.state == Seat.WAITING).limit(limit)


def _with_user(*conditions: Any) -> Any:
    return (
        select(Enrolment)
        .join(Enrolment.user)
        .where(*conditions)
        .options(contains_eager(Enrolment.user))
        .order_by(Enrolment.is_behind, Enrolment.queue)
        .execution_options(populate_existing=True)
    )
