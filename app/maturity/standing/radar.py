"""The geometry of a radar: pure, for the page and for the press alike."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

TOP_LEVEL = 5
FEWEST_AXES = 3
# The box it is drawn in, and where its middle is. Beside it there is room for words.
WIDTH, HEIGHT = 360.0, 276.0
RADIUS = 90.0
MIDDLE = (WIDTH / 2, 136.0)
LABEL_GAP = 13.0
# As many letters as fit beside the picture; Chinese characters count twice.
LINE_LETTERS = 14
LINE_HEIGHT = 14.0


@dataclass(frozen=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True)
class Axis:
    """`end` is at the highest level, `label` where its words are anchored (start, middle, end), `lines` are the words."""

    end: Point
    label: Point
    anchor: str
    lines: Sequence[str]


@dataclass(frozen=True)
class Shape:
    """One series: a point for each axis of which there is a value."""

    name: str
    points: Sequence[Point]

    @property
    def path(self) -> str:
        return path_of(self.points)


@dataclass(frozen=True)
class Radar:
    axes: Sequence[Axis]
    rings: Sequence[str]
    shapes: Sequence[Shape]


def path_of(points: Sequence[Point]) -> str:
    """As the `points` of a polygon."""
    return " ".join(f"{point.x:g},{point.y:g}" for point in points)


def make_radar(labels: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]]) -> Radar | None:
    """`series` are (name, a value from 0 to 5 for each label, or None). Of fewer than three axes there is no radar: None."""
    if len(labels) < FEWEST_AXES:
        return None
    count = len(labels)
    axes = [_axis(label, number, count) for number, label in enumerate(labels)]
    rings = [path_of([place(level, number, count) for number in range(count)]) for level in range(1, TOP_LEVEL + 1)]
    shapes = [
        Shape(name, [place(value, number, count) for number, value in enumerate(values) if value is not None])
        for name, values in series
    ]
    return Radar(axes, rings, shapes)


def place(value: float, number: int, count: int, *, beyond: float = 0.0) -> Point:
    """Where a value lies on the axis with this number of so many: the first points up, the others follow clockwise."""
    angle = 2 * math.pi * number / count
    length = RADIUS * value / TOP_LEVEL + beyond
    return Point(round(MIDDLE[0] + length * math.sin(angle), 1), round(MIDDLE[1] - length * math.cos(angle), 1))


def _axis(label: str, number: int, count: int) -> Axis:
    at = place(TOP_LEVEL, number, count, beyond=LABEL_GAP)
    aside = at.x - MIDDLE[0]
    anchor = "middle" if abs(aside) < RADIUS / 4 else "start" if aside > 0 else "end"
    lines = broken(label)
    # What stands above grows upwards, what stands below downwards, what stands beside both ways.
    share = 1.0 if anchor == "middle" and at.y < MIDDLE[1] else 0.0 if anchor == "middle" else 0.5
    y = at.y + 4 - (len(lines) - 1) * LINE_HEIGHT * share
    return Axis(place(TOP_LEVEL, number, count), Point(at.x, round(y, 1)), anchor, lines)


def broken(label: str) -> list[str]:
    """The label in lines that fit: after words, in Chinese after any character."""
    lines = [""]
    for piece in _pieces(label):
        if lines[-1] and _letters(lines[-1] + piece.rstrip()) > LINE_LETTERS:
            lines.append("")
        lines[-1] += piece
    return [line.strip() for line in lines]


def _pieces(label: str) -> list[str]:
    pieces: list[str] = []
    for character in label:
        if pieces and not _is_wide(character) and not _is_wide(pieces[-1][-1]) and pieces[-1][-1] != " ":
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _letters(text: str) -> int:
    return sum(2 if _is_wide(character) else 1 for character in text)


def _is_wide(character: str) -> bool:
    return ord(character) >= 0x2E80
