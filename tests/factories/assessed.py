"""Teams that were assessed, one by one."""

from __future__ import annotations

from datetime import datetime

from app.accounts.models import Team, User
from app.capabilities.models import Framework
from app.kernel.db import transaction
from tests.factories.maturity import make_snapshot
from tests.factories.people import make_team

LATELY = datetime.fromisoformat("2026-10-01T02:00:00+00:00")
CAPABILITIES = ("version-control", "change-management", "test-automation")


def make_assessed(
    framework: Framework,
    name: str,
    *levels: int | None,
    people: tuple[User, ...] = (),
    department: str = "Retail",
    is_benchmark: bool = False,
    taken_at: datetime = LATELY,
) -> Team:
    """A team with one snapshot of `tests.factories.frameworks.make_framework`, its three capabilities at these levels."""
    team = make_team(name, *people)
    with transaction() as session:
        kept = session.get_one(Team, team.id)
        kept.organisation, kept.is_benchmark = department, is_benchmark
    make_snapshot(team, framework, dict(zip(CAPABILITIES, levels, strict=True)), taken_at=taken_at)
    return team
