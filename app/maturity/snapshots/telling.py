"""A snapshot that explains itself: beside each level what it counts, and what was missing for the next one. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.kernel.types import Localized
from app.maturity.rules import LEVELS
from app.maturity.scoring import AreaCounted, Counted, Explanation, explain
from app.maturity.snapshots.content import Area, areas_of, marks_of


@dataclass(frozen=True)
class Line:
    """A capability: `kept` is what the snapshot says of it, `counted` how much it weighs."""

    kept: Mapping[str, Any]
    counted: Counted

    @property
    def slug(self) -> str:
        return str(self.kept["slug"])

    @property
    def name(self) -> Localized:
        return Localized(self.kept["name"])

    @property
    def level(self) -> int | None:
        return self.counted.level

    @property
    def next_level(self) -> int | None:
        return self.level + 1 if self.level is not None and self.level < LEVELS[-1] else None

    @property
    def is_corrected(self) -> bool:
        """Did the team first say something else?"""
        return bool(self.kept["self_level"] != self.level)

    @property
    def due_on(self) -> date | None:
        """By when the team wanted its target."""
        target = self.kept["target"]
        return date.fromisoformat(target["due_on"]) if target and target["due_on"] else None

    @property
    def was_discussed(self) -> bool:
        """Was more said than that the coach agrees?"""
        return any(word["text"] for word in self.kept["words"])

    def statement(self, level: int) -> Localized:
        """What the framework said of a level, empty where it said nothing."""
        return Localized(self.kept["statements"].get(str(level)) or {})


@dataclass(frozen=True)
class Group:
    """An area with what is in it."""

    area: Area
    counted: AreaCounted
    lines: Sequence[Line]


@dataclass(frozen=True)
class Told:
    groups: Sequence[Group]
    explanation: Explanation
    holding: Sequence[Line]
    """What kept the team from the next staged level."""

    @property
    def lines(self) -> list[Line]:
        return [line for group in self.groups for line in group.lines]

    @property
    def not_counted(self) -> list[Line]:
        return [line for line in self.lines if not line.counted.share_of_all]


def tell(content: Mapping[str, Any]) -> Told:
    explanation, areas = explain(marks_of(content)), areas_of(content)
    kept = {each["slug"]: each for each in content["capabilities"]}
    groups = [
        Group(areas[counted.area], counted, [Line(kept[each.capability], each) for each in counted.capabilities])
        for counted in explanation.areas
    ]
    lines = {line.slug: line for group in groups for line in group.lines}
    return Told(groups, explanation, [lines[slug] for slug in explanation.held_by])
