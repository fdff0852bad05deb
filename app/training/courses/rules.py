"""On which days a series takes place, and how the times of one session are said of another. No database, no Flask.

Days and clock readings are counted in the zone of the session, and only at the end they become moments: so a series stays at
two o'clock when the clocks are put forward.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday
from flask_babel import lazy_gettext as _l

from app.kernel.clock import zone
from app.kernel.errors import InvalidInputError
from app.training.rules import YEARS, read_wall_time

MAX_SUMMARY = 300
MAX_DATES = 60
# A monthly series of the most dates, with months between them that have no fifth Friday.
MAX_YEARS = 20
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_BETWEEN = re.compile(r"\s*(?:to|–|—|-|\.\.+|至|到)\s*")


class Pattern(StrEnum):
    """How a series repeats. Monthly is on a day of the week: on the second Tuesday, or on the last Friday."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    MONTHLY_LAST = "monthly_last"


PATTERN_NAMES = {
    Pattern.WEEKLY: _l("Every week"),
    Pattern.FORTNIGHTLY: _l("Every two weeks"),
    Pattern.MONTHLY: _l("Every month, as on the second Tuesday"),
    Pattern.MONTHLY_LAST: _l("Every month, as on the last Friday"),
}


# The same where it is known which weekday it is.
PATTERN_WORDS = {
    Pattern.WEEKLY: _l("Every week"),
    Pattern.FORTNIGHTLY: _l("Every two weeks"),
    Pattern.MONTHLY: _l("Every month"),
    Pattern.MONTHLY_LAST: _l("Every month"),
}


class Scope(StrEnum):
    """What a change of a session in a series is said of."""

    ONE = "one"
    LATER = "later"
    ALL = "all"


SCOPE_NAMES = {
    Scope.ONE: _l("Only this session"),
    Scope.LATER: _l("This one and all later ones"),
    Scope.ALL: _l("All that are still to come"),
}


def days_of(pattern: Pattern, first: date) -> Iterator[date]:
    """The days of the pattern from `first` on, which is one of them; for MONTHLY_LAST, from the first last weekday on. A month
    without a fifth Friday has no such day.
    """
    start = datetime.combine(first, time())
    if pattern in {Pattern.WEEKLY, Pattern.FORTNIGHTLY}:
        found = rrule(WEEKLY, interval=1 if pattern is Pattern.WEEKLY else 2, dtstart=start)
    else:
        number = -1 if pattern is Pattern.MONTHLY_LAST else (first.day - 1) // 7 + 1
        found = rrule(MONTHLY, dtstart=start, byweekday=weekday(first.weekday(), number))
    for moment in found:
        if moment.year > first.year + MAX_YEARS:
            return
        yield moment.date()


@dataclass(frozen=True)
class Plan:
    """The days of a series: all that the pattern gives, and those of them that are left out. `without` are the months between
    them, by their first days, that have no such day.
    """

    days: Sequence[date]
    left_out: frozenset[date]
    without: Sequence[date] = ()

    @property
    def kept(self) -> list[date]:
        return [day for day in self.days if day not in self.left_out]


def plan_series(
    pattern: Pattern, first: date, *, until: date | None, count: int | None, left_out: Collection[date] = ()
) -> Plan:
    """The days from `first` to `until` or so many of them, whichever ends earlier; what is left out counts. Raises
    InvalidInputError for a series that never ends, is none, or is too long.
    """
    if until is None and count is None:
        raise InvalidInputError(_l("Say until when it repeats, or how many dates there are."), field="until")
    _refuse_unless_last(pattern, first)
    days: list[date] = []
    for day in days_of(pattern, first):
        if (until is not None and day > until) or len(days) == count:
            break
        if len(days) == MAX_DATES:
            raise InvalidInputError(
                _l(
                    "A series has at most %(most)s dates. Choose an earlier end; later you can copy a session to go on.",
                    most=MAX_DATES,
                ),
                field="until" if until is not None else "count",
            )
        days.append(day)
    plan = Plan(days, frozenset(left_out) & frozenset(days), _months_without(pattern, days))
    if len(plan.kept) < 2:
        raise InvalidInputError(
            _l("That leaves fewer than two dates. Choose a later end, or do not repeat it."),
            field="until" if until is not None else "count",
        )
    return plan


def _refuse_unless_last(pattern: Pattern, first: date) -> None:
    if pattern is Pattern.MONTHLY_LAST and (first + timedelta(days=7)).month == first.month:
        raise InvalidInputError(
            _l(
                "%(day)s is not the last such weekday of its month. Begin with %(last)s, or choose another repetition.",
                day=first.isoformat(),
                last=next(days_of(pattern, first)).isoformat(),
            ),
            field="starts_at",
        )


def _months_without(pattern: Pattern, days: Sequence[date]) -> list[date]:
    if pattern is not Pattern.MONTHLY or not days:
        return []
    there = {day.replace(day=1) for day in days}
    months, month = [], min(there)
    while month < max(there):
        month = (month + timedelta(days=31)).replace(day=1)
        months.append(month)
    return [month for month in months if month not in there]


def read_days(text: str) -> frozenset[date]:
    """The days that somebody typed: `2026-12-25, 2026-12-28 to 2027-01-01`. Raises InvalidInputError for anything else."""
    days: set[date] = set()
    for item in re.split(r"[\n,;，；、]+", text):
        if not item.strip():
            continue
        first, last = _read_item(item.strip())
        if not first <= last <= first + timedelta(days=366):
            raise _unreadable(item)
        days.update(first + timedelta(days=number) for number in range((last - first).days + 1))
    return frozenset(days)


def _read_item(item: str) -> tuple[date, date]:
    start = _DAY.match(item)
    if start is None:
        raise _unreadable(item)
    first, rest = _date(start, item), item[start.end() :]
    if not rest:
        return first, first
    between = _BETWEEN.match(rest)
    end = _DAY.fullmatch(rest, between.end()) if between else None
    if end is None:
        raise _unreadable(item)
    return first, _date(end, item)


def _date(match: re.Match[str], item: str) -> date:
    try:
        day = date(*map(int, match.groups()))
    except ValueError:
        raise _unreadable(item) from None
    if day.year not in YEARS:
        raise _unreadable(item)
    return day


def _unreadable(item: str) -> InvalidInputError:
    return InvalidInputError(
        _l(
            "“%(text)s” is no day. Write days like 2026-12-25, and from one to another like 2026-12-24 to 2027-01-01.",
            text=item.strip()[:40],
        ),
        field="exceptions",
    )


@dataclass(frozen=True)
class Reading:
    """A moment as days after the first day of its session, and what the clock shows there."""

    days: int
    clock: time

    @classmethod
    def of(cls, moment: datetime, first: date, zone_name: str) -> Reading:
        there = moment.astimezone(zone(zone_name))
        return cls((there.date() - first).days, there.time())

    def on(self, first: date, zone_name: str) -> datetime:
        """The moment for a session whose first day is `first`. Raises InvalidInputError where no clock shows it."""
        return read_wall_time(datetime.combine(first + timedelta(days=self.days), self.clock), zone_name).moment


def first_day(starts_at: datetime, zone_name: str) -> date:
    """The day on which a session begins, where it takes place."""
    return starts_at.astimezone(zone(zone_name)).date()


@contextmanager
def naming(day: date) -> Iterator[None]:
    """Say on which day it is that something will not do."""
    try:
        yield
    except InvalidInputError as error:
        sentence = _l("On %(day)s: %(why)s", day=day.isoformat(), why=error.message)
        raise InvalidInputError(sentence, field=error.field) from None
