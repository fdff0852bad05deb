"""Reading one session, its places, and how somebody stands to it. Lists are in `lists`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    union,
)
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload, undefer_group

from app.accounts.models import Membership, RoleGrant, User
from app.accounts.rules import Role
from app.capabilities.models import Capability
from app.coaches.models import Coach
from app.coaches.queries import visible_to as coaches_visible_to
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.training.models import TrainingCoach, TrainingSession
from app.training.policy import can_edit, is_administrator
from app.training.rules import State
from app.training.seats.ledger import held_for, held_in, is_not_behind
from app.training.seats.models import Enrolment, EnrolmentEvent, HeadStart, SeatHold
from app.training.seats.rules import Place, Seat, Seats, Standing, standing

# What a card shows of a session, in two queries more, however many there are.
CARD = (
    selectinload(TrainingSession.coach_rows).joinedload(TrainingCoach.user),
    joinedload(TrainingSession.capability).joinedload(Capability.area),
    joinedload(TrainingSession.capability).joinedload(Capability.framework),
)
Id = int | BindParameter[int]
NO_SUCH_SESSION = _l(
    "There is no such session, or it is not for you to see. Look through the list of those that are coming."
)


def visible_to(user: User | None) -> Select[TrainingSession]:
    """Every session that `user` (None for a visitor) may see. Equal to `policy.can_read`."""
    return _visible(_Reader.of(user), user.id if user is not None else 0)


class _Reader(Enum):
    """The three sorts of people for whom other sessions are visible."""

    VISITOR = auto()
    MEMBER = auto()
    ADMINISTRATOR = auto()

    @classmethod
    def of(cls, user: User | None) -> _Reader:
        if user is None:
            return cls.VISITOR
        return cls.ADMINISTRATOR if is_administrator(user) else cls.MEMBER


def _visible(reader: _Reader, user_id: Id) -> Select[TrainingSession]:
    query = select(TrainingSession)
    if reader is _Reader.ADMINISTRATOR:
        return query
    is_public = TrainingSession.state != State.DRAFT
    if reader is _Reader.VISITOR:
        return query.where(is_public)
    return query.where(or_(is_public, TrainingSession.created_by_id == user_id, leads_of(user_id)))


def leads_of(user_id: Id) -> ColumnElement[bool]:
    """Is the person a coach of the session?"""
    return (
        select(TrainingCoach.user_id)
        .where(TrainingCoach.training_id == TrainingSession.id, TrainingCoach.user_id == user_id)
        .correlate(TrainingSession)
        .exists()
    )


def get_training(user: User | None, slug: str) -> TrainingSession:
    """The session with everything that its page shows. Raises NotFoundError where `user` may not see it."""
    query = visible_to(user).where(TrainingSession.slug == slug).options(*CARD, undefer_group("texts"))
    training = db.session.execute(query).unique().scalar_one_or_none()
    if training is None:
        raise NotFoundError(NO_SUCH_SESSION)
    return training


def get_training_id(user: User | None, slug: str) -> int:
    """Raises NotFoundError where `user` may not see the session."""
    query = _ids(_Reader.of(user))
    training_id = (
        db.session.connection().execute(query, {"who": user.id if user else 0, "slug": slug}).scalar_one_or_none()
    )
    if training_id is None:
        raise NotFoundError(NO_SUCH_SESSION)
    return training_id


@cache
def _ids(reader: _Reader) -> Select[int]:
    """The statement with the parameters `who` and `slug`. Every sign-up begins with it, so it is built once."""
    is_wanted = TrainingSession.slug == bindparam("slug")
    return _visible(reader, bindparam("who", type_=Integer)).where(is_wanted).with_only_columns(TrainingSession.id)


def count_seats(trainings: Iterable[TrainingSession]) -> dict[int, Seats]:
    """How full each of these sessions is, by id. One query."""
    ids = [training.id for training in trainings]
    columns = (TrainingSession.id, TrainingSession.capacity, *_SEATS)
    rows = db.session.execute(select(*columns).where(TrainingSession.id.in_(ids)))
    return {row[0]: Seats(*row[1:]) for row in rows}


def _count_of(*seats: Seat) -> ScalarSelect[int]:
    other = aliased(Enrolment)
    return (
        select(func.count())
        .select_from(other)
        .where(other.training_id == TrainingSession.id, other.state.in_(seats))
        .correlate(TrainingSession)
        .scalar_subquery()
    )


# In the order of the fields of `Seats`, of the session of the surrounding query.
_SEATS = (
    _count_of(Seat.CONFIRMED).label("confirmed"),
    _count_of(Seat.WAITING).label("waiting_count"),
    _count_of(Seat.OFFERED).label("offered"),
    held_in(TrainingSession.id).label("held"),
)


def has_free_seat() -> ColumnElement[bool]:
    """Can a seat of the session of the surrounding query be taken at once? As `Seats.free` says."""
    confirmed, waiting, offered, held = _SEATS
    return and_(waiting.element == 0, confirmed.element + offered.element + held.element < TrainingSession.capacity)


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
    rows = db.session.execute(_admissions(_Reader.of(user), "ids"), {"who": user.id if user else 0, "ids": list(ids)})
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
    query = _admissions(_Reader.of(user), "slug")
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
def _admissions(reader: _Reader, by: str) -> Select[*tuple[Any, ...]]:
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
        _visible(reader, who)
        .where(wanted[by])
        .outerjoin(Enrolment, mine)
        .with_only_columns(
            *_COLUMNS,
            *_SEATS,
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
    joins = may_edit or (place is not None and place.seat is Seat.CONFIRMED)
    stands = standing(
        row, seats, place, leads=bool(row.leads), now=now, is_early=bool(row.early), own_held=row.own_held
    )
    same = {name: getattr(row, name) for name in _SAME}
    return Admission(
        standing=stands, seats=seats, place=place, may_edit=may_edit, link=row.link if joins else "", **same
    )


# What an admission takes over from the session as it is.
_SAME = (
    "id slug title kind state starts_at ends_at signup_opens_at signup_closes_at needs_approval waiting minimum decide_at "
    "decided_at"
).split()


def _place(row: Any) -> Place:
    position = row.position if row.seat == Seat.WAITING else None
    return Place(Seat(row.seat), position, row.offer_until, behind=bool(row.is_behind))


def list_roster(training: TrainingSession) -> list[Enrolment]:
    """Everybody who has or had a place: seats first, then the waiting list, each in the order of arrival, then those
    who left. With the person and the person's teams.
    """
    query = (
        select(Enrolment)
        .join(Enrolment.user)
        .where(Enrolment.training_id == training.id)
        .options(contains_eager(Enrolment.user).options(selectinload(User.memberships).joinedload(Membership.team)))
    )
    order = list(Seat)
    enrolments = db.session.execute(query).unique().scalars()
    return sorted(enrolments, key=lambda each: (order.index(Seat(each.state)), each.is_behind, each.queue))


def list_history(training: TrainingSession) -> list[EnrolmentEvent]:
    """Every step of every place of the session, the last one first, with the person."""
    query = (
        select(EnrolmentEvent)
        .join(EnrolmentEvent.enrolment)
        .where(Enrolment.training_id == training.id)
        .options(contains_eager(EnrolmentEvent.enrolment).joinedload(Enrolment.user))
        .order_by(EnrolmentEvent.id.desc())
        .limit(500)
    )
    return list(db.session.execute(query).unique().scalars())


def profile_slugs(user_ids: Iterable[int]) -> dict[int, str]:
    """{user id: slug of the coach's profile} of those who have one that every reader may see."""
    profiles = db.session.execute(coaches_visible_to(None).where(Coach.user_id.in_(list(user_ids)))).unique().scalars()
    return {profile.user_id: profile.slug for profile in profiles}


def list_possible_coaches(*also: int) -> list[User]:
    """Everybody with the role of a coach and an open account, and the people `also`, by name."""
    query = (
        select(User)
        .where(or_(and_(User.grants.any(RoleGrant.role == Role.COACH), User.disabled_at.is_(None)), User.id.in_(also)))
        .order_by(User.name, User.id)
    )
    return list(db.session.execute(query).unique().scalars())
