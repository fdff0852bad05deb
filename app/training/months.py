"""Days and months: sessions by day, and the grid of a month. Files for calendars are in `calendar_entries`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from app.kernel.clock import zone
from app.training.models import Meeting, TrainingSession

# Sessions without an end in sight are no use on a calendar; one that lasts longer is shown on this many days.
MAX_DAYS = 31
Timed = TypeVar("Timed", Meeting, TrainingSession)
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class Month:
    """A month of the calendar, with the whole weeks it lies in. Weeks begin on Monday."""

    first: date

    @property
    def text(self) -> str:
        """As in an address: `2026-11`."""
        return f"{self.first:%Y-%m}"

    @property
    def previous(self) -> Month:
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def next(self) -> Month:
        return Month((self.first + timedelta(days=31)).replace(day=1))

    @property
    def weeks(self) -> list[list[date]]:
        monday = self.first - timedelta(days=self.first.weekday())
        weeks = []
        while monday < self.next.first:
            weeks.append([monday + timedelta(days=number) for number in range(7)])
            monday += timedelta(days=7)
        return weeks

    def bounds(self, zone_name: str) -> tuple[datetime, datetime]:
        """When the first of the weeks begins in the zone, and when the last one ends."""
        weeks = self.weeks
        return _midnight(weeks[0][0], zone_name), _midnight(weeks[-1][-1] + timedelta(days=1), zone_name)

    def holds(self, day: date) -> bool:
        return (day.year, day.month) == (self.first.year, self.first.month)


def read_month(text: str, today: date) -> Month:
    """The month that an address names; this one where it names none."""
    match = _MONTH.fullmatch(text)
    return Month(date(int(match[1]), int(match[2]), 1) if match else today.replace(day=1))


def _midnight(day: date, zone_name: str) -> datetime:
    return datetime.combine(day, time(), zone(zone_name)).astimezone(UTC)


def by_day(things: Iterable[Timed], zone_name: str) -> dict[date, list[Timed]]:
    """Sessions, or their meetings, under every day of the zone on which they take place."""
    there = zone(zone_name)
    days: dict[date, list[Timed]] = {}
    for thing in things:
        first = thing.starts_at.astimezone(there).date()
        # What ends at midnight does not take place on the day that begins then.
        last = (thing.ends_at - timedelta(microseconds=1)).astimezone(there).date()
        for number in range(min((last - first).days + 1, MAX_DAYS)):
            days.setdefault(first + timedelta(days=number), []).append(thing)
    return days


def by_first_day(things: Iterable[Timed], zone_name: str) -> dict[date, list[Timed]]:
    """Sessions, or their meetings, under the day on which they start, in the given order."""
    days: dict[date, list[Timed]] = {}
    for thing in things:
        days.setdefault(thing.starts_at.astimezone(zone(zone_name)).date(), []).append(thing)
    return days
