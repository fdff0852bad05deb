"""What is counted, how it adds up, and what tells too much. No database, no Flask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import reduce
from operator import add
from typing import Generic, TypeVar

from flask_babel import lazy_gettext as _l

from app.kernel.clock import zone
from app.kernel.errors import InvalidInputError

# A row about a team's people that tells of fewer than so many could tell of one of them.
FEW = 5
MAX_MONTHS = 60
USUAL_MONTHS = 12


class By(StrEnum):
    """What the rows of a report are."""

    MONTH = "month"
    CAPABILITY = "capability"
    LEVEL = "level"
    KIND = "kind"
    COACH = "coach"
    TEAM = "team"


BY_NAMES = {
    By.MONTH: _l("Calendar month"),
    By.CAPABILITY: _l("Capability"),
    By.LEVEL: _l("Level"),
    By.KIND: _l("Kind"),
    By.COACH: _l("Coach"),
    By.TEAM: _l("Team"),
}


@dataclass(frozen=True)
class Period:
    """Whole months from `first` to `last`, each given by its first day."""

    first: date
    last: date

    @property
    def months(self) -> list[date]:
        months = [self.first]
        while months[-1] < self.last:
            months.append(_next(months[-1]))
        return months

    def bounds(self, zone_name: str) -> tuple[datetime, datetime]:
        """When the first month begins in the zone, and when the last one ends."""
        there = zone(zone_name)
        start, end = (datetime.combine(day, time(), there) for day in (self.first, _next(self.last)))
        return start.astimezone(UTC), end.astimezone(UTC)


def usual_period(today: date) -> Period:
    """The last twelve months, this one included."""
    first = today.replace(day=1)
    for _month in range(USUAL_MONTHS - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    return Period(first, today.replace(day=1))


def check_period(first: date, last: date) -> Period:
    """Raises InvalidInputError for the field to blame."""
    if last < first:
        raise InvalidInputError(_l("The last month has to come after the first one."), field="until")
    if (last.year - first.year) * 12 + last.month - first.month >= MAX_MONTHS:
        raise InvalidInputError(_l("Choose at most five years."), field="since")
    return Period(first, last)


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


@dataclass(frozen=True)
class Tally:
    """What was counted. `sessions` and `offered` are None where seats are counted by who has them; `people` are then all
    whose places were counted, else None.

    `answers` are those of the sessions whose feedback is public, `rated` the sum of what they gave, each from 1 to 5.

    Everybody with a seat attended, was excused, missed it, or nothing was noted: `filled` is the sum of the four.
    """

    sessions: int | None = 0
    offered: int | None = 0
    filled: int = 0
    waited: int = 0
    attended: int = 0
    excused: int = 0
    missed: int = 0
    people: frozenset[int] | None = None
    answers: int = 0
    rated: float = 0.0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            sessions=_sum(self.sessions, other.sessions),
            offered=_sum(self.offered, other.offered),
            filled=self.filled + other.filled,
            waited=self.waited + other.waited,
            attended=self.attended + other.attended,
            excused=self.excused + other.excused,
            missed=self.missed + other.missed,
            people=None if self.people is None or other.people is None else self.people | other.people,
            answers=self.answers + other.answers,
            rated=self.rated + other.rated,
        )

    @property
    def noted(self) -> int:
        """Of how many it is known whether they were there."""
        return self.attended + self.excused + self.missed

    @property
    def unknown(self) -> int:
        """Of how many it is not: the session is still to come, or nobody took attendance."""
        return self.filled - self.noted

    @property
    def filled_share(self) -> float | None:
        """Of the seats that were offered, from 0; above 1 where coaches let more people in."""
        return self.filled / self.offered if self.offered else None

    @property
    def attended_share(self) -> float | None:
        """Of those of whom it is known, from 0 to 1."""
        return self.attended / self.noted if self.noted else None

    @property
    def rating(self) -> float | None:
        """What the answers gave on average, from 1 to 5."""
        return round(self.rated / self.answers, 1) if self.answers else None


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def add_up(tallies: Iterable[Tally]) -> Tally:
    """Their sum; nothing where there are none."""
    each = list(tallies)
    return reduce(add, each) if each else Tally()


Key = TypeVar("Key")


@dataclass(frozen=True)
class Merged(Generic[Key]):
    """What is left to show of rows about teams' people: rows, and `others` taken together; `merged` counts those in it."""

    rows: Sequence[tuple[Key, Tally]]
    others: Tally | None
    merged: int


def merge_few(rows: Sequence[tuple[Key, Tally]]) -> Merged[Key]:
    """Take rows that tell of fewer than FEW people together. As long as these are fewer than FEW people even together, the
    smallest of the other rows joins them: else they could be found out by subtracting the others from the sum. Where all
    rows together tell of too few, none is left.
    """
    told = [(key, tally) for key, tally in rows if tally.people]
    by_size = sorted(told, key=lambda row: len(row[1].people or ()))
    inside = [row for row in by_size if len(row[1].people or ()) < FEW]
    if not inside:
        return Merged(told, None, 0)
    others = add_up(tally for _key, tally in inside)
    for row in by_size[len(inside) :]:
        if len(others.people or ()) >= FEW:
            break
        inside.append(row)
        others += row[1]
    if len(others.people or ()) < FEW:
        return Merged((), None, 0)
    hidden = {id(tally) for _key, tally in inside}
    return Merged([row for row in told if id(row[1]) not in hidden], others, len(inside))
