"""Counting places, in a number of queries that does not depend on how many there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, literal, or_, select

from app.accounts.models import Membership, Team, User
from app.capabilities.models import Area, Capability, Framework
from app.kernel.db import db
from app.kernel.types import Localized
from app.training.models import TrainingCoach, TrainingSession
from app.training.reports.rules import Tally
from app.training.rules import State
from app.training.seats.models import Enrolment, EnrolmentEvent
from app.training.seats.presence import ATTENDED, Attendance, Presence
from app.training.seats.rules import Seat

_ATTENDED, _EXCUSED, _ABSENT = 3, 2, 1
_COUNTED = ("filled", "waited", "attended", "excused", "missed")


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which sessions are counted: those published that start from `start` and before `end`, narrowed by what is not None or
    empty. `team_ids`: only the places of these teams' people; None for everybody's.
    """

    start: datetime
    end: datetime
    kind: str = ""
    capability: str = ""
    level: int | None = None
    coach_id: int | None = None
    team_ids: Collection[int] | None = None


@dataclass(frozen=True)
class Counted:
    """A session, and what was counted of it."""

    id: int
    starts_at: datetime
    kind: str
    level: int | None
    capability_id: int | None
    tally: Tally


def count_by_session(scope: Scope) -> list[Counted]:
    """Every session of the scope. With teams, only those in which their people have or had a place."""
    if scope.team_ids is None:
        places = _places(scope)
        query = (
            _sessions(scope)
            .outerjoin(places, places.c.training_id == TrainingSession.id)
            .add_columns(*_sums(places))
            .group_by(TrainingSession.id)
        )
        return [_counted(row, sessions=1, offered=row.capacity) for row in db.session.execute(query)]
    places = _places(scope)
    query = _sessions(scope).join(places, places.c.training_id == TrainingSession.id).add_columns(*_each(places))
    sessions: dict[int, Counted] = {}
    for row in db.session.execute(query):
        one = _counted(row, sessions=1, offered=None, people=frozenset({row.user_id}))
        known = sessions.get(row.id)
        sessions[row.id] = one if known is None else _together(known, one)
    return list(sessions.values())


def count_by_team(scope: Scope) -> dict[int | None, Tally]:
    """{team id: what was counted of its people}, None for those in no team. Whoever is in two teams counts in both."""
    places = _places(scope)
    of_teams = Membership.user_id == places.c.user_id
    if scope.team_ids is not None:
        of_teams &= Membership.team_id.in_(scope.team_ids)
    query = (
        select(Membership.team_id, places.c.user_id, *_sums(places))
        .select_from(places)
        .outerjoin(Membership, of_teams)
        .group_by(Membership.team_id, places.c.user_id)
    )
    tallies: dict[int | None, Tally] = {}
    for row in db.session.execute(query):
        tally = _tally(row, sessions=None, offered=None, people=frozenset({row.user_id}))
        tallies[row.team_id] = tallies[row.team_id] + tally if row.team_id in tallies else tally
    return tallies


def _sessions(scope: Scope) -> Select[*tuple[Any, ...]]:
    return select(
        TrainingSession.id,
        TrainingSession.starts_at,
        TrainingSession.kind,
        TrainingSession.level,
        TrainingSession.capability_id,
        TrainingSession.capacity,
    ).where(*_wanted(scope))


def _wanted(scope: Scope) -> list[ColumnElement[bool]]:
    conditions = [
        TrainingSession.state == State.PUBLISHED,
        TrainingSession.starts_at >= scope.start,
        TrainingSession.starts_at < scope.end,
    ]
    if scope.kind:
        conditions.append(TrainingSession.kind == scope.kind)
    if scope.capability:
        is_chosen = (Framework.position == 0) & (Capability.slug == scope.capability)
        of_name = select(Capability.id).join(Framework, Framework.id == Capability.framework_id).where(is_chosen)
        conditions.append(TrainingSession.capability_id.in_(of_name))
    if scope.level is not None:
        conditions.append(TrainingSession.level == scope.level)
    if scope.coach_id is not None:
        run = select(TrainingCoach.training_id).where(TrainingCoach.user_id == scope.coach_id)
        conditions.append(TrainingSession.id.in_(run))
    return conditions


def _places(scope: Scope) -> Subquery:
    """Each place that counts, as 0 and 1: has a seat, has waited, and of a seat what became known. One meeting attended is a
    session attended; whoever was at none and excused from one is excused.
    """
    order = case(
        (Attendance.state.in_(ATTENDED), _ATTENDED), (Attendance.state == Presence.EXCUSED, _EXCUSED), else_=_ABSENT
    )
    best = select(Attendance.enrolment_id, func.max(order).label("known")).group_by(Attendance.enrolment_id).subquery()
    queued = select(EnrolmentEvent.enrolment_id).where(EnrolmentEvent.state == Seat.WAITING).distinct().subquery()
    has_seat = Enrolment.state == Seat.CONFIRMED
    has_waited = or_(queued.c.enrolment_id.is_not(None), Enrolment.state.in_([Seat.WAITING, Seat.OFFERED]))
    query = (
        select(
            Enrolment.training_id,
            Enrolment.user_id,
            _one_if(has_seat).label("filled"),
            _one_if(has_waited).label("waited"),
            _one_if(has_seat & (best.c.known == _ATTENDED)).label("attended"),
            _one_if(has_seat & (best.c.known == _EXCUSED)).label("excused"),
            _one_if(has_seat & (best.c.known == _ABSENT)).label("missed"),
        )
        .join(TrainingSession, TrainingSession.id == Enrolment.training_id)
        .outerjoin(best, best.c.enrolment_id == Enrolment.id)
        .outerjoin(queued, queued.c.enrolment_id == Enrolment.id)
        .where(*_wanted(scope), or_(has_seat, has_waited))
    )
    if scope.team_ids is not None:
        members = select(Membership.user_id).where(Membership.team_id.in_(scope.team_ids))
        query = query.where(Enrolment.user_id.in_(members))
    return query.subquery()


def _one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, literal(1)), else_=literal(0))


def _sums(places: Subquery) -> list[ColumnElement[int]]:
    return [func.coalesce(func.sum(places.c[name]), 0).label(name) for name in _COUNTED]


def _each(places: Subquery) -> list[ColumnElement[int]]:
    return [places.c.user_id, *(places.c[name] for name in _COUNTED)]


def _tally(row: Any, **also: Any) -> Tally:
    counts: dict[str, Any] = {name: int(getattr(row, name)) for name in _COUNTED}
    return Tally(**counts, **also)


def _counted(row: Any, **also: Any) -> Counted:
    return Counted(row.id, row.starts_at, row.kind, row.level, row.capability_id, _tally(row, **also))


def _together(known: Counted, one: Counted) -> Counted:
    """Two people's places in the same session."""
    return replace(known, tally=replace(known.tally + one.tally, sessions=1))


def coaches_of(scope: Scope) -> dict[int, list[int]]:
    """{session id: those who run it} of the sessions of the scope."""
    query = (
        select(TrainingCoach.training_id, TrainingCoach.user_id)
        .join(TrainingSession, TrainingSession.id == TrainingCoach.training_id)
        .where(*_wanted(scope))
    )
    coaches: dict[int, list[int]] = {}
    for training_id, user_id in db.session.execute(query):
        coaches.setdefault(training_id, []).append(user_id)
    return coaches


def list_coaches() -> list[tuple[int, str]]:
    """(account, name) of everybody who runs or ran a session, by name."""
    run = select(TrainingCoach.user_id)
    query = select(User.id, User.name).where(User.id.in_(run)).order_by(User.name, User.id)
    return [(user_id, name) for user_id, name in db.session.execute(query)]


def list_team_names(team_ids: Iterable[int] | None) -> list[tuple[int, str, str]]:
    """(id, slug, name) of these teams, or with None of all, by name."""
    query = select(Team.id, Team.slug, Team.name).order_by(Team.name)
    if team_ids is not None:
        query = query.where(Team.id.in_(list(team_ids)))
    return [(team_id, slug, name) for team_id, slug, name in db.session.execute(query)]


def capability_names() -> Mapping[int, tuple[str | None, Localized]]:
    """{id: (slug, name)} of all capabilities in the order of their frameworks. Only those of the main framework can be chosen
    by their slug; the others have None.
    """
    query = (
        select(Capability.id, Capability.slug, Capability.name, Framework.position)
        .join(Area, Area.id == Capability.area_id)
        .join(Framework, Framework.id == Capability.framework_id)
        .order_by(Framework.position, Framework.slug, Area.position, Capability.position)
    )
    return {
        capability_id: (None if position else slug, name)
        for capability_id, slug, name, position in db.session.execute(query)
    }
