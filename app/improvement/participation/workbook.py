"""The numbers as a workbook: a sheet for each table, and one that says what is counted."""

from __future__ import annotations

from flask_babel import gettext as _

from app.improvement.participation.columns import MEASURES, Table, level_cells, month_cells, stage_cells, sum_cells
from app.improvement.participation.report import Report
from app.web import workbooks
from app.web.workbooks import Sheet

_WIDTHS = (34, 14)


def as_workbook(report: Report) -> bytes:
    """Names of sheets are short, for a workbook takes no more than 31 characters."""
    tables = [
        Table(_("In numbers"), sum_cells(report)),
        Table(_("Levels reached"), level_cells(report)),
        Table(_("Coaches by stage"), stage_cells(report)),
        Table(_("Month by month"), month_cells(report)),
    ]
    sheets = [
        Sheet(table.title, table.cells, [_WIDTHS[0], *(_WIDTHS[1] for _cell in table.cells[0][1:])]) for table in tables
    ]
    meanings = [(str(each.label), str(each.meaning)) for each in MEASURES]
    return workbooks.as_workbook([*sheets, Sheet(_("What is counted"), meanings, (24, 100), has_head=False)])
