"""A report as a workbook: a sheet with the numbers, shares as percentages, and one that says what is counted."""

from __future__ import annotations

from flask_babel import gettext as _

from app.training.reports.columns import cells_of, columns_of
from app.training.reports.report import Report
from app.web import workbooks
from app.web.workbooks import Sheet

_WIDTHS = (34, 14)


def as_workbook(report: Report) -> bytes:
    columns = columns_of(report)
    numbers = Sheet(
        _("Training"),
        cells_of(report),
        [_WIDTHS[0], *(_WIDTHS[1] for _column in columns)],
        frozenset(place for place, column in enumerate(columns, 1) if column.is_share),
    )
    meanings = Sheet(
        _("What is counted"),
        [(str(column.label), str(column.meaning)) for column in columns],
        (_WIDTHS[1], 100),
        has_head=False,
    )
    return workbooks.as_workbook([numbers, meanings])
