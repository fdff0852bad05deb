"""The pictures of a standing: a radar, a trend over the snapshots, and tracks from level 1 to 5 with what stands on them. Places
are in percent of the width and in pixels of the height, as in `app.web.charts`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flask_babel import gettext as _

from app.maturity.quartiles import Quartiles
from app.maturity.scoring import shown
from app.maturity.standing.radar import Radar, make_radar
from app.maturity.standing.report import Report
from app.maturity.standing.rules import TOP_LEVEL
from app.maturity.standing.wording import day_of
from app.web.charts import BOTTOM, LEFT, RIGHT, TOP, Point

TRACK_LEFT, TRACK_RIGHT = 3.0, 97.0
LEVELS = range(1, TOP_LEVEL + 1)


def radar_of(report: Report) -> Radar | None:
    """Of the areas; where those are fewer than three, of the capabilities. None where even these are too few."""
    areas = [row for row in report.areas if row.now is not None]
    if len(areas) >= 3:
        values = [(row.name, row.now, row.before, row.aim or row.now) for row in areas]
    else:
        values = [
            (row.name, row.now, row.before, max(row.now, row.target or 0))
            for row in report.capabilities
            if row.now is not None
        ]
    series = [(_("At present"), [now for _name, now, _before, _aim in values])]
    if report.before:
        series.append((_("Before"), [before for _name, _now, before, _aim in values]))
    if report.aim is not None:
        series.append((_("Once the targets are reached"), [aim for _name, _now, _before, aim in values]))
    return make_radar([name for name, *_values in values], series)


@dataclass(frozen=True)
class Curve:
    """One series of a trend, in as many pieces as it has without gaps."""

    name: str
    pieces: Sequence[Sequence[Point]]

    @property
    def steps(self) -> list[tuple[Point, Point]]:
        """From each point to the next of its piece."""
        return [step for piece in self.pieces for step in pairwise(piece)]

    @property
    def points(self) -> list[Point]:
        return [point for piece in self.pieces for point in piece]


@dataclass(frozen=True)
class Course:
    """Levels over time. `levels` are (level, height), `words` (place, words) below."""

    curves: Sequence[Curve]
    levels: Sequence[tuple[int, float]]
    words: Sequence[tuple[float, str]]


def trend_of(report: Report) -> Course | None:
    """The score, and the staged level below it, over all snapshots; as far apart as they were in time. None of only one."""
    if len(report.history) < 2:
        return None
    moments = [each.taken_at.timestamp() for each in report.history]
    places = [spread(moment, moments[0], moments[-1]) for moment in moments]
    series: list[tuple[str, Sequence[float | None]]] = [
        (_("Score"), [each.score for each in report.history]),
        (_("Staged level"), [each.staged for each in report.history]),
    ]
    return make_course(places, series, [day_of(each.taken_at) for each in report.history])


def make_course(
    places: Sequence[float], series: Sequence[tuple[str, Sequence[float | None]]], labels: Sequence[str]
) -> Course:
    """`places` in percent, a value and a label for each of them; the first and the last label are written down."""
    chosen = sorted({0, len(labels) - 1})
    return Course(
        [Curve(name, _pieces(places, values)) for name, values in series],
        [(level, height(level)) for level in LEVELS],
        [(places[each], labels[each]) for each in chosen],
    )


def spread(moment: float, first: float, last: float) -> float:
    """Where a moment lies between the first and the last, in percent of the width."""
    return round(LEFT + (RIGHT - LEFT) * (moment - first) / ((last - first) or 1), 2)


def height(value: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * (value - 1) / (TOP_LEVEL - 1), 1)


def _pieces(places: Sequence[float], values: Sequence[float | None]) -> list[list[Point]]:
    pieces: list[list[Point]] = [[]]
    for x, value in zip(places, values, strict=True):
        if value is not None:
            pieces[-1].append(Point(x, height(value)))
        elif pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if piece]


@dataclass(frozen=True)
class TrackRow:
    """`dot` is where the team is, `aim` where it wants to be, `band` and `middle` where the others are; in percent."""

    label: str
    figure: str
    dot: float | None
    aim: float | None = None
    band: tuple[float, float] | None = None
    middle: float | None = None


@dataclass(frozen=True)
class Tracks:
    rows: Sequence[TrackRow]
    ticks: Sequence[tuple[float, int]]


def distance_of(report: Report) -> Tracks | None:
    """From where the team is to its targets."""
    rows = [
        TrackRow(
            row.name,
            _("%(now)s → %(target)s", now=row.now, target=row.target) if row.gap else _("reached"),
            at(row.now),
            at(row.target),
        )
        for row in report.with_target
        if row.now is not None and row.target is not None
    ]
    return make_tracks(rows)


def bands_of(report: Report) -> Tracks | None:
    """The team among the others, by area and as a whole. None where too few others are known."""
    whole = (_("All areas"), report.now.score, report.total_bands)
    lines = [whole, *((row.name, row.now, row.bands) for row in report.areas)]
    return make_tracks(_band_row(name, score, bands) for name, score, bands in lines if bands is not None)


def _band_row(name: str, score: float | None, bands: Quartiles) -> TrackRow:
    figure = _("does not apply") if score is None else str(shown(score))
    dot = None if score is None else at(score)
    return TrackRow(name, figure, dot, None, (at(bands.low), at(bands.high)), at(bands.middle))


def make_tracks(rows: Iterable[TrackRow]) -> Tracks | None:
    listed = list(rows)
    return Tracks(listed, [(at(level), level) for level in LEVELS]) if listed else None


def at(value: float) -> float:
    """The place of a level or score on a track."""
    return round(TRACK_LEFT + (TRACK_RIGHT - TRACK_LEFT) * (value - 1) / (TOP_LEVEL - 1), 2)
