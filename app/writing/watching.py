"""What rooms do when a manuscript takes a step, in the same transaction, without the service knowing them.

A guard is asked before the step and may refuse it; a watcher hears of it before anybody is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Flask, current_app
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.writing.kinds import Kind
from app.writing.models import Manuscript, ManuscriptEvent
from app.writing.rules import Step

# Raises ConflictError for what has to be done first.
Guard = Callable[[Session, Kind, Manuscript, Step], None]
Watcher = Callable[[Session, Manuscript, ManuscriptEvent, User], None]


def register(app: Flask, guards: Sequence[Guard], watchers: Sequence[Watcher]) -> None:
    app.extensions["writing-guards"], app.extensions["writing-watchers"] = tuple(guards), tuple(watchers)


def ask_guards(session: Session, kind: Kind, manuscript: Manuscript, step: Step) -> None:
    """Raises ConflictError where a room has something against it."""
    for guard in current_app.extensions["writing-guards"]:
        guard(session, kind, manuscript, step)


def tell_watchers(session: Session, manuscript: Manuscript, event: ManuscriptEvent, actor: User) -> None:
    for watcher in current_app.extensions["writing-watchers"]:
        watcher(session, manuscript, event, actor)
