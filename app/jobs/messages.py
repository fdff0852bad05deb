"""How a kind of message is worded. Features give their kinds to the factory, which registers them here.

A row in the outbox or in a person's notices holds only a kind and its parameters. The words are made when somebody
reads them: in the reader's language and time zone, whichever those are by then.

A mail can wait for days while the mail server is away, and what it says can be wrong by then. So two more things are asked when
it is written: `bring_up_to_date` for what holds now, and the calendar for the state of the person's place at that moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask import Flask, current_app, g
from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.config import Config
from app.web.i18n import LOCALES


class Method(StrEnum):
    """What a mail does to the person's calendar (RFC 5546): puts an entry there or renews it, or takes it away."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Action:
    """Something to do about a message: a button in HTML, a line in plain text. `url` leads to a page that asks once more, for
    programs that read mail follow every link in it.
    """

    label: str
    url: str


@dataclass(frozen=True)
class Message:
    """`subject` is the line of a notice and the subject of a mail; `url` leads to what it is about. `calendar` says what
    the mail does to the person's calendar; what exactly is found out when it is sent.
    """

    subject: str
    body: str
    url: str | None = None
    actions: Sequence[Action] = ()
    calendar: Method | None = None


@dataclass(frozen=True)
class CalendarPart:
    """An iCalendar object of a mail. `before` is done in the transaction that is committed before the mail server gets the mail,
    `after` in the one that marks it as sent.
    """

    method: Method
    content: bytes
    before: Callable[[Session], None]
    after: Callable[[Session], None]


Wording = Callable[[Mapping[str, Any]], Message]
# Parameters as they are now; None where there is no longer anything to tell. Gets the id of the person's account.
Current = Callable[[Mapping[str, Any], int | None, datetime], Mapping[str, Any] | None]
# The calendar's part of a mail with these parameters to that person; None for none.
Calendar = Callable[[Method, Mapping[str, Any], int | None, datetime], CalendarPart | None]


def init_app(app: Flask) -> None:
    app.extensions["messages"] = {}
    app.extensions["current messages"] = {}


def register(app: Flask, wordings: Mapping[str, Wording]) -> None:
    """Make kinds of message known. Raises RuntimeError for a kind that is known already."""
    known = app.extensions["messages"]
    for kind, wording in wordings.items():
        if kind in known:
            raise RuntimeError(f"The message kind {kind} is registered twice.")
        known[kind] = wording


def register_current(app: Flask, current: Mapping[str, Current], calendar: Calendar) -> None:
    """What is asked when a mail is sent: of some kinds, what holds by then; of those with a calendar part, that."""
    app.extensions["current messages"].update(current)
    app.extensions["calendar of mail"] = calendar


def word(kind: str, params: Mapping[str, Any]) -> Message:
    """The message of this kind in the language that is being written. Raises KeyError for an unknown kind."""
    wording: Wording = current_app.extensions["messages"][kind]
    return wording(params)


def bring_up_to_date(
    kind: str, params: Mapping[str, Any], user_id: int | None, *, now: datetime
) -> Mapping[str, Any] | None:
    """The parameters as they are now; None if there is no longer anything to tell."""
    current: Current | None = current_app.extensions["current messages"].get(kind)
    return params if current is None else current(params, user_id, now)


def calendar_part(
    message: Message, params: Mapping[str, Any], user_id: int | None, *, now: datetime
) -> CalendarPart | None:
    """What goes into the person's calendar with `message`, as it is now."""
    if message.calendar is None:
        return None
    calendar: Calendar = current_app.extensions["calendar of mail"]
    return calendar(message.calendar, params, user_id, now)


@contextmanager
def reading_as(language: str, time_zone: str) -> Iterator[None]:
    """Write for a reader who is not the one of this request: language, time zone and whole addresses."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    config: Config = app.config["GUILDHALL"]
    # An application context of its own, so that `g` is not shared with whoever asks.
    with app.app_context(), app.test_request_context("/", base_url=config.site_url), force_locale(LOCALES[language]):
        g.time_zone = time_zone
        yield
