"""Numbers that were sent as text."""

from __future__ import annotations


def whole_number(text: str | None) -> int | None:
    """The number, if `text` is one that a column can hold; None for everything else that can be sent."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def sent_revision(text: str | None) -> int:
    """The revision that a form began with; for nonsense one that no row has, so that it counts as out of date."""
    number = whole_number(text)
    return -1 if number is None else number
