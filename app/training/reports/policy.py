"""Who sees the training from above. Pure questions, no database beyond the person's own teams."""

from __future__ import annotations

from app.accounts.models import User


def sees_all(user: User) -> bool:
    """Coaches, editors and administrators see everything: whoever carries one of these roles runs or leads the programme."""
    return bool(user.roles)


def led_team_ids(user: User) -> frozenset[int]:
    return frozenset(membership.team_id for membership in user.memberships if membership.is_lead)


def can_see(user: User) -> bool:
    """Those, and whoever leads a team; a lead without such a role sees the people of the own teams only."""
    return sees_all(user) or bool(led_team_ids(user))
