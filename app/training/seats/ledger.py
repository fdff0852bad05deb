"""The rows of a session's places: locked, counted, and changed by the table of steps. Everything that touches a seat goes
through here.

Whoever acts on the seats of a session locks the session's row first (on SQLite the transaction has locked everything when
it began), so that what is counted next stays true until the commit: never one seat too many, never one lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, ScalarSelect, and_, bindparam, case, func, not_, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager

from app.accounts.models import Membership
from app.kernel.db import add_row
from app.kernel.errors import ConflictError, NotFoundError
from app.kernel.state import WrongStepError
from app.training.models import TrainingCoach, TrainingSession
from app.training.seats.models import Enrolment, EnrolmentEvent, HeadStart, SeatHold, SignupQuestion
from app.training.seats.rules import SEAT_STEPS, Offered, Place, Seat, Seats, SeatStep

TAKES_A_SEAT = (Seat.CONFIRMED, Seat.OFFERED)


def lock(session: Session, training_id: int) -> TrainingSession:
    """The session as it is now, and as it stays until this transaction ends. Raises NotFoundError."""
    claim(session, training_id)
    return session.get_one(TrainingSession, training_id, populate_existing=True)


def claim(session: Session, training_id: int) -> Any:
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


def held_for(hold: type[SeatHold] = SeatHold) -> ColumnElement[int]:
    """How many seats of the surrounding query's hold its team has not taken yet."""
    other = aliased(Enrolment)
    taken = (
        select(func.count())
        .select_from(other)
        .where(other.hold_id == hold.id, other.state.in_(TAKES_A_SEAT))
        .correlate(hold)
        .scalar_subquery()
    )
    return case((hold.seats > taken, hold.seats - taken), else_=0)


def held_in(training_id: Any) -> ScalarSelect[int]:
    """How many seats of the session with that id are held for teams and not taken yet."""
    hold = aliased(SeatHold)
    return select(func.coalesce(func.sum(held_for(hold)), 0)).where(hold.training_id == training_id).scalar_subquery()


@dataclass(frozen=True)
class Count:
    """What one look at the places of a session tells: how full it is, the last number given out, whether questions are
    asked, and of one person, whether they are a coach of it and whether they have or had a place.
    """

    seats: Seats
    last: int
    asks: bool
    leads: bool
    has_been_here: bool


def count(session: Session, training: Offered, user_id: int) -> Count:
    row = session.connection().execute(_COUNT, {"of": training.id, "who": user_id}).one()
    confirmed, waiting, offered, held, last, asks, leads, own = row
    seats = Seats(training.capacity, confirmed, waiting, offered, held)
    return Count(seats, last, bool(asks), bool(leads), own > 0)


_COUNT = select(
    func.count().filter(Enrolment.state == Seat.CONFIRMED),
    func.count().filter(Enrolment.state == Seat.WAITING),
    func.count().filter(Enrolment.state == Seat.OFFERED),
    held_in(bindparam("of")),
    func.coalesce(func.max(Enrolment.queue), 0),
    select(SignupQuestion.id).where(SignupQuestion.training_id == bindparam("of")).exists(),
    select(TrainingCoach.user_id)
    .where(TrainingCoach.training_id == bindparam("of"), TrainingCoach.user_id == bindparam("who"))
    .exists(),
    func.count().filter(Enrolment.user_id == bindparam("who")),
).where(Enrolment.training_id == bindparam("of"))


def find_hold(session: Session, training_id: int, user_id: int) -> int | None:
    """A hold of one of the person's teams in which a seat is left."""
    query = (
        select(SeatHold.id)
        .join(Membership, Membership.team_id == SeatHold.team_id)
        .where(SeatHold.training_id == training_id, Membership.user_id == user_id, held_for() > 0)
        .order_by(SeatHold.id)
        .limit(1)
    )
    return session.execute(query).scalar_one_or_none()


def hold_of_team(session: Session, training_id: int, team_id: int) -> tuple[int | None, int]:
    """The team's hold and how many of its seats are left; (None, 0) where nothing is held for it."""
    query = select(SeatHold.id, held_for()).where(SeatHold.training_id == training_id, SeatHold.team_id == team_id)
    row = session.execute(query).one_or_none()
    return (row[0], row[1]) if row else (None, 0)


def is_early(session: Session, training_id: int, user_id: int) -> bool:
    """Has the person a head start at the sign-up of this session?"""
    query = select(HeadStart.user_id).where(HeadStart.training_id == training_id, HeadStart.user_id == user_id)
    return session.execute(query).first() is not None


def find(session: Session, training_id: int, user_id: int) -> Enrolment | None:
    """The person's row, read afresh."""
    return session.execute(
        select(Enrolment)
        .where(Enrolment.training_id == training_id, Enrolment.user_id == user_id)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def place_of(session: Session, enrolment: Enrolment | None) -> Place | None:
    if enrolment is None or enrolment.state == Seat.CANCELLED:
        return None
    seat = Seat(enrolment.state)
    position = _position(session, enrolment) if seat is Seat.WAITING else None
    return Place(seat, position, enrolment.offer_until, behind=enrolment.is_behind)


def _position(session: Session, enrolment: Enrolment) -> int:
    own, other = aliased(Enrolment), aliased(Enrolment)
    ahead = (
        select(func.count())
        .select_from(other)
        .join(own, own.training_id == other.training_id)
        .where(own.id == enrolment.id, other.state == Seat.WAITING, is_not_behind(other, own))
    )
    return session.execute(ahead).scalar_one()


def is_not_behind(other: Any, own: Any) -> ColumnElement[bool]:
    """Does `other` stand before `own` on the waiting list, or is it the same? Both are columns of enrolments."""
    return or_(
        and_(not_(other.is_behind), own.is_behind), and_(other.is_behind == own.is_behind, other.queue <= own.queue)
    )


def come_in(
    session: Session,
    training_id: int,
    enrolment: Enrolment | None,
    step: SeatStep,
    *,
    by_id: int,
    now: datetime,
    **place: Any,
) -> int:
    """Give somebody a place at the end of the line; `place` has the other columns. Whoever was here before has a row already.
    Returns its id.
    """
    if enrolment is not None:
        enrolment.enrolled_at = now
        for name, value in place.items():
            setattr(enrolment, name, value)
        take_step(session, enrolment, step, by_id=by_id, now=now)
        return enrolment.id
    state = SEAT_STEPS.after(Seat.CANCELLED, step)
    enrolment_id = add_row(
        session, Enrolment, training_id=training_id, state=state, enrolled_at=now, changed_at=now, **place
    )
    note_step(session, enrolment_id, step, state, by_id=by_id, now=now)
    return enrolment_id


def take_step(
    session: Session,
    enrolment: Enrolment,
    step: SeatStep,
    *,
    by_id: int | None,
    now: datetime,
    until: datetime | None = None,
    reason: str = "",
) -> None:
    """Change the state of a place by the table, and write it into its history. `until` is for an offer. Raises ConflictError for
    a step that the table lacks.
    """
    try:
        state = SEAT_STEPS.after(Seat(enrolment.state), step)
    except WrongStepError:
        raise ConflictError(_l("Somebody was faster: this place is not what it was. Look at the page again.")) from None
    enrolment.state, enrolment.changed_at, enrolment.offer_until = state, now, until
    if state == Seat.CANCELLED:
        enrolment.hold_id = None
    session.flush()
    note_step(session, enrolment.id, step, state, by_id=by_id, now=now, reason=reason)


def note_step(
    session: Session,
    enrolment_id: int,
    step: SeatStep,
    state: Seat,
    *,
    by_id: int | None,
    now: datetime,
    reason: str = "",
) -> None:
    add_row(
        session, EnrolmentEvent, enrolment_id=enrolment_id, step=step, state=state, at=now, by_id=by_id, reason=reason
    )


def list_places(session: Session, training: TrainingSession) -> list[Enrolment]:
    """Everybody with a place of any sort, in the order of the waiting list, with the person."""
    return list_where(session, training.id, Enrolment.state != Seat.CANCELLED)


def list_where(
    session: Session, training_id: int, *conditions: ColumnElement[bool], limit: int | None = None
) -> list[Enrolment]:
    """Places of a session in the order of the waiting list, read afresh, with the person."""
    query = (
        select(Enrolment)
        .join(Enrolment.user)
        .where(Enrolment.training_id == training_id, *conditions)
        .options(contains_eager(Enrolment.user))
        .order_by(Enrolment.is_behind, Enrolment.queue)
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return list(session.execute(query).unique().scalars())
