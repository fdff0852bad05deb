"""Tables for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

# A spreadsheet takes a cell that begins like this for a formula (OWASP, "CSV Injection").
# The wide signs are what Chinese keyboards write.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def harmless(cell: str) -> str:
    """What somebody wrote, as a cell that no spreadsheet computes."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def as_csv(rows: Iterable[Sequence[str | float | None]]) -> bytes:
    """UTF-8 with a mark by which Excel knows it. Texts are made harmless, numbers stay as they are."""
    text = StringIO()
    sheet = csv.writer(text)
    for row in rows:
        sheet.writerow(["" if cell is None else harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")
