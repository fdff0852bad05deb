"""What two snapshots of a team tell when they are laid side by side. Reads their documents alone: no database, no Flask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.case_studies.measures import MEASURES, Measure, find_measure
from app.case_studies.rules import MetricValues
from app.case_studies.units import Family, converted, find_unit
from app.kernel.types import Localized
from app.maturity.rules import EvidenceKind

Document = Mapping[str, Any]
# The lowest capabilities that a first draft names.
MOST_LOW = 5


@dataclass(frozen=True)
class Change:
    """A capability with a level in both snapshots. `target` is what the team wants to have there in the end, None for nothing."""

    slug: str
    name: Localized
    before: int
    after: int
    target: int | None = None

    @property
    def is_open(self) -> bool:
        return self.target is not None and self.after < self.target


def list_changes(before: Document, after: Document) -> list[Change]:
    """Every capability that has a level in both, in the order of the later snapshot."""
    levels = {each["slug"]: each["level"] for each in before["capabilities"]}
    return [
        Change(each["slug"], Localized(each["name"]), levels[each["slug"]], each["level"], _target(each))
        for each in after["capabilities"]
        if each["level"] is not None and levels.get(each["slug"]) is not None
    ]


def _target(capability: Mapping[str, Any]) -> int | None:
    """A snapshot keeps the target with the answer, as its level or with day and reason."""
    target = capability.get("target")
    level = target.get("level") if isinstance(target, Mapping) else target
    return level if isinstance(level, int) else None


@dataclass(frozen=True)
class Low:
    """A capability that stood low at the beginning. `statement` is what the framework says of that level, empty for nothing."""

    name: Localized
    level: int
    statement: Localized | None


def list_lowest(before: Document) -> list[Low]:
    """Those at the lowest level, as many as a reader remembers."""
    applying = [each for each in before["capabilities"] if each["level"] is not None]
    lowest = min((each["level"] for each in applying), default=None)
    return [
        Low(Localized(each["name"]), each["level"], _statement(each)) for each in applying if each["level"] == lowest
    ][:MOST_LOW]


def _statement(capability: Mapping[str, Any]) -> Localized | None:
    texts = capability.get("statements", {}).get(str(capability["level"]))
    return Localized(texts) if texts else None


def list_metrics(before: Document, after: Document) -> list[MetricValues]:
    """The numbers that the team gave as evidence both times, under one name and in units that can be compared. A number that was
    only carried over says nothing.
    """
    earlier = {(slug, _key(item)): item for slug, item in _numbers(before)}
    found: dict[str, MetricValues] = {}
    for slug, item in _numbers(after):
        was = earlier.get((slug, _key(item)))
        if was is not None and _is_measured_again(was, item):
            found.setdefault(_key(item), _metric(was, item))
    return list(found.values())


def _numbers(document: Document) -> list[tuple[str, Mapping[str, Any]]]:
    return [
        (capability["slug"], item)
        for capability in document["capabilities"]
        for item in capability["evidence"]
        if item["kind"] == EvidenceKind.METRIC and item.get("value") is not None
    ]


def _key(item: Mapping[str, Any]) -> str:
    return " ".join(item["title"].split()).casefold()


def _is_measured_again(was: Mapping[str, Any], item: Mapping[str, Any]) -> bool:
    if converted(was["value"], was["unit"], item["unit"]) is None:
        return False
    return (was["value"], was["unit"], was["window"]) != (item["value"], item["unit"], item["window"])


def _metric(was: Mapping[str, Any], item: Mapping[str, Any]) -> MetricValues:
    measure = _measure(_key(item))
    if measure is not None and not measure.fits(item["unit"]):
        measure = None
    return MetricValues(
        name=item["title"][:80],
        before=was["value"],
        after=item["value"],
        unit=item["unit"],
        better=measure.better if measure else _better(item["unit"]),
        window=item["window"],
        source=item["link"][:200],
        measure=measure.key if measure else "",
        before_unit=was["unit"] if was["unit"] != item["unit"] else "",
        window_before=was["window"] if was["window"] != item["window"] else "",
    )


def _measure(key: str) -> Measure | None:
    """The measure of the list that is called so, in either language."""
    named = (each for each in MEASURES if key in {name.casefold() for name in each.names.values()})
    return next(named, None) or find_measure(key.replace(" ", "-"))


def _better(unit: str) -> str:
    """Of a time less is better; of anything else nobody knows, and the team says it."""
    found = find_unit(unit)
    return "lower" if found is not None and found.family is Family.TIME else "higher"


def rose(changes: Sequence[Change]) -> list[Change]:
    """Those that rose, the furthest first."""
    return sorted((each for each in changes if each.after > each.before), key=lambda each: each.before - each.after)
