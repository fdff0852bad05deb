"""May this person see, change, run that session? Pure questions, no database."""

from __future__ import annotations

from typing import Protocol

from app.accounts.models import User
from app.accounts.rules import Permission, Role
from app.training.rules import State


class Run(Protocol):
    """What has to be known of a session to say whose it is."""

    @property
    def state(self) -> str: ...
    @property
    def created_by_id(self) -> int | None: ...
    @property
    def coach_ids(self) -> frozenset[int]: ...


def can_create(user: User) -> bool:
    return user.may(Permission.RUN_SESSIONS)


def can_read(user: User | None, training: Run) -> bool:
    """Drafts are seen by those who may change them; everything else by every reader."""
    return training.state != State.DRAFT or (user is not None and can_edit(user, training))


def can_edit(user: User, training: Run) -> bool:
    """Whoever made it, its coaches, and administrators: change, publish, cancel, and take the roster."""
    return user.id == training.created_by_id or leads(user, training) or is_administrator(user)


def leads(user: User, training: Run) -> bool:
    """Is the person a coach of it?"""
    return user.id in training.coach_ids


def is_administrator(user: User) -> bool:
    return Role.ADMINISTRATOR in user.roles


def can_join(user: User | None, training: Run, *, has_seat: bool) -> bool:
    """May the person see the link that leads into the session?"""
    return user is not None and (has_seat or can_edit(user, training))
