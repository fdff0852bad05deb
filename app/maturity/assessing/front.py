"""Where each team of a person stands, against each framework, and the next thing to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, undefer

from app.accounts.models import Team, User
from app.accounts.queries import teams_of
from app.capabilities.models import Framework, FrameworkVersion
from app.kernel.db import db
from app.maturity.assessing.queries import latest_marks, list_answered
from app.maturity.assessing.questions import read_areas
from app.maturity.models import Assessment
from app.maturity.queries import list_running, stranded_among


@dataclass(frozen=True)
class Found:
    """What was agreed last."""

    snapshot_id: int
    title: str
    taken_at: datetime
    score: float | None


@dataclass(frozen=True)
class Line:
    """A team against one framework: what runs, and what was agreed last; one of the two is there."""

    framework: Framework
    running: Assessment | None
    found: Found | None
    answered: int = 0
    asked: int = 0
    is_stranded: bool = False


@dataclass(frozen=True)
class Standing:
    """A team with its lines; none for a team that was never assessed."""

    team: Team
    lines: Sequence[Line]


def list_standings(person: User) -> list[Standing]:
    """Every team of the person. The number of queries is the same for any number of them."""
    teams = teams_of(person)
    team_ids = [team.id for team in teams]
    running = {(each.team_id, each.framework_id): each for each in list_running(team_ids)}
    found = {
        (row.team_id, row.framework_id): Found(row.id, row.title, row.taken_at, row.score)
        for row in latest_marks(team_ids)
    }
    answered = list_answered([each.id for each in running.values()])
    stranded = stranded_among([each.id for each in running.values()])
    asked = _list_asked([each.version_id for each in running.values()])

    def line(team: Team, framework: Framework) -> Line:
        assessment = running.get((team.id, framework.id))
        questions = asked.get(assessment.version_id, set()) if assessment else set()
        return Line(
            framework=framework,
            running=assessment,
            found=found.get((team.id, framework.id)),
            answered=len(questions & answered.get(assessment.id, set())) if assessment else 0,
            asked=len(questions),
            is_stranded=assessment is not None and assessment.id in stranded,
        )

    frameworks = _list_frameworks()
    return [
        Standing(
            team,
            [line(team, each) for each in frameworks if (team.id, each.id) in {*running, *found}],
        )
        for team in teams
    ]


def _list_frameworks() -> list[Framework]:
    query = select(Framework).order_by(Framework.position, Framework.slug)
    return list(db.session.execute(query).scalars())


def _list_asked(version_ids: Sequence[int]) -> dict[int, set[str]]:
    """The slugs of what each version asks."""
    query = (
        select(FrameworkVersion)
        .where(FrameworkVersion.id.in_(version_ids))
        .options(undefer(FrameworkVersion.content), joinedload(FrameworkVersion.framework))
    )
    return {
        version.id: {question.slug for area in read_areas(version.content) for question in area.questions}
        for version in db.session.execute(query).scalars()
    }


def list_choices(person: User) -> tuple[list[Team], list[Framework]]:
    """For whom the person can begin an assessment, and against what: frameworks that have a version and are not set aside."""
    query = (
        select(Framework)
        .where(
            select(FrameworkVersion.id).where(FrameworkVersion.framework_id == Framework.id).exists(),
            Framework.is_aside.is_(False),
        )
        .order_by(Framework.position, Framework.slug)
    )
    return teams_of(person), list(db.session.execute(query).scalars())
