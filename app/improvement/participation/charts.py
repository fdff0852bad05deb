"""What of the numbers is drawn: places across in percent of the width, down in pixels, as charts are drawn here (app.web.charts)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from babel.dates import format_skeleton
from flask_babel import get_locale

from app.improvement.participation.columns import MEASURES
from app.improvement.participation.report import Report
from app.improvement.participation.rules import Levels
from app.training.reports.report import month_words
from app.web.charts import BAR_WIDTH

# The tallest column, and how much of its place a column takes.
HEIGHT, FILL = 110, 0.68
# More words than these under the columns would run into each other on a phone.
MOST_WORDS = 6


@dataclass(frozen=True)
class Column:
    """A month. `word` is empty where there is no room for one."""

    x: float
    middle: float
    width: float
    height: float
    label: str
    word: str
    value: int


@dataclass(frozen=True)
class Columns:
    """A measure by month. `name` is an id on the page."""

    name: str
    title: str
    columns: Sequence[Column]


def months_of(report: Report) -> list[Columns]:
    """A picture for each measure of which there is something in the period."""
    counted = [(number, str(each.label), each.count(report.numbers).months) for number, each in enumerate(MEASURES)]
    return [_drawn(f"months-{number}", title, months, report) for number, title, months in counted if any(months)]


def _drawn(name: str, title: str, values: Sequence[int], report: Report) -> Columns:
    months, most = report.span.period.months, max(values)
    place = 100 / len(months)
    every = -(-len(months) // MOST_WORDS)
    return Columns(
        name,
        title,
        [
            Column(
                x=round((number + (1 - FILL) / 2) * place, 2),
                middle=round((number + 0.5) * place, 2),
                width=round(FILL * place, 2),
                height=round(value / most * HEIGHT, 1),
                label=month_words(month),
                word=format_skeleton("MMM", month, locale=get_locale()) if number % every == 0 else "",
                value=value,
            )
            for number, (month, value) in enumerate(zip(months, values, strict=True))
        ],
    )


def widths_of(levels: Levels) -> dict[int, float]:
    """How wide the bar of each level is, in percent; nothing for what is hidden."""
    most = max((count or 0 for count in levels.counts.values()), default=0) or 1
    return {level: round((count or 0) / most * BAR_WIDTH, 2) for level, count in levels.counts.items()}
