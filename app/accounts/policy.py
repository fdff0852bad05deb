"""May this person do that to this account or team? Pure questions, no database."""

from __future__ import annotations

from app.accounts.models import User
from app.accounts.rules import Permission
from app.search.sources import MEMBER, PUBLIC


def can_manage_people(user: User) -> bool:
    return user.may(Permission.MANAGE_PEOPLE)


def can_manage_teams(user: User) -> bool:
    return user.may(Permission.MANAGE_TEAMS)


def can_lose_administrator(user: User, target: User, administrators: int) -> bool:
    """Somebody has to stay who can let others in, and nobody locks themselves out."""
    return user.id != target.id and administrators > 1


def audience_of(user: User | None) -> frozenset[str]:
    """The marks by which search knows what this reader may find."""
    if user is None:
        return frozenset({PUBLIC})
    marks = {PUBLIC, MEMBER, f"user:{user.id}"}
    marks.update(f"role:{role}" for role in user.roles)
    marks.update(f"team:{team_id}" for team_id in user.team_ids)
    return frozenset(marks)
