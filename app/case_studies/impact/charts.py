"""The findings as a picture: for each measure the teams on one scale of ratios, with the range and the middle where there are
enough of them. The scale is logarithmic, so that twice as good and half as good are equally far from no change.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from app.case_studies.impact.rules import Finding
from app.web.filters import number

# In percent of the width: where the scale begins and ends. The label of each row stands above it.
LEFT, RIGHT = 2.0, 97.0
STEPS = (1, 2, 5)
# More marks than these would run into each other on a phone.
MOST_TICKS = 6


@dataclass(frozen=True)
class Row:
    """Places in percent. `range` and `middle` only where there are teams enough."""

    label: str
    figure: str
    dots: Sequence[float]
    range: tuple[float, float] | None
    middle: float | None


@dataclass(frozen=True)
class Ranges:
    """`ticks` are (place, what is written there), `unchanged` is the place of no change."""

    rows: Sequence[Row]
    ticks: Sequence[tuple[float, str]]
    unchanged: float


def ranges_of(findings: Sequence[Finding]) -> Ranges | None:
    """None where nothing has a ratio."""
    drawn = [finding for finding in findings if any(each.times is not None for each in finding.counted)]
    ratios = [each.times for finding in drawn for each in finding.counted if each.times is not None]
    if not ratios:
        return None
    low, high = _step(min(1.0, *ratios), up=False), _step(max(2.0, *ratios), up=True)

    def place(ratio: float) -> float:
        return round(LEFT + (RIGHT - LEFT) * math.log(ratio / low) / math.log(high / low), 2)

    rows = [
        Row(
            label=str(finding.measure.name),
            figure=figure_of(finding),
            dots=[place(each.times) for each in finding.counted if each.times is not None],
            range=(place(finding.times.least), place(finding.times.most)) if finding.times else None,
            middle=place(finding.times.middle) if finding.times else None,
        )
        for finding in drawn
    ]
    return Ranges(rows, [(place(tick), _("%(times)s×", times=number(tick))) for tick in _ticks(low, high)], place(1.0))


def figure_of(finding: Finding) -> str:
    """What stands beside a measure in the picture."""
    teams = ngettext("%(num)s team", "%(num)s teams", finding.teams)
    if finding.times is None:
        return teams
    return _("%(times)s× · %(teams)s", times=number(short(finding.times.middle)), teams=teams)


def short(value: float) -> float:
    """With as many digits as one reads: two of a small number, one decimal of a larger one, none of a large one."""
    return float(f"{value:.2g}") if abs(value) < 1 else round(value, 1) if abs(value) < 100 else float(round(value))


def _step(ratio: float, *, up: bool) -> float:
    """The next easy number, from the ratio up or down: 0.2, 0.5, 1, 2, 5, 10 …"""
    power = 10.0 ** math.floor(math.log10(ratio))
    steps = [step * power for step in (*STEPS, 10)]
    return (
        next(s for s in steps if s >= ratio * 0.999) if up else next(s for s in reversed(steps) if s <= ratio * 1.001)
    )


def _ticks(low: float, high: float) -> list[float]:
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    every = [step * 10.0**power for power in range(first, last + 1) for step in STEPS]
    inside = [tick for tick in every if low * 0.999 <= tick <= high * 1.001]
    if len(inside) <= MOST_TICKS:
        return inside
    decades = [tick for tick in inside if math.log10(tick).is_integer() or tick in {low, high}]
    return decades[:: math.ceil(len(decades) / MOST_TICKS)]
