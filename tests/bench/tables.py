"""Tables for people, and the same as JSON for machines."""

from __future__ import annotations

import json
import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

OUT = Path(__file__).parent / "out"
FIRST, NARROWEST = 36, 9


class Results:
    """Prints rows as they are measured, and keeps them. `only` is a regular expression on "topic: row"."""

    def __init__(self, only: str = "") -> None:
        self._only = re.compile(only)
        self._topics: dict[str, list[dict[str, Any]]] = {}
        self._widths: list[int] = []

    def wants(self, topic: str, *rows: str) -> bool:
        """Is the topic to be measured, or one of its rows?"""
        return any(self._only.search(f"{topic}: {row}") for row in rows or ("",))

    def begin(self, topic: str, columns: Sequence[str], note: str = "") -> None:
        """Start a table."""
        print(f"\n{topic}{': ' + note if note else ''}")
        self._widths = [FIRST, *(max(NARROWEST, len(column) + 2) for column in columns[1:])]
        self._print(columns)
        self._topics[topic] = []

    def add(self, topic: str, row: dict[str, Any]) -> None:
        self._topics[topic].append(row)
        self._print([_cell(value) for value in row.values()])

    def _print(self, cells: Sequence[str]) -> None:
        """The first column to the left, figures to the right."""
        figures = "".join(cell.rjust(width) for cell, width in zip(cells[1:], self._widths[1:], strict=True))
        print(f"  {cells[0].ljust(self._widths[0])}{figures}", flush=True)

    def save(self) -> Path:
        """Write everything measured to a file of its own."""
        OUT.mkdir(exist_ok=True)
        now = datetime.now(UTC)
        path = OUT / f"{now:%Y%m%d-%H%M%S}.json"
        machine = {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()}
        data = {"at": now.isoformat(), "machine": machine, "results": self._topics}
        path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return path


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:.0f}"
    return str(value)
