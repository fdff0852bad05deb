"""How what happened adds up over months, so that no number tells of fewer than five teams. No database, no Flask."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.maturity.hiding import LEAST, hide_small
from app.maturity.rules import LEVELS
from app.training.reports.rules import Period


@dataclass(frozen=True)
class Count:
    """How many: ever, in this calendar year, in the period, and in each of its months. None is what is hidden."""

    ever: int | None
    year: int
    period: int
    months: Sequence[int]


@dataclass(frozen=True)
class Span:
    """The months of the period, and the year that is running."""

    period: Period
    year: int

    def is_inside(self, month: date) -> bool:
        return self.period.first <= month <= self.period.last


def count_things(days: Iterable[date], span: Span) -> Count:
    """Things that happened on these days, each counted once."""
    return _count(_by_month(days), span)


def count_teams(days: Iterable[date], span: Span) -> Count:
    """What single teams did on these days. A month with fewer than five waits for the next in which there are five together: so
    no two periods differ by a smaller number, whichever a reader chooses. All of it is hidden while there are fewer than five.
    """
    counts = _by_month(days)
    total = sum(counts.values())
    told = _count(carry(counts), span)
    return Count(total if total == 0 or total >= LEAST else None, told.year, told.period, told.months)


def count_different(pairs: Collection[tuple[Hashable, date]], span: Span) -> Count:
    """Different people (or other things) of pairs with the day: whoever came in two months counts in both, and once in all."""
    months: dict[date, set[Hashable]] = {}
    for who, day in pairs:
        months.setdefault(day.replace(day=1), set()).add(who)

    def together(chosen: Iterable[date]) -> int:
        return len(set[Hashable]().union(*(months[month] for month in chosen)))

    return Count(
        together(months),
        together(month for month in months if month.year == span.year),
        together(month for month in months if span.is_inside(month)),
        [len(months.get(month, ())) for month in span.period.months],
    )


def carry(counts: Mapping[date, int]) -> dict[date, int]:
    """By month, with what is fewer than five counted in the next month in which it is at least five together."""
    told, waiting = dict[date, int](), 0
    for month in sorted(counts):
        waiting += counts[month]
        if waiting >= LEAST:
            told[month], waiting = waiting, 0
    return told


def _by_month(days: Iterable[date]) -> dict[date, int]:
    counts: dict[date, int] = {}
    for day in days:
        month = day.replace(day=1)
        counts[month] = counts.get(month, 0) + 1
    return counts


def _count(counts: Mapping[date, int], span: Span) -> Count:
    return Count(
        sum(counts.values()),
        sum(number for month, number in counts.items() if month.year == span.year),
        sum(number for month, number in counts.items() if span.is_inside(month)),
        [counts.get(month, 0) for month in span.period.months],
    )


@dataclass(frozen=True)
class Levels:
    """How many teams have reached which level, from 1 to 5, and `teams`, how many of those assessed that is: all but those to which
    nothing there applies. None is what is hidden.
    """

    teams: int | None
    counts: Mapping[int, int | None]


# Beside the levels: what applies to a team is nothing. How many these are follows from how many were assessed, which is told.
_NOTHING = 0


def spread(reached: Mapping[int, int], assessed: Collection[int], strangers: Collection[int]) -> Levels:
    """What the levels of single teams are together. `reached` has the level of each team to which something applies, `assessed` are all
    that were assessed, `strangers` those among them that the reader does not see by name: what is hidden is hidden for their sake.
    """
    counts = _tally(reached.get(team_id, _NOTHING) for team_id in assessed)
    hidden = hide_small(_tally(reached.get(team_id, _NOTHING) for team_id in strangers)) if assessed else set()
    return Levels(
        None if _NOTHING in hidden else len(assessed) - counts[_NOTHING],
        {level: None if level in hidden else counts[level] for level in LEVELS},
    )


def _tally(levels: Iterable[int]) -> dict[int, int]:
    counts = dict.fromkeys((_NOTHING, *LEVELS), 0)
    for level in levels:
        counts[level] += 1
    return counts
