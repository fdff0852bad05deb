"""What of a report is drawn."""

from __future__ import annotations

from flask_babel import gettext as _

from app.training.reports.report import Report, Row
from app.training.reports.rules import BY_NAMES, By
from app.web.charts import Bars, Trend, make_bars, make_trend

# More bars than these are no picture any more.
MOST_BARS = 12


def bars_of(report: Report) -> Bars | None:
    """How many of the seats were filled; where seats are counted by who has them, how many who had one attended."""
    if not report.rows:
        return None
    drawn, row_name = _drawn(report), str(BY_NAMES[report.by])
    if report.is_about_people:
        rows = [(row.label, row.tally.attended, row.tally.filled) for row in drawn]
        names = (_("Attended"), _("Filled"))
        title = _("Who had a seat, and who attended")
    else:
        rows = [(row.label, row.tally.filled, row.tally.offered or 0) for row in drawn]
        names = (_("Filled"), _("Offered"))
        title = _("Seats offered and filled")
    if len(drawn) < len(report.rows):
        title = _("%(title)s: %(num)s of %(all)s rows", title=title, num=len(drawn), all=len(report.rows))
    return make_bars("bars", title, rows, row_name=row_name, value_name=names[0], whole_name=names[1])


def _drawn(report: Report) -> list[Row]:
    """The last months; of anything else the rows with most people, in the order of the table. The table has all."""
    if report.by is By.MONTH:
        return list(report.rows[-MOST_BARS:])
    largest = sorted(report.rows, key=lambda row: row.tally.filled, reverse=True)[:MOST_BARS]
    return [row for row in report.rows if row in largest]


def trend_of(report: Report) -> Trend | None:
    """Month by month, where there is more than one."""
    if len(report.trend) < 2:
        return None
    series = [
        (_("Filled"), [row.tally.filled for row in report.trend]),
        (_("Attended"), [row.tally.attended for row in report.trend]),
    ]
    labels = [row.label for row in report.trend]
    return make_trend("trend", _("Seats filled and attended by month"), labels, series, row_name=_("Calendar month"))
