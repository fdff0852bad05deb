"""What the advice stands on: the newest snapshot, or what the team has answered so far where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.capabilities.models import Framework
from app.capabilities.versions import by_present_slugs
from app.kernel.db import db
from app.maturity.models import Answer
from app.maturity.queries import running_of
from app.maturity.snapshots.queries import find_latest


@dataclass(frozen=True)
class Basis:
    """Levels by the slug of the capability; None is what does not apply. What is missing was not asked or not answered.
    One of `snapshot_id` and `assessment_id` is given.
    """

    levels: Mapping[str, int | None]
    title: str
    at: datetime
    snapshot_id: int | None = None
    assessment_id: int | None = None

    @property
    def is_agreed(self) -> bool:
        """Was it verified, or is it what the team says of itself so far?"""
        return self.snapshot_id is not None


def find_basis(team_id: int, framework: Framework, *, is_of_team: bool) -> Basis | None:
    """None where there is neither. An assessment that is still answered is for the team alone."""
    snapshot = find_latest(team_id, framework.id)
    if snapshot is not None:
        levels = {mark.capability: mark.level for mark in snapshot.marks}
        return Basis(by_present_slugs(levels, framework), snapshot.title, snapshot.taken_at, snapshot_id=snapshot.id)
    assessment = running_of(team_id, framework.id) if is_of_team else None
    if assessment is None:
        return None
    rows = db.session.execute(
        select(Answer.capability, Answer.level, Answer.is_not_applicable).where(Answer.assessment_id == assessment.id)
    )
    said = {slug: level for slug, level, is_left_out in rows if level is not None or is_left_out}
    return Basis(
        by_present_slugs(said, framework), assessment.title, assessment.started_at, assessment_id=assessment.id
    )
