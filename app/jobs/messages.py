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
class Group:
    """Lines under a title, each with the address it leads to; `more` says that there are others, and `more_url` where."""

    title: str
    lines: Sequence[tuple[str, str | None]]
    more: str = ""
    more_url: str = ""


@dataclass(frozen=True)
class Message:
    """`subject` is the line of a notice and the subject of a mail; `url` leads to what it is about. `calendar` says what
    the mail does to the person's calendar; what exactly is found out when it is sent. `groups` stand below the body.
    """

    subject: str
    body: str
    url: str | None = None
    actions: Sequence[Action] = ()
    calendar: Method | None = None
    groups: Sequence[Group] = ()


@dataclass(frozen=True)
class WayOut:
    """How a person gets no more mail like this one: `url` takes a POST (RFC 8058) and shows a button to people; `choices_url` is the
    page of all choices.
    """

    label: str
    url: str
    choices_url: str


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
# The way out of mail of this kind for that person; None where it cannot be chosen.
FindWayOut = Callable[[str, int | None], WayOut | None]
# The calendar's part of a mail with these parameters to that person; None for none.
Calendar = Callable[[Method, Mapping[str, Any], int | None, datetime], CalendarPart | None]


def init_app(app: Flask) -> None:
    app.extensions["messages"] = {}
    app.extensions["current messages"] = {}
    app.extensions["calendars of mail"] = {}
    app.extensions["way out of mail"] = _no_way_out


def _no_way_out(_kind: str, _user_id: int | None) -> WayOut | None:
    return None


def register(app: Flask, wordings: Mapping[str, Wording]) -> None:
    """Make kinds of message known. Raises RuntimeError for a kind that is known already."""
    known = app.extensions["messages"]
    for kind, wording in wordings.items():
        if kind in known:
            raise RuntimeError(f"The message kind {kind} is registered twice.")
        known[kind] = wording


def register_current(app: Flask, current: Mapping[str, Current]) -> None:
    """What is asked of some kinds when a mail is sent: what holds by then."""
    app.extensions["current messages"].update(current)


def register_calendars(app: Flask, calendars: Mapping[str, Calendar]) -> None:
    """Who knows, by the kind of a message, what it does to calendars. Kinds whose messages have no `calendar` need nobody."""
    app.extensions["calendars of mail"].update(calendars)


def register_way_out(app: Flask, find_way_out: FindWayOut) -> None:
    app.extensions["way out of mail"] = find_way_out


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
    kind: str, message: Message, params: Mapping[str, Any], user_id: int | None, *, now: datetime
) -> CalendarPart | None:
    """What goes into the person's calendar with `message`, which is of this kind, as it is now. Raises KeyError where a message
    has something for calendars and nobody registered for its kind.
    """
    if message.calendar is None:
        return None
    calendar: Calendar = current_app.extensions["calendars of mail"][kind]
    return calendar(message.calendar, params, user_id, now)


def way_out(kind: str, user_id: int | None) -> WayOut | None:
    """How this person gets no more mail of this kind."""
    find: FindWayOut = current_app.extensions["way out of mail"]
    return find(kind, user_id)


@contextmanager
def reading_as(language: str, time_zone: str) -> Iterator[None]:
    """Write for a reader who is not the one of this request: language, time zone and whole addresses."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    config: Config = app.config["GUILDHALL"]
    # An application context of its own, so that `g` is not shared with whoever asks.
    with app.app_context(), app.test_request_context("/", base_url=config.site_url), force_locale(LOCALES[language]):
        g.time_zone = time_zone
        yield
