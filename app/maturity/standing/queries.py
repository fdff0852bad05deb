"""Reading where teams stand, as plain tuples: a heat map is made of ten thousand marks, and as objects they would be most of its work."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from app.accounts.models import Team
from app.capabilities.models import Framework, FrameworkVersion
from app.kernel.db import db
from app.maturity.models import Snapshot, SnapshotMark
from app.maturity.scoring import Mark, area_scores, staged_level
from app.maturity.snapshots.queries import newest_ids

# A snapshot that is older says where a team stood and not where it stands.
FRESH = timedelta(days=365)


@dataclass(frozen=True)
class Standing:
    """Where a team stood in one snapshot. `department` is the team's at the time, `slug` and `team` are as it is called today."""

    id: int
    team_id: int
    slug: str
    team: str
    is_benchmark: bool
    department: str
    title: str
    taken_at: datetime
    version_id: int
    score: float | None
    marks: Sequence[Mark]

    @cached_property
    def areas(self) -> Mapping[str, float | None]:
        return area_scores(self.marks)

    @cached_property
    def levels(self) -> Mapping[str, int | None]:
        return {mark.capability: mark.level for mark in self.marks}

    @cached_property
    def staged(self) -> int | None:
        return staged_level(self.marks)


def list_latest(framework_id: int, since: datetime) -> list[Standing]:
    """The latest snapshot of each team that was taken from `since` on, by the team's name."""
    latest = newest_ids(Snapshot.framework_id == framework_id, Snapshot.taken_at >= since)
    return _standings(framework_id, Snapshot.id.in_(latest), Team.name, Team.id)


def list_history(team_id: int, framework_id: int) -> list[Standing]:
    """All snapshots of the team, the oldest first."""
    is_wanted = (Snapshot.team_id == team_id) & (Snapshot.framework_id == framework_id)
    return _standings(framework_id, is_wanted, Snapshot.taken_at, Snapshot.id)


def _standings(framework_id: int, is_wanted: ColumnElement[bool], *order: Any) -> list[Standing]:
    """What was renamed since is called as it is today, so that one line goes through all snapshots."""
    areas, capabilities = renamed_since(framework_id)
    marks: dict[int, list[Mark]] = {}
    query: Select[*tuple[Any, ...]] = (
        select(
            SnapshotMark.snapshot_id,
            SnapshotMark.capability,
            SnapshotMark.area,
            SnapshotMark.weight,
            SnapshotMark.area_weight,
            SnapshotMark.level,
        )
        .join(Snapshot, Snapshot.id == SnapshotMark.snapshot_id)
        .where(is_wanted)
        .order_by(SnapshotMark.snapshot_id, SnapshotMark.position)
    )
    for snapshot_id, capability, area, weight, area_weight, level in db.session.execute(query):
        mark = Mark(capabilities.get(capability, capability), areas.get(area, area), weight, area_weight, level)
        marks.setdefault(snapshot_id, []).append(mark)
    rows: Iterable[Any] = db.session.execute(
        select(
            Snapshot.id,
            Snapshot.team_id,
            Team.slug,
            Team.name,
            Team.is_benchmark,
            Snapshot.department,
            Snapshot.title,
            Snapshot.taken_at,
            Snapshot.version_id,
            Snapshot.score,
        )
        .join(Team, Team.id == Snapshot.team_id)
        .where(is_wanted)
        .order_by(*order)
    )
    return [Standing(*(*row, marks.get(row.id, ()))) for row in rows]


def renamed_since(framework_id: int) -> tuple[dict[str, str], dict[str, str]]:
    """{slug of then: slug of today} of areas and of capabilities, as the newest version says (`was`)."""
    areas: dict[str, str] = {}
    capabilities: dict[str, str] = {}
    for content in db.session.execute(_newest(framework_id, FrameworkVersion.content)).scalars():
        for area in content["areas"]:
            areas |= dict.fromkeys(area.get("was", ()), area["slug"])
            for each in area["capabilities"]:
                capabilities |= dict.fromkeys(each.get("was", ()), each["slug"])
    return areas, capabilities


def strangers_among(standings: Iterable[Standing], own_team_ids: Collection[int]) -> list[Standing]:
    """Those of teams that somebody in the own teams does not see by name."""
    return [each for each in standings if not each.is_benchmark and each.team_id not in own_team_ids]


@dataclass(frozen=True)
class Names:
    """What areas and capabilities are called, by slug, in the order of the newest version: {slug: {language: name}}."""

    areas: Mapping[str, Mapping[str, str]]
    capabilities: Mapping[str, Mapping[str, str]]


def names_in(version_ids: Collection[int]) -> Names:
    """As these versions of a framework call them, the newest first."""
    query = (
        select(FrameworkVersion.content)
        .where(FrameworkVersion.id.in_(version_ids))
        .order_by(FrameworkVersion.number.desc())
    )
    areas: dict[str, Mapping[str, str]] = {}
    capabilities: dict[str, Mapping[str, str]] = {}
    for content in db.session.execute(query).scalars():
        for area in content["areas"]:
            areas.setdefault(area["slug"], area["name"])
            for capability in area["capabilities"]:
                capabilities.setdefault(capability["slug"], capability["name"])
    return Names(areas, capabilities)


def areas_in(version_id: int) -> dict[str, str]:
    """{capability: its area} of a version, by slug."""
    content = db.session.execute(select(FrameworkVersion.content).where(FrameworkVersion.id == version_id)).scalar_one()
    return {each["slug"]: area["slug"] for area in content["areas"] for each in area["capabilities"]}


def latest_version_id(framework_id: int) -> int | None:
    """Of the version that its rows are."""
    return db.session.execute(_newest(framework_id, FrameworkVersion.id)).scalar_one_or_none()


def _newest(framework_id: int, wanted: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(wanted)
        .join(Framework, Framework.id == FrameworkVersion.framework_id)
        .where(Framework.id == framework_id, FrameworkVersion.number == Framework.number)
    )
