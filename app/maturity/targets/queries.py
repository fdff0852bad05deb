"""Reading what levels a team wants to have."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from app.capabilities.models import Framework
from app.capabilities.versions import by_present_slugs
from app.kernel.db import db
from app.maturity.models import Answer, Assessment, Target
from app.maturity.rules import RUNNING
from app.maturity.snapshots.queries import latest_levels


def targets_of(team_id: int, framework_id: int) -> dict[str, Target]:
    """By the slug of the capability."""
    query = select(Target).where(Target.team_id == team_id, Target.framework_id == framework_id)
    return {target.capability: target for target in db.session.execute(query).scalars()}


def present_levels(team_id: int, framework: Framework, *, with_running: bool) -> Mapping[str, int | None]:
    """Where the team is, by capability: as it was last agreed, and where that says nothing, as the team says itself in an assessment
    that is running (`with_running`, for its people alone). None: it does not apply.
    """
    found = _levels_said(team_id, framework.id) if with_running else {}
    for slug, level in latest_levels(team_id, framework.id).items():
        found[slug] = found.get(slug) if level is None else level
    return by_present_slugs(found, framework)


def _levels_said(team_id: int, framework_id: int) -> dict[str, int | None]:
    query = (
        select(Answer.capability, Answer.level)
        .join(Answer.assessment)
        .where(
            Assessment.team_id == team_id,
            Assessment.framework_id == framework_id,
            Assessment.state.in_(RUNNING),
            Answer.level.is_not(None) | Answer.is_not_applicable,
        )
    )
    return {capability: level for capability, level in db.session.execute(query)}
