"""Time zones as iCalendar wants them: every change of the clocks within the time that is asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

STEP = timedelta(days=7)
SECOND = timedelta(seconds=1)


@lru_cache(maxsize=256)
def timezone_of(name: str, first_year: int, last_year: int) -> Timezone:
    """The VTIMEZONE (RFC 5545, 3.6.5) of an IANA zone from the beginning of `first_year` to the end of `last_year`.

    Each change of the clocks stands for itself, without a rule: rules are broken by governments, and what is asked for is
    short. It begins with how the clocks stood before. Must not be changed, for it is kept.
    """
    there = ZoneInfo(name)
    first, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    component = Timezone()
    component.add("tzid", name)
    component.add_component(_observance(there, first, _offset(there, first)))
    for moment in _changes(there, first, end):
        component.add_component(_observance(there, moment, _offset(there, moment - SECOND)))
    return component


def _changes(there: ZoneInfo, first: datetime, end: datetime) -> list[datetime]:
    """The moments from `first` to `end` at which the offset or the name becomes another, to the second."""
    found = []
    moment = first
    while moment < end:
        after = moment + STEP
        if _reading(there, moment) != _reading(there, after):
            found.append(_turn(there, moment, after))
        moment = after
    return found


def _turn(there: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first moment after `before` that reads like `after`. Clocks are not changed twice within a week."""
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if _reading(there, before + middle * SECOND) == _reading(there, before):
            low = middle
        else:
            high = middle
    return before + high * SECOND


def _observance(there: ZoneInfo, moment: datetime, offset_before: timedelta) -> TimezoneStandard | TimezoneDaylight:
    """How the clocks stand from `moment` on. The onset is told as the clocks showed it that were about to be changed."""
    here = moment.astimezone(there)
    component = TimezoneDaylight() if here.dst() else TimezoneStandard()
    component.add("dtstart", (moment + offset_before).replace(tzinfo=None))
    component.add("tzoffsetfrom", offset_before)
    component.add("tzoffsetto", _offset(there, moment))
    component.add("tzname", here.tzname() or str(there))
    return component


def _reading(there: ZoneInfo, moment: datetime) -> tuple[timedelta, str | None]:
    here = moment.astimezone(there)
    return here.utcoffset() or timedelta(), here.tzname()


def _offset(there: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(there).utcoffset() or timedelta()
