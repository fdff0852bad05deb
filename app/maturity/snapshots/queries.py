"""Reading snapshots. Nothing changes them; what is computed over many of them reads their marks in `standing`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload, undefer

from app.accounts.models import Team, User
from app.accounts.rules import Permission
from app.capabilities.models import FrameworkVersion
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.maturity.models import Snapshot, SnapshotMark
from app.maturity.queries import NAME_ONLY
from app.maturity.snapshots.comparing import renames_in

NO_SUCH_SNAPSHOT = _l("There is no such snapshot, or it is not for you to see.")


def visible_to(user: User | None) -> Select[Snapshot]:
    """Every snapshot that `user` may see. Equal to `policy.can_see_standing` of its team."""
    query = select(Snapshot)
    if user is None:
        return query.where(Snapshot.id.is_(None))
    if user.may(Permission.SEE_STANDINGS):
        return query
    benchmarks = select(Team.id).where(Team.is_benchmark)
    return query.where(or_(Snapshot.team_id.in_(user.team_ids), Snapshot.team_id.in_(benchmarks)))


def get_snapshot(snapshot_id: int, user: User | None = None) -> Snapshot:
    """The snapshot with its content, marks, team and framework; with `user`, only if that person may see it.
    Raises NotFoundError.
    """
    query = (visible_to(user) if user is not None else select(Snapshot)).where(Snapshot.id == snapshot_id)
    found = db.session.execute(query.options(*_SHOWN, undefer(Snapshot.content))).unique().scalar_one_or_none()
    if found is None:
        raise NotFoundError(NO_SUCH_SNAPSHOT)
    return found


def find_of_assessment(assessment_id: int) -> Snapshot | None:
    """The snapshot that a final assessment has left, without its content."""
    return db.session.execute(select(Snapshot).where(Snapshot.assessment_id == assessment_id)).scalar_one_or_none()


def list_of_team(team_id: int, framework_id: int | None = None) -> list[Snapshot]:
    """The team's snapshots with their marks, the newest first, without their content. Three queries."""
    query = select(Snapshot).where(Snapshot.team_id == team_id)
    if framework_id is not None:
        query = query.where(Snapshot.framework_id == framework_id)
    return list(db.session.execute(query.options(*_SHOWN).order_by(*NEWEST_FIRST)).unique().scalars())


def find_latest(team_id: int, framework_id: int) -> Snapshot | None:
    """Where the team stands now, with the marks."""
    query = select(Snapshot).where(Snapshot.team_id == team_id, Snapshot.framework_id == framework_id)
    query = query.options(*_SHOWN).order_by(*NEWEST_FIRST).limit(1)
    return db.session.execute(query).unique().scalar_one_or_none()


def latest_levels(team_id: int, framework_id: int) -> dict[str, int | None]:
    """{capability: level} of the team's newest snapshot, by the slugs that they had then; None where it did not apply."""
    is_wanted = (Snapshot.team_id == team_id) & (Snapshot.framework_id == framework_id)
    newest = select(Snapshot.id).where(is_wanted).order_by(*NEWEST_FIRST).limit(1).scalar_subquery()
    query = select(SnapshotMark.capability, SnapshotMark.level).where(SnapshotMark.snapshot_id == newest)
    return {capability: level for capability, level in db.session.execute(query)}


def newest_ids(*conditions: ColumnElement[bool]) -> Select[int]:
    """The id of the newest snapshot of each team against each framework, among those that fulfil `conditions`."""
    place = func.row_number().over(partition_by=(Snapshot.team_id, Snapshot.framework_id), order_by=NEWEST_FIRST)
    ranked = select(Snapshot.id, place.label("place")).where(*conditions).subquery()
    return select(ranked.c.id).where(ranked.c.place == 1)


def list_teams(user: User, framework_id: int | None) -> list[tuple[Team, int]]:
    """The teams of which `user` may see a snapshot (against one framework, if it is given), by name, each with the newest one."""
    query = visible_to(user).with_only_columns(Snapshot.team_id, func.max(Snapshot.id).label("newest"))
    if framework_id is not None:
        query = query.where(Snapshot.framework_id == framework_id)
    newest = query.group_by(Snapshot.team_id).subquery()
    found = select(Team, newest.c.newest).join(newest, newest.c.team_id == Team.id).order_by(Team.name)
    return [(team, snapshot_id) for team, snapshot_id in db.session.execute(found)]


def renames_between(before: Snapshot, after: Snapshot) -> Mapping[str, set[str]]:
    """What capabilities were called before, where two snapshots stand on two versions of a framework."""
    if before.version_id == after.version_id:
        return {}
    return renames_in(_document_of(before.version_id), _document_of(after.version_id))


def _document_of(version_id: int) -> dict[str, Any]:
    """What a version of a framework said."""
    query = select(FrameworkVersion.content).where(FrameworkVersion.id == version_id)
    found: dict[str, Any] = db.session.execute(query).scalar_one()
    return found


NEWEST_FIRST = (Snapshot.taken_at.desc(), Snapshot.id.desc())
_SHOWN = (
    selectinload(Snapshot.marks),
    joinedload(Snapshot.team),
    joinedload(Snapshot.framework),
    joinedload(Snapshot.version),
    joinedload(Snapshot.verifier).options(*NAME_ONLY),
)
