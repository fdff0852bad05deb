"""A number before and after as it is drawn: two bars on one scale that begins at nothing, and the change in words."""

from __future__ import annotations

import math
from dataclasses import dataclass

from flask_babel import gettext as _

from app.case_studies.measures import Measure, find_measure
from app.case_studies.models import Metric
from app.case_studies.rules import MetricValues, compared
from app.case_studies.units import Family, find_unit, unit_for
from app.web.filters import number

# From here on a change is told as "times", below it as a percentage.
AS_TIMES = 1.5


@dataclass(frozen=True)
class Figure:
    """`bars` are the widths of before and after in percent, None where there is no common scale. `tone` is "good", "bad", or
    empty where nothing changed or nobody can tell.
    """

    metric: Metric | MetricValues
    measure: Measure | None
    bars: tuple[float, float] | None
    words: str
    tone: str

    @property
    def before_unit(self) -> str:
        return unit_for(self.metric.before or 0, self.metric.before_unit or self.metric.unit)

    @property
    def after_unit(self) -> str:
        return unit_for(self.metric.after or 0, self.metric.unit)

    @property
    def has_two_units(self) -> bool:
        return self.metric.before_unit not in {"", self.metric.unit}


def figure_of(metric: Metric | MetricValues) -> Figure:
    """Of a metric with both numbers."""
    measure, pair = find_measure(metric.measure), compared(metric)
    if pair is None:
        return Figure(metric, measure, None, "", "")
    before, after = pair
    tone = "" if math.isclose(before, after) else "good" if (after < before) == (metric.better == "lower") else "bad"
    return Figure(metric, measure, _bars(before, after), change_words(before, after, metric.unit), tone)


def _bars(before: float, after: float) -> tuple[float, float] | None:
    largest = max(before, after)
    if min(before, after) < 0 or largest == 0:
        return None
    return round(100 * (before / largest), 2), round(100 * (after / largest), 2)


def change_words(before: float, after: float, unit: str) -> str:
    """What happened between two numbers of one unit: "4.2 times as fast", "15 percentage points lower", "down to none"."""
    if math.isclose(before, after):
        return _("unchanged")
    if after == 0:
        return _("down to none")
    is_lower = after < before
    found = find_unit(unit)
    family = found.family if found else None
    if family is Family.SHARE:
        return _points(after - before)
    times = _ratio(before, after)
    if times is None:
        return _("lower") if is_lower else _("higher")
    # From 99.5 % on, "100 % lower" would be said of what is still there.
    if times < AS_TIMES or (is_lower and family is not Family.TIME and times < 200):
        return _percent(before, after)
    return _times(times, family, is_lower=is_lower)


def _ratio(before: float, after: float) -> float | None:
    """The larger over the smaller; None where that is no number."""
    if min(before, after) <= 0:
        return None
    ratio = max(before, after) / min(before, after)
    return ratio if math.isfinite(ratio) else None


def _points(change: float) -> str:
    said = number(_short(abs(change)))
    if change < 0:
        return _("%(points)s percentage points lower", points=said)
    return _("%(points)s percentage points higher", points=said)


def _percent(before: float, after: float) -> str:
    percent = abs(after - before) / before * 100
    said = number(_short(percent))
    return _("%(percent)s %% lower", percent=said) if after < before else _("%(percent)s %% higher", percent=said)


def _short(value: float) -> float:
    """Two figures of a small number, one decimal of a larger one, none of a large one."""
    return float(f"{value:.2g}") if value < 1 else round(value, 1) if value < 100 else round(value)


def _times(times: float, family: Family | None, *, is_lower: bool) -> str:
    said = number(_short(times))
    if family is Family.TIME:
        return _("%(times)s times as fast", times=said) if is_lower else _("%(times)s times as long", times=said)
    if is_lower:
        return _("one in %(times)s", times=said)
    if family is Family.RATE:
        return _("%(times)s times as often", times=said)
    return _("%(times)s times as much", times=said)
