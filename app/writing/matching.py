"""Which row of a table is which row of its other version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
# What a row is called by, if it has any of these.
_NAMES = ("name", "question", "title", "slug")


def name_of(row: Row) -> str:
    """What the row is called; empty if it has no name."""
    return next((row[key] for key in _NAMES if isinstance(row.get(key), str) and row[key]), "")


def match_rows(left: Sequence[Row], right: Sequence[Row]) -> dict[int, int]:
    """From places in `left` to places in `right`: of rows that are the same, then of those with the same name, then of those
    in the same place, which somebody renamed.
    """
    matched: dict[int, int] = {}
    taken: set[int] = set()

    def match(here: int, there: int) -> None:
        matched[here] = there
        taken.add(there)

    for here, row in enumerate(left):
        # The same place first, so that of two equal rows each finds itself.
        places = [here, *range(len(right))] if here < len(right) else range(len(right))
        same = next((there for there in places if there not in taken and right[there] == row), None)
        if same is not None:
            match(here, same)
    for here, row in enumerate(left):
        name = name_of(row)
        if here not in matched and name:
            same = next(
                (there for there, other in enumerate(right) if there not in taken and name_of(other) == name), None
            )
            if same is not None:
                match(here, same)
    for here in range(min(len(left), len(right))):
        if here not in matched and here not in taken:
            match(here, here)
    return matched
