"""Which times office hours offer, and what may become of a booking or of a place in the line. No database, no Flask.

Hours are said on the coach's own clocks and last as long as these clocks say: where an hour is skipped within them there are fewer
times, where one comes twice there are more, and no time is ever offered that the clocks do not show.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from typing import Protocol

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.kernel.clock import zone
from app.kernel.state import Transitions

MAX_TOPIC = 1000
MAX_REASON = 500
MAX_HOURS = 20
# So many bookings to come somebody may have with one coach, so that there is something left for others.
MOST_COMING = 2
USUAL_CANCEL_HOURS = 2
# From so long before a drop-in begins one can stand in line.
LINE_OPENS = timedelta(hours=1)
REMIND_BEFORE = timedelta(days=1)
DAY = timedelta(days=1)


class State(StrEnum):
    """Of a booking."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    HELD = "held"
    MISSED = "missed"


class Step(StrEnum):
    MOVE = "move"
    CANCEL = "cancel"
    HOLD = "hold"
    MISS = "miss"


# Read aloud: "what is booked can be moved or cancelled; afterwards it was held, or missed, and the coach may put that right."
STEPS = Transitions(
    {
        (State.BOOKED, Step.MOVE): State.BOOKED,
        (State.BOOKED, Step.CANCEL): State.CANCELLED,
        (State.BOOKED, Step.HOLD): State.HELD,
        (State.BOOKED, Step.MISS): State.MISSED,
        (State.HELD, Step.MISS): State.MISSED,
        (State.MISSED, Step.HOLD): State.HELD,
    }
)
STATE_NAMES: Mapping[State, LazyString] = {
    State.BOOKED: _l("Booked"),
    State.CANCELLED: _l("Cancelled"),
    State.HELD: _l("Held"),
    State.MISSED: _l("Missed"),
}


class InLine(StrEnum):
    """The state of a ticket."""

    WAITING = "waiting"
    CALLED = "called"
    SERVED = "served"
    LEFT = "left"
    MISSED = "missed"


class LineStep(StrEnum):
    CALL = "call"
    SERVE = "serve"
    LEAVE = "leave"
    MISS = "miss"


LINE_STEPS = Transitions(
    {
        (InLine.WAITING, LineStep.CALL): InLine.CALLED,
        (InLine.WAITING, LineStep.LEAVE): InLine.LEFT,
        (InLine.CALLED, LineStep.SERVE): InLine.SERVED,
        (InLine.CALLED, LineStep.MISS): InLine.MISSED,
        (InLine.CALLED, LineStep.LEAVE): InLine.LEFT,
    }
)


class Weekly(Protocol):
    """What the rules have to know of office hours."""

    @property
    def id(self) -> int: ...
    @property
    def weekday(self) -> int: ...
    @property
    def starts(self) -> time: ...
    @property
    def ends(self) -> time: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def slot_minutes(self) -> int: ...
    @property
    def since(self) -> date: ...
    @property
    def until(self) -> date | None: ...
    @property
    def lead_hours(self) -> int: ...
    @property
    def ahead_days(self) -> int: ...


# {(hours, day): from when to when instead}; None where there are none at all.
Exceptions = Mapping[tuple[int, date], tuple[time, time] | None]


@dataclass(frozen=True, order=True)
class Span:
    """From one moment to another."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: Span) -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, order=True)
class Slot(Span):
    """A time that can be booked with the hours it belongs to."""

    hours_id: int


def moment_on(day: date, reading: time, zone_name: str) -> datetime:
    """When clocks in the zone show that reading on that day: the first time where they do twice, and the moment at which they are
    put forward where they never do.
    """
    there = zone(zone_name)
    naive = datetime.combine(day, reading)
    moment = naive.replace(tzinfo=there, fold=0).astimezone(UTC)
    if moment.astimezone(there).replace(tzinfo=None) == naive:
        return moment
    # With the offset from before the change the reading lies after it, with the one from behind it before it.
    low, high = naive.replace(tzinfo=there, fold=1).astimezone(UTC), moment
    before = low.astimezone(there).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        low, high = (middle, high) if middle.astimezone(there).utcoffset() == before else (low, middle)
    return high


def span_on(hours: Weekly, day: date, exceptions: Exceptions) -> Span | None:
    """From when to when the coach is there on that day; None if not at all."""
    if day.weekday() != hours.weekday or day < hours.since or (hours.until is not None and day > hours.until):
        return None
    times = exceptions.get((hours.id, day), (hours.starts, hours.ends))
    if times is None:
        return None
    starts_at, ends_at = (moment_on(day, reading, hours.time_zone) for reading in times)
    return Span(starts_at, ends_at) if starts_at < ends_at else None


def days_between(hours: Weekly, start: datetime, end: datetime) -> Iterator[date]:
    """The days from `start` to `end`, on the clocks of the hours, that have their weekday."""
    there = zone(hours.time_zone)
    return weekdays_within(hours, start.astimezone(there).date(), end.astimezone(there).date())


def weekdays_within(hours: Weekly, first: date, last: date) -> Iterator[date]:
    """The days from `first` to `last` that have the weekday of the hours."""
    day = first + (hours.weekday - first.weekday()) % 7 * DAY
    while day <= last:
        yield day
        day += 7 * DAY


def slots_between(hours: Weekly, exceptions: Exceptions, start: datetime, end: datetime) -> Iterator[Slot]:
    """Every time of these hours that begins from `start` on and before `end`, booked or not, in order."""
    length = timedelta(minutes=hours.slot_minutes)
    for day in days_between(hours, start, end):
        span = span_on(hours, day, exceptions)
        if span is None:
            continue
        at = span.starts_at
        while at + length <= span.ends_at:
            if start <= at < end:
                yield Slot(at, at + length, hours.id)
            at += length


def window_of(hours: Weekly, now: datetime) -> tuple[datetime, datetime]:
    """From when and until when times of these hours can be booked now: hours as they pass, and whole days on the coach's clocks."""
    last = now.astimezone(zone(hours.time_zone)).date() + hours.ahead_days * DAY
    return now + timedelta(hours=hours.lead_hours), moment_on(last + DAY, time(), hours.time_zone)


def free_slots(hours: Weekly, exceptions: Exceptions, busy: Sequence[Span], now: datetime) -> Iterator[Slot]:
    """The times that can be booked now. `busy` is what is booked with the coach, in whatever hours."""
    for slot in slots_between(hours, exceptions, *window_of(hours, now)):
        if not any(slot.overlaps(other) for other in busy):
            yield slot


def free_of_all(
    all_hours: Iterable[Weekly],
    exceptions: Exceptions,
    busy: Sequence[Span],
    now: datetime,
    *,
    most: int | None = None,
) -> list[Slot]:
    """The free times of one coach, by time, or the first of them; of hours that overlap, each beginning once."""
    found: dict[datetime, Slot] = {}
    for hours in all_hours:
        # The first of all are among the first of each.
        for slot in islice(free_slots(hours, exceptions, busy, now), most):
            found.setdefault(slot.starts_at, slot)
    return sorted(found.values())[:most]


def first_clash(hours: Weekly, others: Iterable[Weekly], exceptions: Exceptions, now: datetime) -> Weekly | None:
    """The first of a coach's other hours that would overlap with `hours` on some day of the coming year."""
    end = now + 366 * DAY
    mine = [span for day in days_between(hours, now, end) if (span := span_on(hours, day, exceptions))]
    for other in others:
        theirs = [
            span for day in days_between(other, now - DAY, end + DAY) if (span := span_on(other, day, exceptions))
        ]
        if _do_overlap(mine, theirs):
            return other
    return None


def _do_overlap(mine: Sequence[Span], theirs: Sequence[Span]) -> bool:
    """Do any two of these overlap? Both are by time, and within each nothing overlaps."""
    rest = iter(theirs)
    other = next(rest, None)
    for span in mine:
        while other is not None and other.ends_at <= span.starts_at:
            other = next(rest, None)
        if other is not None and other.overlaps(span):
            return True
    return False


def outside(bookings: Iterable[Span], all_hours: Collection[Weekly], exceptions: Exceptions) -> list[Span]:
    """Those bookings that lie in no hours any more."""
    return [booking for booking in bookings if not _is_inside(booking, all_hours, exceptions)]


def _is_inside(booking: Span, all_hours: Iterable[Weekly], exceptions: Exceptions) -> bool:
    for hours in all_hours:
        for day in days_between(hours, booking.starts_at, booking.starts_at):
            span = span_on(hours, day, exceptions)
            if span is not None and span.starts_at <= booking.starts_at and booking.ends_at <= span.ends_at:
                return True
    return False


def may_still_change(starts_at: datetime, cancel_hours: int, now: datetime) -> bool:
    """May whoever booked move or cancel it still?"""
    return now + timedelta(hours=cancel_hours) <= starts_at


def is_line_open(span: Span, now: datetime) -> bool:
    """Can one stand in line now?"""
    return span.starts_at - LINE_OPENS <= now < span.ends_at
