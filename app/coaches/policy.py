"""Who may see and change a coach's profile."""

from __future__ import annotations

from app.accounts.models import User
from app.accounts.rules import Permission
from app.coaches.models import Coach


def can_read(user: User | None, coach: Coach) -> bool:
    """Every reader, as long as the account is open; administrators always."""
    return coach.user.is_active or (user is not None and manages_people(user))


def can_edit(user: User, coach: Coach) -> bool:
    """The coach, and whoever manages people."""
    return coach.user_id == user.id or manages_people(user)


def can_keep_profile(user: User) -> bool:
    return user.may(Permission.KEEP_COACH_PROFILE)


def manages_people(user: User) -> bool:
    """Such people see the profiles of closed accounts, too."""
    return user.may(Permission.MANAGE_PEOPLE)
