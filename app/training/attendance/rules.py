"""When attendance can be taken, and which entry of a history holds. Pure decisions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from flask_babel import lazy_gettext as _l

from app.training.seats.presence import PRESENCE_NAMES, Means, Presence

OPENS_BEFORE = timedelta(hours=1)
OPEN_DAYS = 30
# Codes are shown a little longer than the meeting lasts, for whoever scans on the way out.
CODES_AFTER = timedelta(hours=1)

STATES = tuple(Presence)
NOTHING = ""
MEANS_NAMES = {
    Means.ROSTER: "",
    Means.REST: _l("with everybody else"),
    Means.WALL: _l("by the code on the wall"),
    Means.PERSONAL: _l("by the personal code"),
    Means.WALK_IN: _l("let in on the spot"),
}


class Dated(Protocol):
    """What has to be known of a meeting to say when its attendance is taken."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


class Entry(Protocol):
    """One entry of the history of one person at one meeting."""

    @property
    def id(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def means(self) -> str: ...
    @property
    def at(self) -> datetime: ...


def opens_at(meeting: Dated) -> datetime:
    return meeting.starts_at - OPENS_BEFORE


def closes_at(meeting: Dated) -> datetime:
    return meeting.ends_at + timedelta(days=OPEN_DAYS)


def can_take(meeting: Dated, *, now: datetime, is_administrator: bool) -> bool:
    """Can everything be said of a person now? From an hour before the start until OPEN_DAYS after the end; administrators
    correct later, too.
    """
    return now >= opens_at(meeting) and (is_administrator or now <= closes_at(meeting))


def can_excuse(meeting: Dated, now: datetime) -> bool:
    """Can a person excuse themselves? Until the meeting starts; from then on a coach says what was."""
    return now < meeting.starts_at


def shows_codes(meeting: Dated, now: datetime) -> bool:
    """Is there a code on the wall, and do personal codes count?"""
    return opens_at(meeting) <= now <= meeting.ends_at + CODES_AFTER


Held = TypeVar("Held", bound=Entry)


def holding(entries: Iterable[Held]) -> Held | None:
    """The entry that holds: the latest by the time at which it was tapped, in whatever order the entries arrived.

    "Everybody else is there" is said of those of whom nothing was said, so it counts only where nothing held before it.
    """
    holds: Held | None = None
    for entry in sorted(entries, key=lambda each: (each.at, each.id)):
        if entry.means != Means.REST or holds is None or not holds.state:
            holds = entry
    return holds


def state_name(state: str) -> object:
    """What was said, in words; a history also says that something was taken back."""
    return PRESENCE_NAMES[Presence(state)] if state else _l("taken back")
