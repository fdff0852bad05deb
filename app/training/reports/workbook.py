"""A report as a workbook. The one module that knows the library for it: to load that takes as long as a few pages."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from flask_babel import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.training.reports.columns import Cell, cells_of, columns_of
from app.training.reports.report import Report
from app.web.sheets import harmless

_WIDTHS = (34, 14)


def as_workbook(report: Report) -> bytes:
    """A sheet with the numbers, shares as percentages, and one that says what is counted."""
    out = BytesIO()
    # Texts are texts: nothing that somebody wrote becomes a formula, an address to click or a number.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(out, options) as book:
        _write_numbers(book, report)
        _write_meanings(book, report)
    return out.getvalue()


def _write_numbers(book: Workbook, report: Report) -> None:
    sheet = book.add_worksheet(_("Training"))
    bold, percent = book.add_format({"bold": True}), book.add_format({"num_format": "0%"})
    shares = [False, *(column.is_share for column in columns_of(report))]
    for number, cells in enumerate(cells_of(report)):
        for place, cell in enumerate(cells):
            style = bold if number == 0 else percent if shares[place] else None
            _write(sheet, number, place, cell, style)
    sheet.set_column(0, 0, _WIDTHS[0])
    sheet.set_column(1, len(shares) - 1, _WIDTHS[1])
    sheet.freeze_panes(1, 1)


def _write_meanings(book: Workbook, report: Report) -> None:
    sheet = book.add_worksheet(_("What is counted"))
    lines: Sequence[tuple[str, str]] = [(str(column.label), str(column.meaning)) for column in columns_of(report)]
    for number, line in enumerate(lines):
        for place, text in enumerate(line):
            _write(sheet, number, place, text, None)
    sheet.set_column(0, 0, _WIDTHS[1])
    sheet.set_column(1, 1, 100)


def _write(sheet: Worksheet, row: int, place: int, cell: Cell, style: Format | None) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, place, harmless(cell), style)
    elif cell is not None:
        sheet.write_number(row, place, cell, style)
