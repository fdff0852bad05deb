"""What of a report is drawn."""

from __future__ import annotations

from flask_babel import gettext as _

from app.training.reports.report import Report
from app.training.reports.rules import BY_NAMES
from app.web.charts import Bars, Trend, make_bars, make_trend


def bars_of(report: Report) -> Bars | None:
    """How many of the seats were filled; where seats are counted by who has them, how many who had one attended."""
    if not report.rows:
        return None
    row_name = str(BY_NAMES[report.by])
    if report.is_about_people:
        rows = [(row.label, row.tally.attended, row.tally.filled) for row in report.rows]
        names = (_("Attended"), _("Filled"))
        title = _("Who had a seat, and who attended")
    else:
        rows = [(row.label, row.tally.filled, row.tally.offered or 0) for row in report.rows]
        names = (_("Filled"), _("Offered"))
        title = _("Seats offered and filled")
    return make_bars("bars", title, rows, row_name=row_name, value_name=names[0], whole_name=names[1])


def trend_of(report: Report) -> Trend | None:
    """Month by month, where there is more than one."""
    if len(report.trend) < 2:
        return None
    series = [
        (_("Filled"), [row.tally.filled for row in report.trend]),
        (_("Attended"), [row.tally.attended for row in report.trend]),
    ]
    labels = [row.label for row in report.trend]
    return make_trend("trend", _("Seats filled and attended by month"), labels, series, row_name=_("Month"))
