"""What came of reading a set of files: one line for each file that was created, changed, left or refused."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum


class Outcome(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    LEFT = "left"
    REFUSED = "refused"


@dataclass(frozen=True)
class Line:
    """One file's outcome. `notes` are things worth knowing that did not stop it; `line` counts from 1."""

    outcome: Outcome
    file: str
    reason: str = ""
    line: int | None = None
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        text = f"{self.outcome:8} {place}"
        if self.reason:
            text += f": {self.reason}"
        return "\n".join([text, *(f"         - {note}" for note in self.notes)])


@dataclass
class Report:
    """The outcomes of one run, in the order of the files."""

    lines: list[Line] = field(default_factory=list)

    def add(
        self, outcome: Outcome, file: str, reason: str = "", line: int | None = None, notes: tuple[str, ...] = ()
    ) -> None:
        self.lines.append(Line(outcome, file, reason, line, notes))

    @property
    def refused(self) -> list[Line]:
        return [line for line in self.lines if line.outcome is Outcome.REFUSED]

    @property
    def summary(self) -> str:
        counts = Counter(line.outcome for line in self.lines)
        return ", ".join(f"{counts[outcome]} {outcome}" for outcome in Outcome)
