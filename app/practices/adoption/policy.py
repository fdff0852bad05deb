"""Who may speak for a team."""

from __future__ import annotations

from app.accounts.models import User


def speaks_for(user: User, team_id: int) -> bool:
    """Every member of the team, and nobody else: what is said of a team is said by it."""
    return team_id in user.team_ids
