"""Files whose readers are asked. Whether somebody may read one is known by whoever keeps its address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Flask, current_app

# Is the file at this address in something that this person may read?
Question = Callable[[Any, str], bool]


def register(app: Flask, questions: Sequence[Question]) -> None:
    app.extensions["media_guards"] = tuple(questions)


def may_read(person: Any, url: str) -> bool:
    """Does anybody say so?"""
    return any(ask(person, url) for ask in current_app.extensions["media_guards"])
