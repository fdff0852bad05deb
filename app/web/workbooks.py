"""Workbooks for a spreadsheet. The one module that knows the library for them: to load it takes as long as a few pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from math import isfinite

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.web.sheets import harmless

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | float | None


@dataclass(frozen=True)
class Sheet:
    """A table with a name, the width of each column in characters, and which columns are shares of 1. The first row is the
    heading where `has_head`.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[int]
    shares: frozenset[int] = frozenset()
    has_head: bool = True


def as_workbook(sheets: Sequence[Sheet]) -> bytes:
    """Texts are texts: nothing that somebody wrote becomes a formula, an address to click or a number."""
    out = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(out, options) as book:
        bold, percent = book.add_format({"bold": True}), book.add_format({"num_format": "0%"})
        for sheet in sheets:
            _write(book.add_worksheet(sheet.name), sheet, bold, percent)
    return out.getvalue()


def _write(page: Worksheet, sheet: Sheet, bold: Format, percent: Format) -> None:
    for number, cells in enumerate(sheet.rows):
        is_head = sheet.has_head and number == 0
        for place, cell in enumerate(cells):
            _write_cell(page, number, place, cell, bold if is_head else percent if place in sheet.shares else None)
    for place, width in enumerate(sheet.widths):
        page.set_column(place, place, width)
    if sheet.has_head:
        page.freeze_panes(1, 1)


def _write_cell(page: Worksheet, row: int, place: int, cell: Cell, style: Format | None) -> None:
    if isinstance(cell, str):
        page.write_string(row, place, harmless(cell), style)
    elif cell is not None and isfinite(cell):
        page.write_number(row, place, cell, style)
    elif cell is not None:
        # No spreadsheet has a number for it.
        page.write_string(row, place, f"{cell:g}", style)
