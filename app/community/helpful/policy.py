"""Who may read why something was not helpful. Pure questions, no database."""

from __future__ import annotations

from collections.abc import Collection

from app.accounts.models import User
from app.accounts.rules import Permission


def is_editor(user: User) -> bool:
    return user.may(Permission.EDIT_LIBRARY)


def can_see_reasons(user: User, owner_ids: Collection[int]) -> bool:
    """Whoever answers for it, and editors. Nobody else: people would write what sounds well instead of what is so."""
    return user.id in owner_ids or is_editor(user)
