"""What of the company is drawn."""

from __future__ import annotations

from flask_babel import gettext as _

from app.maturity.company.report import Report
from app.maturity.company.rollup import HalfYear
from app.maturity.quartiles import Quartiles
from app.maturity.scoring import shown
from app.maturity.standing.charts import Course, TrackRow, Tracks, at, make_course, make_tracks, spread


def areas_of(report: Report) -> Tracks | None:
    """Where the half of the teams in the middle is, as a whole and by area."""
    lines = [(_("All areas"), report.rollup.score), *((name, report.rollup.areas[slug]) for slug, name in report.areas)]
    return make_tracks(_row(name, found) for name, found in lines if found is not None)


def _row(name: str, found: Quartiles) -> TrackRow:
    return TrackRow(name, str(shown(found.middle)), None, None, (at(found.low), at(found.high)), at(found.middle))


def trend_of(report: Report) -> Course | None:
    """The middle and the quarters of those assessed in each half-year. None where there is nothing to join."""
    if not report.has_trend:
        return None
    places = [spread(number, 0, len(report.trend) - 1) for number in range(len(report.trend))]
    found = [each.score for each in report.trend]
    series = [
        (_("The middle of the teams"), [each.middle if each else None for each in found]),
        (_("The highest quarter begins"), [each.high if each else None for each in found]),
        (_("The lowest quarter ends"), [each.low if each else None for each in found]),
    ]
    return make_course(places, series, [half_year_words(each) for each in report.trend])


def half_year_words(each: HalfYear) -> str:
    return (
        _("first half of %(year)s", year=each.year) if each.half == 1 else _("second half of %(year)s", year=each.year)
    )
