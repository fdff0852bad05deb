"""Two snapshots beside each other, also where the framework has changed between them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.kernel.types import Localized
from app.maturity.scoring import staged_level
from app.maturity.snapshots.content import Area, areas_of, marks_of


class Sign(StrEnum):
    """What became of an item between the two versions."""

    NEW = "new"
    GONE = "gone"
    RENAMED = "renamed"
    CHANGED = "changed"
    WEIGHED = "weighed"


@dataclass(frozen=True)
class Change:
    """A figure before and after; None where nothing applied, or nothing was asked."""

    before: float | None
    after: float | None

    @property
    def by(self) -> float | None:
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True)
class Pair:
    """A capability in both: `old_name` where it was called otherwise, `signs` for what makes the two less alike than they look."""

    slug: str
    name: Localized
    old_name: Localized | None
    area: str
    hue: int
    level: Change
    signs: Sequence[Sign]


@dataclass(frozen=True)
class AreaPair:
    """An area in both. Its score can change because what is in it has."""

    area: Area
    score: Change
    pairs: Sequence[Pair]


@dataclass(frozen=True)
class Comparison:
    areas: Sequence[AreaPair]
    total: Change
    staged: Change

    @property
    def pairs(self) -> list[Pair]:
        return [pair for area in self.areas for pair in area.pairs]

    @property
    def up(self) -> int:
        return sum((pair.level.by or 0) > 0 for pair in self.pairs)

    @property
    def down(self) -> int:
        return sum((pair.level.by or 0) < 0 for pair in self.pairs)

    @property
    def is_across_versions(self) -> bool:
        return any(pair.signs for pair in self.pairs)


def renames_in(*documents: Mapping[str, Any]) -> dict[str, set[str]]:
    """What each capability was called before, by its slug, as the versions of the framework say (`was`)."""
    found: dict[str, set[str]] = {}
    for document in documents:
        for area in document["areas"]:
            for each in area["capabilities"]:
                was = each.get("was") or ()
                found.setdefault(each["slug"], set()).update([was] if isinstance(was, str) else was)
    return {slug: names - {slug} for slug, names in found.items() if names - {slug}}


def compare(before: Mapping[str, Any], after: Mapping[str, Any], renames: Mapping[str, set[str]]) -> Comparison:
    """What was, beside what is. The order is that of `after`; what it has no more comes at the end of its area."""
    old = {each["slug"]: each for each in before["capabilities"]}
    partners = _partners(old, after["capabilities"], renames)
    areas_before, areas_after = areas_of(before), areas_of(after)
    areas = {**areas_after, **{slug: area for slug, area in areas_before.items() if slug not in areas_after}}
    pairs: dict[str, list[Pair]] = {slug: [] for slug in areas}
    for each in after["capabilities"]:
        partner = old.get(partners.get(each["slug"], ""))
        pairs[each["area"]].append(_pair(partner, each, areas[each["area"]].hue))
    for slug, each in old.items():
        if slug not in partners.values():
            pairs[each["area"]].append(_pair(each, None, areas[each["area"]].hue))
    return Comparison(
        areas=[
            AreaPair(area, Change(_score(areas_before.get(slug)), _score(areas_after.get(slug))), pairs[slug])
            for slug, area in areas.items()
        ],
        total=Change(before["score"], after["score"]),
        staged=Change(staged_level(marks_of(before)), staged_level(marks_of(after))),
    )


def as_called_in(
    after: Mapping[str, Any], before: Mapping[str, Any], renames: Mapping[str, set[str]]
) -> dict[str, Any]:
    """`before`, in which every capability has the slug that it has in `after`, for whoever lays the two documents side by side."""
    partners = _partners({each["slug"]: each for each in before["capabilities"]}, after["capabilities"], renames)
    present = {former: slug for slug, former in partners.items()}
    capabilities = [{**each, "slug": present.get(each["slug"], each["slug"])} for each in before["capabilities"]]
    return {**before, "capabilities": capabilities}


def _partners(
    old: Mapping[str, Any], new: Iterable[Mapping[str, Any]], renames: Mapping[str, set[str]]
) -> dict[str, str]:
    """Which of the old each of the new is: of the same name first, and then of a name that either had before."""
    slugs = [each["slug"] for each in new]
    partners = {slug: slug for slug in slugs if slug in old}
    for slug in slugs:
        if slug in partners:
            continue
        called = [each for each in old if each in renames.get(slug, ()) or slug in renames.get(each, ())]
        free = [each for each in called if each not in partners.values()]
        if free:
            partners[slug] = free[0]
    return partners


def _pair(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, hue: int) -> Pair:
    shown = after or before
    assert shown is not None
    level = Change(before["level"] if before else None, after["level"] if after else None)
    is_renamed = before is not None and after is not None and _texts(before, "name") != _texts(after, "name")
    return Pair(
        slug=shown["slug"],
        name=Localized(shown["name"]),
        old_name=Localized(before["name"]) if before is not None and is_renamed else None,
        area=shown["area"],
        hue=hue,
        level=level,
        signs=_signs(before, after, is_renamed=is_renamed),
    )


def _signs(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, *, is_renamed: bool) -> list[Sign]:
    if before is None:
        return [Sign.NEW]
    if after is None:
        return [Sign.GONE]
    signs = {
        Sign.RENAMED: is_renamed or before["slug"] != after["slug"],
        Sign.CHANGED: _texts(before, "statements") != _texts(after, "statements"),
        Sign.WEIGHED: before["weight"] != after["weight"] or before["area"] != after["area"],
    }
    return [sign for sign, holds in signs.items() if holds]


def _texts(each: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: text for name, text in each[key].items() if text}


def _score(area: Area | None) -> float | None:
    return area.score if area is not None else None
