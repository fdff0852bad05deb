"""Who asks teams to read something, and who sees who has. Pure questions, no database."""

from __future__ import annotations

from collections.abc import Collection

from app.accounts.models import User
from app.accounts.rules import Permission


def can_ask(user: User) -> bool:
    """Editors alone say what has to be read."""
    return user.may(Permission.EDIT_LIBRARY)


def led_team_ids(user: User) -> frozenset[int]:
    return frozenset(each.team_id for each in user.memberships if each.is_lead)


def has_to_read(team_ids: Collection[int], *, for_everybody: bool, required: Collection[int]) -> bool:
    """Is somebody in these teams one of those who are asked?"""
    return for_everybody or bool(set(team_ids) & set(required))


def teams_seen(user: User, *, for_everybody: bool, required: Collection[int]) -> frozenset[int] | None:
    """Of which teams this person sees who has read it: None for all, empty for none. Whoever leads a team sees that one."""
    if can_ask(user):
        return None
    led = led_team_ids(user)
    return led if for_everybody else led & frozenset(required)
