"""Reading one session, its places, and how somebody stands to it. Lists are in `lists`."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto
from functools import cache

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
from app.training.policy import is_administrator
from app.training.rules import State
from app.training.seats.ledger import held_in
from app.training.seats.models import Enrolment, EnrolmentEvent, SignupQuestion
from app.training.seats.rules import Seat, Seats

# What a card shows of a session, in three queries more, however many there are.
CARD = (
    selectinload(TrainingSession.meetings),
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
    return visible(Reader.of(user), user.id if user is not None else 0)


class Reader(Enum):
    """The three sorts of people for whom other sessions are visible."""

    VISITOR = auto()
    MEMBER = auto()
    ADMINISTRATOR = auto()

    @classmethod
    def of(cls, user: User | None) -> Reader:
        if user is None:
            return cls.VISITOR
        return cls.ADMINISTRATOR if is_administrator(user) else cls.MEMBER


def visible(reader: Reader, user_id: Id) -> Select[TrainingSession]:
    query = select(TrainingSession)
    if reader is Reader.ADMINISTRATOR:
        return query
    is_public = TrainingSession.state != State.DRAFT
    if reader is Reader.VISITOR:
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
    return get_sign_up(user, slug)[0]


def get_sign_up(user: User | None, slug: str) -> tuple[int, bool]:
    """The session's id, and whether it asks questions. Raises NotFoundError where `user` may not see it."""
    query = _ids(Reader.of(user))
    row = db.session.connection().execute(query, {"who": user.id if user else 0, "slug": slug}).one_or_none()
    if row is None:
        raise NotFoundError(NO_SUCH_SESSION)
    return row[0], bool(row[1])


@cache
def _ids(reader: Reader) -> Select[int, bool]:
    """The statement with the parameters `who` and `slug`. Every sign-up begins with it, so it is built once."""
    is_wanted = TrainingSession.slug == bindparam("slug")
    asks = select(SignupQuestion.id).where(SignupQuestion.training_id == TrainingSession.id).exists()
    query = visible(reader, bindparam("who", type_=Integer)).where(is_wanted)
    return query.with_only_columns(TrainingSession.id, asks)


def count_seats(trainings: Iterable[TrainingSession]) -> dict[int, Seats]:
    """How full each of these sessions is, by id. One query."""
    ids = [training.id for training in trainings]
    columns = (TrainingSession.id, TrainingSession.capacity, *SEATS)
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
SEATS = (
    _count_of(Seat.CONFIRMED).label("confirmed"),
    _count_of(Seat.WAITING).label("waiting_count"),
    _count_of(Seat.OFFERED).label("offered"),
    held_in(TrainingSession.id).label("held"),
)


def has_free_seat() -> ColumnElement[bool]:
    """Can a seat of the session of the surrounding query be taken at once? As `Seats.free` says."""
    confirmed, waiting, offered, held = SEATS
    return and_(waiting.element == 0, confirmed.element + offered.element + held.element < TrainingSession.capacity)


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
