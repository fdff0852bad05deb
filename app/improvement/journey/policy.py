"""Who sees the whole way of a team. Pure questions, no database."""

from __future__ import annotations

from app.accounts.models import Team, User
from app.community.reads.policy import sees_all
from app.maturity.policy import can_see_standing, speaks_for


def can_see(user: User | None, team: Team) -> bool:
    """Whoever sees where the team stands; of a benchmark team every member."""
    return can_see_standing(user, team)


def can_see_reads(user: User, team: Team) -> bool:
    """How often its stories are read is for those who answer for them, and for editors."""
    return speaks_for(user, team.id) or sees_all(user)
