"""Reading what levels a team wants to have."""

from __future__ import annotations

from sqlalchemy import select

from app.kernel.db import db
from app.maturity.models import Answer, Assessment, Snapshot, SnapshotMark, Target
from app.maturity.rules import RUNNING


def targets_of(team_id: int, framework_id: int) -> dict[str, Target]:
    """By the slug of the capability."""
    query = select(Target).where(Target.team_id == team_id, Target.framework_id == framework_id)
    return {target.capability: target for target in db.session.execute(query).scalars()}


def list_targets(team_id: int) -> list[Target]:
    """Those of every framework."""
    query = select(Target).where(Target.team_id == team_id).order_by(Target.framework_id, Target.capability)
    return list(db.session.execute(query).scalars())


def present_levels(team_id: int, framework_id: int, *, with_running: bool) -> dict[str, int]:
    """Where the team is, by capability: as it was last agreed, and where that says nothing, as the team says itself in an assessment
    that is running (`with_running`, for its people alone).
    """
    newest = (
        select(Snapshot.id)
        .where(Snapshot.team_id == team_id, Snapshot.framework_id == framework_id)
        .order_by(Snapshot.taken_at.desc(), Snapshot.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    agreed = select(SnapshotMark.capability, SnapshotMark.level).where(SnapshotMark.snapshot_id == newest)
    said = (
        select(Answer.capability, Answer.level)
        .join(Answer.assessment)
        .where(Assessment.team_id == team_id, Assessment.framework_id == framework_id, Assessment.state.in_(RUNNING))
    )
    found: dict[str, int] = {}
    for query in (said, agreed) if with_running else (agreed,):
        found.update({row.capability: row.level for row in db.session.execute(query) if row.level is not None})
    return found
