"""May this person do that to this account or team? Pure questions, no database."""

from __future__ import annotations

from app.accounts.models import Team, User
from app.accounts.rules import Permission
from app.search.sources import MEMBER, PUBLIC


def can_manage_people(user: User) -> bool:
    return user.may(Permission.MANAGE_PEOPLE)


def can_manage_teams(user: User) -> bool:
    return user.may(Permission.MANAGE_TEAMS)


def can_change_team(user: User, team: Team) -> bool:
    """Administrators, and whoever leads the team, say who is in it."""
    return can_manage_teams(user) or any(each.user_id == user.id and each.is_lead for each in team.memberships)


def audience_of(user: User | None) -> frozenset[str]:
    """The marks by which search knows what this reader may find."""
    if user is None:
        return frozenset({PUBLIC})
    marks = {PUBLIC, MEMBER, f"user:{user.id}"}
    marks.update(f"role:{role}" for role in user.roles)
    marks.update(f"team:{team_id}" for team_id in user.team_ids)
    return frozenset(marks)
