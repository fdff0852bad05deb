"""Who may see how often something is read: editors, and whoever answers for it."""

from __future__ import annotations

from app.accounts.models import User
from app.accounts.rules import Permission
from app.community.subjects import Subject


def sees_all(user: User) -> bool:
    return user.may(Permission.EDIT_LIBRARY)


def can_see_reads(user: User, subject: Subject) -> bool:
    return sees_all(user) or user.id in subject.owner_ids
