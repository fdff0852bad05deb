"""Who looks after articles. Pure questions, no database."""

from __future__ import annotations

from app.accounts.models import User
from app.accounts.rules import Permission
from app.practices.models import Practice


def looks_after_all(user: User) -> bool:
    return user.may(Permission.EDIT_LIBRARY)


def looks_after(user: User, practice: Practice) -> bool:
    """Its owner and the editors."""
    return practice.owner_id == user.id or looks_after_all(user)
