"""What a standing says of its numbers: bands and targets. No database, no Flask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from app.maturity.quartiles import Quartiles
from app.maturity.scoring import Mark

TOP_LEVEL = 5


class Place(StrEnum):
    """Where a team is among the others, by their quartiles."""

    LOWEST = "lowest"
    LOWER = "lower"
    UPPER = "upper"
    HIGHEST = "highest"


def place_of(score: float, bands: Quartiles) -> Place:
    """Whoever is exactly at a boundary is counted to the better side: a quarter of the others or more is not above it."""
    if score >= bands.high:
        return Place.HIGHEST
    if score >= bands.middle:
        return Place.UPPER
    return Place.LOWER if score >= bands.low else Place.LOWEST


def once_reached(marks: Sequence[Mark], targets: Mapping[str, int]) -> list[Mark]:
    """The marks as they are once every target is reached; what is beyond its target already stays where it is."""
    return [
        Mark(
            mark.capability,
            mark.area,
            mark.weight,
            mark.area_weight,
            None if mark.level is None else max(mark.level, targets.get(mark.capability, mark.level)),
        )
        for mark in marks
    ]
