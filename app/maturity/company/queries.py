"""Reading about all teams, in a number of queries that does not depend on how many there are."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select

from app.accounts.models import Team
from app.kernel.db import db
from app.maturity.company.heatmap import Missing
from app.maturity.company.rollup import Told
from app.maturity.models import Snapshot


def departments_today() -> dict[int, str]:
    """{team id: its department} of every team."""
    return {team_id: name for team_id, name in db.session.execute(select(Team.id, Team.organisation))}


def list_missing(framework_id: int, assessed: Collection[int]) -> list[Missing]:
    """Every team but those `assessed` lately, by name, with the day of its last snapshot."""
    last = (
        select(Snapshot.team_id, func.max(Snapshot.taken_at).label("at"))
        .where(Snapshot.framework_id == framework_id)
        .group_by(Snapshot.team_id)
        .subquery()
    )
    query = (
        select(Team.id, Team.slug, Team.name, Team.organisation, last.c.at)
        .outerjoin(last, last.c.team_id == Team.id)
        .order_by(Team.name, Team.id)
    )
    return [Missing(*row) for team_id, *row in db.session.execute(query) if team_id not in assessed]


def list_told(framework_id: int) -> list[Told]:
    """Every snapshot against the framework that has a score, the oldest first."""
    query = (
        select(Snapshot.team_id, Team.is_benchmark, Snapshot.taken_at, Snapshot.score)
        .join(Team, Team.id == Snapshot.team_id)
        .where(Snapshot.framework_id == framework_id)
        .order_by(Snapshot.taken_at, Snapshot.id)
    )
    return [
        Told(team_id, is_benchmark, taken_at, score)
        for team_id, is_benchmark, taken_at, score in db.session.execute(query)
        if score is not None
    ]
