"""Who may do what with a comment. Every reader reads, every member writes. Pure questions, no database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from app.accounts.models import User
from app.accounts.rules import Permission
from app.community.comments.rules import is_editable


class Said(Protocol):
    """What has to be known of a comment."""

    @property
    def author_id(self) -> int | None: ...
    @property
    def at(self) -> datetime: ...
    @property
    def removed_at(self) -> datetime | None: ...
    @property
    def hidden_at(self) -> datetime | None: ...


def can_edit(user: User, comment: Said, now: datetime) -> bool:
    """The author, while the words are fresh and everybody sees them."""
    return can_remove(user, comment) and comment.hidden_at is None and is_editable(comment.at, now)


def can_remove(user: User, comment: Said) -> bool:
    """The author, at any time."""
    return comment.author_id == user.id and comment.removed_at is None


def can_hide(user: User) -> bool:
    """Editors hide what should not stand there, with a reason, and restore it."""
    return user.may(Permission.EDIT_LIBRARY)


def can_see_hidden(user: User, comment: Said) -> bool:
    return comment.author_id == user.id or can_hide(user)


def can_mark_answered(user: User, owner_ids: Collection[int]) -> bool:
    """Whoever answers for the page, and editors."""
    return user.id in owner_ids or can_hide(user)
