"""Everything that knows a text by its address, and has to be told when it gets another.

Whoever keeps a reference (a credit, a bookmark, a follower) hands over a `Mover` through the factory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask, current_app
from sqlalchemy import update
from sqlalchemy.orm import InstrumentedAttribute, Session

# Gets (session, kind, old slug, new slug).
Mover = Callable[[Session, str, str, str], None]


def init_app(app: Flask, movers: Sequence[Mover]) -> None:
    app.extensions["movers"] = tuple(movers)


def move_references(session: Session, kind: str, old: str, new: str) -> None:
    """Let all that referred to the old address refer to the new one."""
    for mover in current_app.extensions["movers"]:
        mover(session, kind, old, new)


def references(slug: InstrumentedAttribute[Any], *, kind: InstrumentedAttribute[str] | str) -> Mover:
    """The mover of a table that has the slug in one column and the kind in another, or is about one kind alone."""

    def move(session: Session, moved: str, old: str, new: str) -> None:
        if isinstance(kind, str) and kind != moved:
            return
        condition = () if isinstance(kind, str) else (kind == moved,)
        session.execute(update(slug.class_).where(slug == old, *condition).values({slug: new}))

    return move
