"""Everything that knows a capability by its slug is told when it gets another one; the factory hands over who that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Flask, current_app
from sqlalchemy.orm import Session

from app.capabilities.documents import Document, ancestors, capabilities_of

# Gets (session, slug of the framework, old slug, new slug).
Move = Callable[[Session, str, str, str], None]


def init_app(app: Flask, moves: Sequence[Move]) -> None:
    app.extensions["capability_moves"] = tuple(moves)


def move_references(session: Session, before: Document, now: Document) -> None:
    """Let all that referred to a capability by a slug that `before` had refer to it by the one that `now` has."""
    for slug, former in ancestors(capabilities_of(before), capabilities_of(now)).items():
        if slug != former:
            for move in current_app.extensions["capability_moves"]:
                move(session, now["slug"], former, slug)
