"""How one person stands to one session, with all that the button and the panel need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Integer, ScalarSelect, Select, and_, bindparam, func, select, union
from sqlalchemy.orm import aliased

from app.accounts.models import Membership, User
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.training.models import TrainingCoach, TrainingSession
from app.training.policy import can_edit, can_join
from app.training.queries import NO_SUCH_SESSION, SEATS, Reader, leads_of, visible
from app.training.seats.ledger import held_for, is_not_behind
from app.training.seats.models import Enrolment, HeadStart, SeatHold
from app.training.seats.rules import Place, Seat, Seats, Standing, standing


@dataclass(frozen=True)
class Admission:
    """How one person stands to one session, with what the button and the link need. `link` is empty for whoever may not
    join.
    """

    id: int
    slug: str
    title: str
    standing: Standing
    seats: Seats
    place: Place | None
    own_held: int
    may_edit: bool
    link: str
    kind: str
    state: str
    starts_at: datetime
    ends_at: datetime
    signup_opens_at: datetime | None
    signup_closes_at: datetime | None
    needs_approval: bool
    waiting: str
    minimum: int | None
    decide_at: datetime | None
    decided_at: datetime | None


def list_admissions(user: User | None, ids: Iterable[int], *, now: datetime) -> Mapping[int, Admission]:
    """How `user` stands to those of the sessions that are visible, by id. One query."""
    rows = db.session.execute(_admissions(Reader.of(user), "ids"), {"who": user.id if user else 0, "ids": list(ids)})
    return {row.id: _admission(user, row, now) for row in rows}


def list_ties(user: User) -> frozenset[int]:
    """The ids of the sessions in which `user` has a place, a head start, or seats held for a team, or which the person runs
    or made. Towards all others the person stands as anybody does.
    """
    return frozenset(db.session.connection().execute(_TIES, {"of": user.id}).scalars())


_TIES = union(
    select(Enrolment.training_id).where(Enrolment.user_id == bindparam("of"), Enrolment.state != Seat.CANCELLED),
    select(TrainingCoach.training_id).where(TrainingCoach.user_id == bindparam("of")),
    select(TrainingSession.id).where(TrainingSession.created_by_id == bindparam("of")),
    select(HeadStart.training_id).where(HeadStart.user_id == bindparam("of")),
    select(SeatHold.training_id)
    .join(Membership, Membership.team_id == SeatHold.team_id)
    .where(Membership.user_id == bindparam("of")),
)


def get_admission(user: User | None, slug: str, *, now: datetime) -> Admission:
    """How `user` stands to the session. Raises NotFoundError where it is not visible."""
    query = _admissions(Reader.of(user), "slug")
    row = db.session.execute(query, {"who": user.id if user else 0, "slug": slug}).one_or_none()
    if row is None:
        raise NotFoundError(NO_SUCH_SESSION)
    return _admission(user, row, now)


_COLUMNS = [
    getattr(TrainingSession, name)
    for name in (
        "id slug title kind state starts_at ends_at signup_opens_at signup_closes_at head_start_at needs_approval waiting "
        "minimum decide_at decided_at created_by_id link capacity"
    ).split()
]


@cache
def _admissions(reader: Reader, by: str) -> Select[*tuple[Any, ...]]:
    """The statement with the parameters `who` and `slug` or `ids`. Built once: building it takes longer than the rest
    of the page.
    """
    who: BindParameter[int] = bindparam("who", type_=Integer)
    ahead = aliased(Enrolment)
    position = (
        select(func.count())
        .select_from(ahead)
        .where(ahead.training_id == Enrolment.training_id, ahead.state == Seat.WAITING, is_not_behind(ahead, Enrolment))
        .correlate(Enrolment)
        .scalar_subquery()
    )
    mine = and_(
        Enrolment.training_id == TrainingSession.id, Enrolment.user_id == who, Enrolment.state != Seat.CANCELLED
    )
    wanted = {
        "slug": TrainingSession.slug == bindparam("slug"),
        "ids": TrainingSession.id.in_(bindparam("ids", expanding=True)),
    }
    return (
        visible(reader, who)
        .where(wanted[by])
        .outerjoin(Enrolment, mine)
        .with_only_columns(
            *_COLUMNS,
            *SEATS,
            leads_of(who).label("leads"),
            _early(who).label("early"),
            _own_held(who).label("own_held"),
            Enrolment.state.label("seat"),
            Enrolment.offer_until,
            Enrolment.is_behind,
            position.label("position"),
        )
    )


def _early(who: BindParameter[int]) -> ColumnElement[bool]:
    """Has the person a head start?"""
    return (
        select(HeadStart.user_id)
        .where(HeadStart.training_id == TrainingSession.id, HeadStart.user_id == who)
        .correlate(TrainingSession)
        .exists()
    )


def _own_held(who: BindParameter[int]) -> ScalarSelect[int]:
    """How many seats are held for the person's teams and not taken yet."""
    return (
        select(func.coalesce(func.sum(held_for()), 0))
        .join(Membership, Membership.team_id == SeatHold.team_id)
        .where(SeatHold.training_id == TrainingSession.id, Membership.user_id == who)
        .correlate(TrainingSession)
        .scalar_subquery()
    )


@dataclass(frozen=True)
class _Run:
    """What `policy` asks of a session, from a row that holds only the asking person's part of it."""

    state: str
    created_by_id: int | None
    coach_ids: frozenset[int]


def _admission(user: User | None, row: Any, now: datetime) -> Admission:
    seats = Seats(row.capacity, row.confirmed, row.waiting_count, row.offered, row.held)
    place = _place(row) if row.seat else None
    run = _Run(row.state, row.created_by_id, frozenset({user.id} if user is not None and row.leads else ()))
    may_edit = user is not None and can_edit(user, run)
    joins = can_join(user, run, has_seat=place is not None and place.seat is Seat.CONFIRMED)
    stands = standing(
        row, seats, place, leads=bool(row.leads), now=now, is_early=bool(row.early), own_held=row.own_held
    )
    same = {name: getattr(row, name) for name in _SAME}
    return Admission(
        standing=stands,
        seats=seats,
        place=place,
        own_held=row.own_held,
        may_edit=may_edit,
        link=row.link if joins else "",
        **same,
    )


# What an admission takes over from the session as it is.
_SAME = (
    "id slug title kind state starts_at ends_at signup_opens_at signup_closes_at needs_approval waiting minimum decide_at "
    "decided_at"
).split()


def _place(row: Any) -> Place:
    position = row.position if row.seat == Seat.WAITING else None
    return Place(Seat(row.seat), position, row.offer_until, behind=bool(row.is_behind))
