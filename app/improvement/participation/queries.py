"""What there is to count, in a number of queries that does not depend on how much it is. Only days and levels are read, no names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from app.accounts.models import Team
from app.case_studies.models import CaseStudy
from app.coaching.growth.models import PathStage, Standing
from app.coaching.growth.path import COACH
from app.kernel.db import db
from app.kernel.types import Localized
from app.maturity.models import Snapshot, SnapshotMark
from app.maturity.snapshots.queries import newest_ids
from app.maturity.standing.queries import renamed_since
from app.practices.adoption.models import Adoption
from app.practices.adoption.rules import ADOPTED
from app.training.models import TrainingSession
from app.training.rules import State
from app.training.seats.models import Enrolment
from app.training.seats.presence import ATTENDED, Attendance, AttendanceEvent


def numbers_stamp() -> tuple[Any, ...]:
    """Another one whenever a number of a quiet table may be another one: snapshots, who was where, who is at which stage. All else that
    is counted here counts the revision.
    """
    return tuple(db.session.connection().execute(_STAMP).one())


_STAMP = select(
    select(func.max(Snapshot.id)).scalar_subquery(),
    select(func.max(AttendanceEvent.id)).scalar_subquery(),
    select(func.count()).select_from(Standing).scalar_subquery(),
    select(func.max(Standing.since)).scalar_subquery(),
)


def count_all_teams() -> int:
    return db.session.execute(select(func.count(Team.id))).scalar_one()


@dataclass(frozen=True)
class Assessed:
    """That a team was assessed. Where a benchmark team stands, every member sees by name."""

    team_id: int
    is_benchmark: bool
    at: datetime


def list_assessed(framework_id: int) -> list[Assessed]:
    """One for every snapshot, the oldest first."""
    query = (
        select(Snapshot.team_id, Team.is_benchmark, Snapshot.taken_at)
        .join(Team, Team.id == Snapshot.team_id)
        .where(Snapshot.framework_id == framework_id)
        .order_by(Snapshot.taken_at, Snapshot.id)
    )
    return [Assessed(*row) for row in db.session.execute(query)]


def list_reached(framework_id: int) -> list[tuple[int, str, int]]:
    """(team, area, level): the level that a team has reached in an area is the lowest of the capabilities that count there, in its
    latest snapshot. Together they are what `maturity.scoring.staged_level` says. Areas are called as they are today. Two queries.
    """
    areas, _capabilities = renamed_since(framework_id)
    query = (
        select(Snapshot.team_id, SnapshotMark.area, func.min(SnapshotMark.level))
        .join(Snapshot, Snapshot.id == SnapshotMark.snapshot_id)
        .where(Snapshot.id.in_(newest_ids(Snapshot.framework_id == framework_id)))
        .where(SnapshotMark.level.is_not(None), SnapshotMark.weight > 0, SnapshotMark.area_weight > 0)
        .group_by(Snapshot.team_id, SnapshotMark.area)
    )
    rows = db.session.execute(query)
    return [(team_id, areas.get(area, area), level) for team_id, area, level in rows if level is not None]


def list_people_reached(until: datetime) -> list[tuple[int, datetime]]:
    """(person, start of the session) of everybody who was at a meeting of a published session that began before `until`."""
    query = (
        select(Enrolment.user_id, TrainingSession.starts_at)
        .join(TrainingSession, TrainingSession.id == Enrolment.training_id)
        .join(Attendance, Attendance.enrolment_id == Enrolment.id)
        .where(
            TrainingSession.state == State.PUBLISHED,
            TrainingSession.starts_at < until,
            Attendance.state.in_(ATTENDED),
        )
        .distinct()
    )
    return [(user_id, at) for user_id, at in db.session.execute(query)]


@dataclass(frozen=True)
class StageReached:
    """A stage of the path of coaches, and when those who are at it now reached it."""

    slug: str
    name: Localized
    days: Sequence[date]


def list_stages() -> list[StageReached]:
    """The stages from the coach on in their order, those that nobody is at, too. Who is a candidate is nobody's business, and where
    there are few of them their number would tell.
    """
    first = select(PathStage.position).where(PathStage.slug == COACH).scalar_subquery()
    query = (
        select(PathStage.slug, PathStage.name, Standing.since)
        .outerjoin(Standing, Standing.stage == PathStage.slug)
        .where(PathStage.position >= first)
        .order_by(PathStage.position, Standing.since)
    )
    names: dict[str, Localized] = {}
    days: dict[str, list[date]] = {}
    for slug, name, since in db.session.execute(query):
        # A stage that nobody is at has no row beside it.
        reached: date | None = since
        names[slug] = name
        days.setdefault(slug, []).extend([] if reached is None else [reached])
    return [StageReached(slug, name, days[slug]) for slug, name in names.items()]


def list_publications() -> list[date]:
    """The day on which each case study was published first, in whatever language."""
    query = select(func.min(CaseStudy.published_on)).group_by(CaseStudy.slug)
    return list(db.session.execute(query).scalars())


def list_adoptions() -> list[date]:
    """Since when a team has adopted a practice, for each team and practice of which that is so now."""
    query = select(Adoption.since).where(Adoption.stage.in_(ADOPTED))
    return list(db.session.execute(query).scalars())
