"""Who brings documents in. Pure questions, no database."""

from __future__ import annotations

from app.accounts.models import User
from app.accounts.rules import Permission


def brings_in(user: User) -> bool:
    """Whoever edits the library: what is brought in is published without a review."""
    return user.may(Permission.EDIT_LIBRARY)
