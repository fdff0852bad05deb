"""The statistics of the impact page: which numbers count, and what is said of several teams. No database, no Flask.

docs/case-studies.md works each of them out by hand.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from app.case_studies.measures import MEASURES, Measure
from app.case_studies.rules import MetricValues
from app.case_studies.units import converted

# Of fewer teams nothing is computed: their stories are shown instead.
ENOUGH_TEAMS = 3
# So many stories stand behind a figure on the page, the newest; the sheets have all of them.
MOST_SHOWN = 12


@dataclass(frozen=True)
class Told:
    """A number as a published story tells it. `before` and `after` are in the unit of the measure, `times` says how many
    times better it got, None where there is no such ratio.
    """

    measure: Measure
    values: MetricValues
    before: float
    after: float
    times: float | None
    slug: str
    title: str
    language: str
    team_id: int
    team: str
    is_benchmark: bool
    capability_id: int | None
    day: date


def in_unit_of(measure: Measure, values: MetricValues) -> tuple[float, float] | None:
    """Before and after in the unit of the measure; None where they cannot be had, so that the number does not count."""
    if values.before is None or values.after is None:
        return None
    before = converted(values.before, values.before_unit or values.unit, measure.unit)
    after = converted(values.after, values.unit, measure.unit)
    if before is None or after is None or not (math.isfinite(before) and math.isfinite(after)):
        return None
    # A time, a frequency or a share below nothing is a mistake.
    return None if min(before, after) < 0 else (before, after)


def times_better(measure: Measure, before: float, after: float) -> float | None:
    """How many times better `after` is, both in the unit of the measure: more than 1 is better, less is worse.

    None where one of them is nothing: no number of times leads there.
    """
    if measure.by_shortfall:
        before, after = 100 - after, 100 - before
    if min(before, after) <= 0:
        return None
    ratio = before / after if measure.better == "lower" else after / before
    return ratio if 0 < ratio < math.inf else None


@dataclass(frozen=True)
class Spread:
    """Of several numbers the one in the middle, the least and the most."""

    middle: float
    least: float
    most: float


def spread_of(numbers: Sequence[float]) -> Spread | None:
    """With the usual median: of an even number, the mean of the two in the middle. None of nothing."""
    if not numbers:
        return None
    low, high = _middles(numbers)
    return Spread(low + (high - low) / 2, min(numbers), max(numbers))


def spread_of_times(ratios: Sequence[float]) -> Spread | None:
    """The same for ratios, whose mean is the geometric one: twice as good and half as good are nothing together."""
    if not ratios:
        return None
    low, high = _middles(ratios)
    return Spread(math.sqrt(low) * math.sqrt(high), min(ratios), max(ratios))


def _middles(numbers: Sequence[float]) -> tuple[float, float]:
    """The two in the middle; of an odd number twice the same."""
    ordered = sorted(numbers)
    return ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]


@dataclass(frozen=True)
class Finding:
    """What is known of one measure. `told` is all of it, the newest first; `counted` the one number that stands for each
    team. The spreads are None where there are too few teams.
    """

    measure: Measure
    told: Sequence[Told]
    counted: Sequence[Told]
    before: Spread | None
    after: Spread | None
    times: Spread | None

    @property
    def teams(self) -> int:
        return len(self.counted)

    @property
    def is_statistic(self) -> bool:
        return self.teams >= ENOUGH_TEAMS

    @property
    def without_ratio(self) -> int:
        """How many teams there are whose number went to nothing or came from it."""
        return sum(each.times is None for each in self.counted)

    @property
    def shown(self) -> Sequence[Told]:
        """The newest of what was told, as many as a page has room for."""
        return self.told[:MOST_SHOWN]

    @property
    def stories(self) -> int:
        return len({each.slug for each in self.told})


def find(told: Iterable[Told]) -> list[Finding]:
    """A finding for each measure that somebody told something of, in the order of the measures."""
    order = {measure.key: place for place, measure in enumerate(MEASURES)}
    # By day from the newest on; of one day in the order of the addresses, so that the same one stands first each time.
    newest = sorted(told, key=lambda each: (order[each.measure.key], -each.day.toordinal(), each.slug))
    return [_finding(measure, list(same)) for measure, same in groupby(newest, lambda each: each.measure)]


def _finding(measure: Measure, told: Sequence[Told]) -> Finding:
    counted = one_of_each_team(told)
    if len(counted) < ENOUGH_TEAMS:
        return Finding(measure, told, counted, None, None, None)
    return Finding(
        measure,
        told,
        counted,
        spread_of([each.before for each in counted]),
        spread_of([each.after for each in counted]),
        spread_of_times([each.times for each in counted if each.times is not None]),
    )


def one_of_each_team(told: Sequence[Told]) -> list[Told]:
    """The first of each team, that is its newest: a team that writes much does not weigh more than others."""
    first: dict[int, Told] = {}
    for each in told:
        first.setdefault(each.team_id, each)
    return list(first.values())
