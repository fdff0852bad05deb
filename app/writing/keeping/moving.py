"""Everything that knows a text by its address is told when it gets another one; the factory hands over who that is."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, current_app
from sqlalchemy.orm import Session

from app.community.moving import Move


def init_app(app: Flask, moves: Sequence[Move]) -> None:
    app.extensions["moves"] = tuple(moves)


def move_references(session: Session, kind: str, old: str, new: str) -> None:
    """Let all that referred to the old address refer to the new one."""
    for move in current_app.extensions["moves"]:
        move(session, kind, old, new)
