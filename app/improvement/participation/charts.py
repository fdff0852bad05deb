"""What of the numbers is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from app.improvement.participation.columns import MEASURES, Measure
from app.improvement.participation.report import Report
from app.improvement.participation.rules import Levels
from app.training.reports.report import month_words
from app.web.charts import BAR_WIDTH, Bars, Trend, make_bars, make_trend

# More months than these are a line rather than bars.
MOST_BARS = 12


def months_of(report: Report) -> list[tuple[str, Bars | Trend]]:
    """A picture for each measure of which there is something in the period, with the name of the macro that draws it."""
    labels = [month_words(month) for month in report.span.period.months]
    counted = [(number, each, each.count(report.numbers).months) for number, each in enumerate(MEASURES)]
    return [_drawn(f"months-{number}", each, labels, months) for number, each, months in counted if any(months)]


def _drawn(name: str, measure: Measure, labels: Sequence[str], months: Sequence[int]) -> tuple[str, Bars | Trend]:
    title, row_name = str(measure.label), _("Calendar month")
    if len(labels) > MOST_BARS:
        return "trend", make_trend(name, title, labels, [(title, months)], row_name=row_name)
    rows = [(label, number, None) for label, number in zip(labels, months, strict=True)]
    return "bars", make_bars(name, title, rows, row_name=row_name, value_name=title)


def widths_of(levels: Levels) -> dict[int, float]:
    """How wide the bar of each level is, in percent; nothing for what is hidden."""
    most = max((count or 0 for count in levels.counts.values()), default=0) or 1
    return {level: round((count or 0) / most * BAR_WIDTH, 2) for level, count in levels.counts.items()}
