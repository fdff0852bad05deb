"""Reading many sessions: the list with its facets, a month, what is mine, what hangs on something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, or_, select
from sqlalchemy.orm import contains_eager

from app.accounts.models import User
from app.capabilities.models import Area, Capability
from app.kernel.db import db
from app.training.models import Meeting, TrainingSession
from app.training.queries import CARD, count_seats, has_free_seat, leads_of, visible_to
from app.training.rules import State
from app.training.seats.models import Enrolment
from app.training.seats.rules import Seat, Seats

FACETS = ("kind", "area", "capability", "level", "language", "seats")
FREE, FULL = "free", "full"
MONTH_LIMIT = 400
MINE_LIMIT = 60


@dataclass(frozen=True)
class Choices:
    """What a reader chose on the list. Several values of one facet widen, several facets narrow."""

    kind: Sequence[str] = ()
    area: Sequence[str] = ()
    capability: Sequence[str] = ()
    level: Sequence[str] = ()
    language: Sequence[str] = ()
    seats: Sequence[str] = ()


def upcoming(now: datetime) -> list[ColumnElement[bool]]:
    """What is still to come or going on. Cancelled ones stay in the list until their day, so that people see it."""
    return [TrainingSession.state != State.DRAFT, TrainingSession.ends_at > now]


def past(now: datetime) -> list[ColumnElement[bool]]:
    """What took place."""
    return [TrainingSession.state == State.PUBLISHED, TrainingSession.ends_at <= now]


def between(start: datetime, end: datetime) -> list[ColumnElement[bool]]:
    """What takes place, or was to, in that time."""
    return [TrainingSession.state != State.DRAFT, TrainingSession.starts_at < end, TrainingSession.ends_at > start]


def listed(conditions: Sequence[ColumnElement[bool]], choices: Choices, *, newest_first: bool = False) -> Select[Any]:
    """The list's rows with what a card shows, by time. It holds no drafts, so it is the same for every reader."""
    order = TrainingSession.starts_at.desc() if newest_first else TrainingSession.starts_at
    columns = _facet_columns()
    chosen = [columns[name].in_(getattr(choices, name)) for name in FACETS if getattr(choices, name)]
    return _with_area(visible_to(None)).where(*conditions, *chosen).options(*CARD).order_by(order, TrainingSession.id)


def listed_meetings(
    conditions: Sequence[ColumnElement[bool]],
    choices: Choices,
    *meetings: ColumnElement[bool],
    newest_first: bool = False,
) -> Select[Meeting]:
    """Those meetings of the list's rows for which the conditions `meetings` hold, by time."""
    wanted = listed(conditions, choices).order_by(None).with_only_columns(TrainingSession.id)
    return (
        select(Meeting)
        .join(Meeting.training)
        .where(Meeting.training_id.in_(wanted), *meetings)
        .options(contains_eager(Meeting.training).options(*CARD))
        .order_by(Meeting.starts_at.desc() if newest_first else Meeting.starts_at, Meeting.id)
    )


def count_facets(conditions: Sequence[ColumnElement[bool]], choices: Choices) -> dict[str, Counter[str]]:
    """For each facet, how many sessions each value would show, without the facet's own choice. One query."""
    columns = _facet_columns()
    rows = _with_area(visible_to(None)).where(*conditions)
    combinations = rows.with_only_columns(*(column.label(name) for name, column in columns.items())).subquery()
    query = select(*combinations.c, func.count()).group_by(*combinations.c)
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for *values, number in db.session.execute(query):
        missed = [
            name
            for name, value in zip(FACETS, values, strict=True)
            if getattr(choices, name) and value not in getattr(choices, name)
        ]
        for name, value in zip(FACETS, values, strict=True):
            if value is not None and not set(missed) - {name}:
                counts[name][value] += number
    return counts


def _facet_columns() -> dict[str, ColumnElement[str]]:
    free = has_free_seat()
    return {
        "kind": TrainingSession.kind.expression,
        "area": Area.slug.expression,
        "capability": Capability.slug.expression,
        "level": cast(TrainingSession.level, String),
        "language": TrainingSession.language.expression,
        "seats": case((free, FREE), else_=FULL),
    }


def _with_area(query: Select[Any]) -> Select[Any]:
    return query.outerjoin(Capability, TrainingSession.capability_id == Capability.id).outerjoin(
        Area, Capability.area_id == Area.id
    )


def list_month(start: datetime, end: datetime, choices: Choices) -> list[Meeting]:
    """What takes place between two moments, meeting by meeting, by time; at most MONTH_LIMIT."""
    query = listed_meetings(between(start, end), choices, Meeting.starts_at < end, Meeting.ends_at > start)
    return list(db.session.execute(query.limit(MONTH_LIMIT)).unique().scalars())


@dataclass(frozen=True)
class Mine:
    """A person's own sessions: places still to come, what the person runs, and what is behind, the last first."""

    places: list[TrainingSession]
    running: list[TrainingSession]
    past: list[TrainingSession]


def list_mine(user: User, *, now: datetime) -> Mine:
    """Everything of `user`'s, MINE_LIMIT of each at most."""
    attends = select(Enrolment.id).where(
        Enrolment.training_id == TrainingSession.id, Enrolment.user_id == user.id, Enrolment.state != Seat.CANCELLED
    )
    runs = or_(leads_of(user.id), TrainingSession.created_by_id == user.id)
    to_come = TrainingSession.ends_at > now
    behind = and_(TrainingSession.ends_at <= now, or_(attends.exists(), runs))
    return Mine(
        places=_mine(TrainingSession.starts_at, to_come, attends.exists()),
        running=_mine(TrainingSession.starts_at, to_come, runs),
        past=_mine(TrainingSession.starts_at.desc(), behind),
    )


def _mine(order: Any, *conditions: ColumnElement[bool]) -> list[TrainingSession]:
    query = select(TrainingSession).where(*conditions).options(*CARD).order_by(order).limit(MINE_LIMIT)
    return list(db.session.execute(query).unique().scalars())


@dataclass(frozen=True)
class Some:
    """The first few of a list, how full each is, and how many there are."""

    trainings: list[TrainingSession]
    seats: Mapping[int, Seats]
    total: int


def next_on_capability(capability_id: int, limit: int, *, now: datetime, without: int = 0) -> Some:
    """The next sessions on a capability, but for the one with the id `without`."""
    return _some(limit, *_announced(now), TrainingSession.capability_id == capability_id, TrainingSession.id != without)


def next_of_coach(user_id: int, limit: int, *, now: datetime) -> Some:
    """The next sessions that a person runs, and after them the last ones."""
    soon = _some(limit, *_announced(now), leads_of(user_id))
    behind = _some(limit - len(soon.trainings), *past(now), leads_of(user_id), newest_first=True)
    return Some(soon.trainings + behind.trainings, {**soon.seats, **behind.seats}, soon.total + behind.total)


def next_with_seats(limit: int, *, now: datetime) -> Some:
    """The next sessions in which a seat can be had at once."""
    open_now = and_(
        or_(TrainingSession.signup_opens_at.is_(None), TrainingSession.signup_opens_at <= now),
        or_(TrainingSession.signup_closes_at.is_(None), TrainingSession.signup_closes_at > now),
        TrainingSession.starts_at > now,
        has_free_seat(),
    )
    return _some(limit, *_announced(now), open_now)


def next_places_of(user_id: int, limit: int, *, now: datetime) -> Some:
    """The next sessions in which a person has a place, be it on the waiting list."""
    attends = (
        select(Enrolment.id)
        .where(
            Enrolment.training_id == TrainingSession.id, Enrolment.user_id == user_id, Enrolment.state != Seat.CANCELLED
        )
        .exists()
    )
    return _some(limit, *upcoming(now), attends)


def count_by_capability(*, now: datetime) -> dict[int, int]:
    """{capability id: number of sessions to come}."""
    query = (
        select(TrainingSession.capability_id, func.count())
        .where(*_announced(now), TrainingSession.capability_id.is_not(None))
        .group_by(TrainingSession.capability_id)
    )
    return {capability_id: number for capability_id, number in db.session.execute(query) if capability_id is not None}


def _announced(now: datetime) -> list[ColumnElement[bool]]:
    return [TrainingSession.state == State.PUBLISHED, TrainingSession.ends_at > now]


def _some(limit: int, *conditions: ColumnElement[bool], newest_first: bool = False) -> Some:
    order = TrainingSession.starts_at.desc() if newest_first else TrainingSession.starts_at
    total = db.session.execute(select(func.count()).select_from(TrainingSession).where(*conditions)).scalar_one()
    query = (
        select(TrainingSession)
        .where(*conditions)
        .options(*CARD)
        .order_by(order, TrainingSession.id)
        .limit(max(limit, 0))
    )
    trainings = list(db.session.execute(query).unique().scalars()) if total and limit > 0 else []
    return Some(trainings, count_seats(trainings) if trainings else {}, total)
