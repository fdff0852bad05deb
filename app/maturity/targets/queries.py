"""Reading what levels a team wants to have."""

from __future__ import annotations

from sqlalchemy import select

from app.kernel.db import db
from app.maturity.models import Target


def targets_of(team_id: int, framework_id: int) -> dict[str, Target]:
    """By the slug of the capability."""
    query = select(Target).where(Target.team_id == team_id, Target.framework_id == framework_id)
    return {target.capability: target for target in db.session.execute(query).scalars()}


def list_targets(team_id: int) -> list[Target]:
    """Those of every framework."""
    query = select(Target).where(Target.team_id == team_id).order_by(Target.framework_id, Target.capability)
    return list(db.session.execute(query).scalars())
