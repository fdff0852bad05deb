"""Who begins a story. Pure questions, no database."""

from __future__ import annotations

from app.accounts.models import Team, User


def can_begin(user: User, team: Team) -> bool:
    """The team tells its own story."""
    return team.id in user.team_ids
