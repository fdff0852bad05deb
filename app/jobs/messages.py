"""How a kind of message is worded. Features give their kinds to the factory, which registers them here.

A row in the outbox or in a person's notices holds only a kind and its parameters. The words are made when somebody
reads them: in the reader's language and time zone, whichever those are by then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g
from flask_babel import force_locale

from app.config import Config
from app.web.i18n import LOCALES


@dataclass(frozen=True)
class Message:
    """`subject` is the line of a notice and the subject of a mail; `url` leads to what it is about."""

    subject: str
    body: str
    url: str | None = None


Wording = Callable[[Mapping[str, Any]], Message]


def init_app(app: Flask) -> None:
    app.extensions["messages"] = {}


def register(app: Flask, wordings: Mapping[str, Wording]) -> None:
    """Make kinds of message known. Raises RuntimeError for a kind that is known already."""
    known = app.extensions["messages"]
    for kind, wording in wordings.items():
        if kind in known:
            raise RuntimeError(f"The message kind {kind} is registered twice.")
        known[kind] = wording


def word(kind: str, params: Mapping[str, Any]) -> Message:
    """The message of this kind in the language that is being written. Raises KeyError for an unknown kind."""
    wording: Wording = current_app.extensions["messages"][kind]
    return wording(params)


@contextmanager
def reading_as(language: str, time_zone: str) -> Iterator[None]:
    """Write for a reader who is not the one of this request: language, time zone and whole addresses."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    config: Config = app.config["GUILDHALL"]
    # An application context of its own, so that `g` is not shared with whoever asks.
    with app.app_context(), app.test_request_context("/", base_url=config.site_url), force_locale(LOCALES[language]):
        g.time_zone = time_zone
        yield
