"""Who reads a team's plan and who changes it. Pure questions, no database."""

from __future__ import annotations

from app.accounts.models import Team, User
from app.maturity.policy import can_see_standing


def can_read(user: User, team: Team) -> bool:
    """Whoever may see where the team stands: its people, coaches, leaders, and of a benchmark team every member."""
    return can_see_standing(user, team)


def can_edit(user: User, team_id: int) -> bool:
    """The people of the team, and nobody else. What its coach proposes is agreed in the engagement: the plan is the team's own."""
    return team_id in user.team_ids
