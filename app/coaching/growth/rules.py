"""How far somebody is on the path, and what comes next. No database, no Flask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from app.coaching.growth.path import COACH, LEAD, OF_KIND, Condition

MAX_WORDS = 2000


class Asked(StrEnum):
    """The state of an application."""

    OPEN = "open"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What is known of a person. `attended` counts sessions by kind; `mark` is None below the number of answers from which feedback
    may be shown; `months` is how long the person has been on the present stage.
    """

    attended: Mapping[str, int] = field(default_factory=dict)
    co_led: int = 0
    observed: int = 0
    ready: int = 0
    mark: float | None = None
    answers: int = 0
    engagements_ended: int = 0
    office_hours_held: int = 0
    observations_given: int = 0
    months: int = 0


@dataclass(frozen=True)
class Progress:
    """How far one condition is met: what there is of each of its numbers."""

    condition: Condition
    have: Mapping[str, float | None]

    @property
    def is_met(self) -> bool:
        return all((self.have.get(name) or 0) >= wanted for name, wanted in self.condition.numbers.items())

    @property
    def row(self) -> dict[str, Any]:
        """As it is frozen in an application."""
        return {**self.condition.row, "have": dict(self.have)}

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Progress:
        return cls(Condition.of(row), dict(row["have"]))


def measure(condition: Condition, evidence: Evidence) -> Progress:
    """How far the evidence meets the condition."""
    if condition.what == OF_KIND:
        return Progress(condition, {"count": evidence.attended.get(condition.kind, 0)})
    if condition.what == "observed":
        return Progress(condition, {"count": evidence.observed, "ready": evidence.ready})
    if condition.what == "feedback":
        return Progress(condition, {"mark": evidence.mark, "answers": evidence.answers})
    return Progress(condition, {"count": getattr(evidence, condition.what)})


def stage_of(slugs: Sequence[str], kept: str | None, *, is_coach: bool) -> str | None:
    """The stage that somebody is on, None for nobody's. Whoever has the role of a coach without a word about the path is a coach;
    whoever lost the role goes back to the beginning, for the role carries the rights.
    """
    if not slugs or COACH not in slugs:
        return None
    coach = slugs.index(COACH)
    if is_coach:
        return slugs[max(slugs.index(kept), coach)] if kept in slugs else COACH
    return slugs[min(slugs.index(kept), coach - 1)] if kept in slugs else None


def next_stage(slugs: Sequence[str], stage: str | None) -> str | None:
    """The stage after that one; the first for whoever has not begun; None at the end."""
    if stage is None:
        return slugs[0] if slugs else None
    place = slugs.index(stage) + 1
    return slugs[place] if place < len(slugs) else None


def brings_role(slugs: Sequence[str], stage: str) -> bool:
    """Is whoever gets there a coach?"""
    return slugs.index(stage) >= slugs.index(COACH)


def is_lead(slugs: Sequence[str], stage: str | None) -> bool:
    """Does whoever is there decide about others?"""
    return stage is not None and LEAD in slugs and slugs.index(stage) >= slugs.index(LEAD)


def months_since(since: date | None, today: date) -> int:
    """Whole months; none for whoever came before the path was kept."""
    if since is None:
        return 0
    return max(0, (today.year - since.year) * 12 + today.month - since.month - (today.day < since.day))
