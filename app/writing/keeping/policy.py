"""Who may retire a text or give it another address. Pure questions, no database."""

from __future__ import annotations

from app.accounts.models import User
from app.accounts.rules import Permission
from app.writing.models import Manuscript
from app.writing.policy import is_of_team


def keeps_library(user: User) -> bool:
    """May the person look after what others wrote?"""
    return user.may(Permission.EDIT_LIBRARY)


def can_retire(user: User, manuscript: Manuscript) -> bool:
    """Editors; and a team its own story, which belongs to it."""
    return keeps_library(user) or (not manuscript.is_open and is_of_team(user, manuscript))
