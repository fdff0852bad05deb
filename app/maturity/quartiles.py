"""What is said of many numbers: their quartiles. No database, no Flask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Quartiles:
    """A quarter of the numbers is at most `low`, half at most `middle`, three quarters at most `high`."""

    low: float
    middle: float
    high: float


def quartiles(numbers: Sequence[float]) -> Quartiles | None:
    """Between two numbers it is read off the line that joins them (Hyndman and Fan 1996, definition 7; what a spreadsheet's
    QUARTILE.INC gives). None of nothing.
    """
    if not numbers:
        return None
    ordered = sorted(numbers)
    return Quartiles(*(_at(ordered, part) for part in (0.25, 0.5, 0.75)))


def _at(ordered: Sequence[float], part: float) -> float:
    place = part * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
