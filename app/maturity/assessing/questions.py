"""What a version of a framework asks, read from its document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.kernel.types import Localized
from app.maturity.assessing.rules import GENERIC
from app.maturity.rules import LEVELS


@dataclass(frozen=True)
class Question:
    """A capability as it is asked. `statements` tell its levels apart; where a level has none, the general one stands there."""

    slug: str
    name: Localized
    summary: Localized
    area: str
    hue: int
    statements: Mapping[int, Localized]

    @property
    def is_general(self) -> bool:
        """Does the framework say nothing of levels here?"""
        return not self.statements

    def statement(self, level: int, language: str) -> str:
        own = self.statements.get(level)
        return own.in_(language) if own is not None else str(GENERIC[level])


@dataclass(frozen=True)
class Area:
    """A part of the framework, with what is asked in it."""

    slug: str
    name: Localized
    summary: Localized
    hue: int
    questions: Sequence[Question]


def read_areas(document: Mapping[str, Any]) -> list[Area]:
    """The areas of `FrameworkVersion.content`, in order. One in which nothing is asked is left out."""
    return [_area(area, position) for position, area in enumerate(document["areas"]) if area["capabilities"]]


def _area(area: Mapping[str, Any], position: int) -> Area:
    hue = position % 7 + 1
    return Area(
        slug=area["slug"],
        name=Localized(area["name"]),
        summary=Localized(area.get("summary") or {}),
        hue=hue,
        questions=[
            Question(
                slug=each["slug"],
                name=Localized(each["name"]),
                summary=Localized(each.get("summary") or {}),
                area=area["slug"],
                hue=hue,
                statements={
                    level: Localized(each["levels"][str(level)])
                    for level in LEVELS
                    if each.get("levels", {}).get(str(level))
                },
            )
            for each in area["capabilities"]
        ],
    )
