"""Who may do what with a wish. Everybody sees every wish; every member may wish and vote."""

from __future__ import annotations

from app.accounts.models import User
from app.accounts.rules import Permission


def looks_after(user: User) -> bool:
    """Coaches, editors and administrators: make a session of a wish, close it with a reason, open it again, and see the
    names of those who want it. All others see how many they are, and of which teams.
    """
    return user.may(Permission.RUN_SESSIONS)


def can_delete(user: User, *, made_by_id: int | None, votes_of_others: int) -> bool:
    """Whoever made it, as long as it is nobody else's too."""
    return user.id == made_by_id and not votes_of_others
