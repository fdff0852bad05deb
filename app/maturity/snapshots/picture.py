"""Two snapshots as a picture: for each capability where it was and where it is, on a line from level 1 to level 5. Across in percent of the
width, down in pixels, as charts are drawn here (app.web.charts).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.maturity.rules import LEVELS
from app.maturity.snapshots.comparing import Comparison, Pair

ROW = 44
LEFT, RIGHT = 2.0, 98.0
HEAD = 20


@dataclass(frozen=True)
class Row:
    """`before` and `after` are places in percent, None where there is no level; `top` is the row's."""

    pair: Pair
    top: int
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Picture:
    rows: Sequence[Row]
    height: int
    levels: Sequence[tuple[int, float]]


def draw(comparison: Comparison) -> Picture:
    """Only of what has a level in one of the two."""
    pairs = [pair for pair in comparison.pairs if pair.level.before is not None or pair.level.after is not None]
    rows = [
        Row(pair, HEAD + number * ROW, _place(pair.level.before), _place(pair.level.after))
        for number, pair in enumerate(pairs)
    ]
    return Picture(rows, HEAD + len(rows) * ROW, [(level, _at(level)) for level in LEVELS])


def _place(level: float | None) -> float | None:
    return None if level is None else _at(level)


def _at(level: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * (level - LEVELS[0]) / (LEVELS[-1] - LEVELS[0]), 2)
