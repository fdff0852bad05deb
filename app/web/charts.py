"""Charts as the macros of `_macros/charts.html` draw them: where each mark stands, in percent of the width and in pixels of
the height, so that a chart is as wide as its place and its words stay as large as all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# So much of the width the longest bar takes; beside it stands the figure.
BAR_WIDTH = 76.0
LEFT, RIGHT = 11.0, 98.0
TOP, BOTTOM = 12.0, 168.0
# More words than these under a trend would run into each other on a phone.
MAX_WORDS = 3


@dataclass(frozen=True)
class Bar:
    """`value` of `whole` (None: of nothing in particular), and how wide both are."""

    label: str
    value: int
    whole: int | None
    width: float
    whole_width: float


@dataclass(frozen=True)
class Bars:
    """`name` is an id on the page; `value_name` and `whole_name` say what the filled and the empty bar are, `row_name` what the
    rows are.
    """

    name: str
    title: str
    row_name: str
    value_name: str
    whole_name: str
    bars: Sequence[Bar]


def make_bars(
    name: str,
    title: str,
    rows: Iterable[tuple[str, int, int | None]],
    *,
    row_name: str,
    value_name: str,
    whole_name: str = "",
) -> Bars:
    """`rows` are (label, value, whole). All bars share one scale, from nothing to the largest."""
    listed = list(rows)
    most = max((max(value, whole or 0) for _label, value, whole in listed), default=0) or 1
    bars = [
        Bar(label, value, whole, _share(value, most) * BAR_WIDTH, _share(whole or 0, most) * BAR_WIDTH)
        for label, value, whole in listed
    ]
    return Bars(name, title, row_name, value_name, whole_name, bars)


@dataclass(frozen=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True)
class Line:
    """One series. `values` belong to the labels of the trend, `points` to the values."""

    name: str
    values: Sequence[int]
    points: Sequence[Point]

    @property
    def steps(self) -> list[tuple[Point, Point]]:
        """From each point to the next."""
        return list(zip(self.points, self.points[1:], strict=False))


@dataclass(frozen=True)
class Trend:
    """Series over the same `labels`; `words` are those labels that are written below, by their place. `levels` are the lines
    across, as (figure, height).
    """

    name: str
    title: str
    row_name: str
    labels: Sequence[str]
    lines: Sequence[Line]
    levels: Sequence[tuple[int, float]]
    words: Sequence[tuple[float, str]]


def make_trend(
    name: str, title: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]], *, row_name: str
) -> Trend:
    """`series` are (name, a value for each label). The scale begins at nothing, so that half as much looks like half."""
    top = _round_up(max((value for _name, values in series for value in values), default=0))
    places = [_place(number, len(labels)) for number in range(len(labels))]
    lines = [
        Line(of, values, [Point(x, _height(value, top)) for x, value in zip(places, values, strict=True)])
        for of, values in series
    ]
    levels = [(level, _height(level, top)) for level in (0, top // 2, top)]
    count = min(MAX_WORDS, len(labels))
    chosen = [round(number * (len(labels) - 1) / max(count - 1, 1)) for number in range(count)]
    return Trend(name, title, row_name, labels, lines, levels, [(places[each], labels[each]) for each in chosen])


def _share(part: int, whole: int) -> float:
    return part / whole


def _place(number: int, count: int) -> float:
    return round(LEFT + (RIGHT - LEFT) * number / max(count - 1, 1), 2)


def _height(value: int, top: int) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * value / top, 1)


def _round_up(most: int) -> int:
    """The next figure above that is easy to read and to halve: 2, 4, 10, 20, 40, 100 …"""
    power = 1
    while True:
        for step in (2, 4, 10):
            if most <= step * power:
                return step * power
        power *= 10
