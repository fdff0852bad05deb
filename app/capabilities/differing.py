"""What is different between two versions of a framework, for people to read: item by item, field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.capabilities.documents import Document, ancestors, areas_of, capabilities_of, placed_capabilities
from app.kernel.types import LANGUAGES, Localized

PLAIN = ("version", "official")
TEXTS = ("name", "summary", "notice", "source")


@dataclass(frozen=True)
class FieldChange:
    """One field before and after. `language` is given where it is a text; `number` where it is the statement of a level. Lists of
    slugs are tuples; None stands for what was or is not there.
    """

    field: str
    before: Any
    after: Any
    language: str = ""
    number: int | None = None

    @property
    def is_text(self) -> bool:
        return bool(self.language)


@dataclass(frozen=True)
class Difference:
    """An area, a capability or (`slug` empty) the framework itself that is `added`, `removed` or `changed`."""

    kind: str
    what: str
    slug: str
    name: Localized
    fields: tuple[FieldChange, ...] = ()

    @property
    def is_renamed(self) -> bool:
        return any(each.field == "slug" for each in self.fields)

    @property
    def is_moved(self) -> bool:
        return any(each.field == "area" for each in self.fields)


def differences(old: Document, new: Document) -> list[Difference]:
    """Everything that `new` says otherwise than `old`: of the framework, then of its areas, then of its capabilities, in the order
    of `new`; what is gone comes last of its kind. Empty only where the two say the same.
    """
    fields = [*_plain(old, new, PLAIN), *_texts(old, new, TEXTS), *_order("order", areas_of(old), areas_of(new))]
    found = [Difference("framework", "changed", "", Localized(new["name"]), tuple(fields))] if fields else []
    old_areas = {slug: {**area, "capabilities": _capability_names(area)} for slug, area in areas_of(old).items()}
    new_areas = {slug: {**area, "capabilities": _capability_names(area)} for slug, area in areas_of(new).items()}
    found.extend(_between("area", old_areas, new_areas))
    found.extend(_between("capability", _in_new_words(old, new), _with_area(new)))
    return found


def _in_new_words(old: Document, new: Document) -> dict[str, dict[str, Any]]:
    """The old capabilities, whose area and needs are called as they are called now: that those were renamed is told once, of
    themselves, and not of everything that names them.
    """
    areas = {former: slug for slug, former in ancestors(areas_of(old), areas_of(new)).items()}
    slugs = {former: slug for slug, former in ancestors(capabilities_of(old), capabilities_of(new)).items()}
    return {
        slug: {
            **each,
            "area": areas.get(each["area"], each["area"]),
            "needs": [slugs.get(need, need) for need in each["needs"]],
        }
        for slug, each in _with_area(old).items()
    }


def _capability_names(area: Mapping[str, Any]) -> dict[str, Any]:
    return {each["slug"]: each for each in area["capabilities"]}


def _with_area(document: Document) -> dict[str, dict[str, Any]]:
    return {capability["slug"]: {**capability, "area": area} for area, capability in placed_capabilities(document)}


def _between(kind: str, old: Mapping[str, dict[str, Any]], new: Mapping[str, dict[str, Any]]) -> Iterator[Difference]:
    came_from = ancestors(old, new)
    for slug, item in new.items():
        name = Localized(item["name"])
        if slug not in came_from:
            yield Difference(kind, "added", slug, name)
            continue
        fields = tuple(_fields(old[came_from[slug]], item, kind))
        if fields:
            yield Difference(kind, "changed", slug, name, fields)
    kept = set(came_from.values())
    for slug, item in old.items():
        if slug not in kept:
            yield Difference(kind, "removed", slug, Localized(item["name"]))


def _fields(old: Mapping[str, Any], new: Mapping[str, Any], kind: str) -> Iterator[FieldChange]:
    yield from _plain(old, new, ("slug", "weight") if old["slug"] != new["slug"] else ("was", "weight"))
    if kind == "area":
        yield from _texts(old, new, ("name", "summary"))
        yield from _order("order", old["capabilities"], new["capabilities"])
        return
    yield from _plain(old, new, ("area", "needs"))
    yield from _texts(old, new, ("name", "summary"))
    for number in sorted({*old["levels"], *new["levels"]}):
        before, after = old["levels"].get(number, {}), new["levels"].get(number, {})
        yield from _languages("level", before, after, int(number))


def _plain(old: Mapping[str, Any], new: Mapping[str, Any], fields: Sequence[str]) -> Iterator[FieldChange]:
    for field in fields:
        if old[field] != new[field]:
            before, after = (tuple(value) if isinstance(value, list) else value for value in (old[field], new[field]))
            yield FieldChange(field, before, after)


def _texts(old: Mapping[str, Any], new: Mapping[str, Any], fields: Sequence[str]) -> Iterator[FieldChange]:
    for field in fields:
        yield from _languages(field, old[field], new[field])


def _languages(
    field: str, old: Mapping[str, str], new: Mapping[str, str], number: int | None = None
) -> Iterator[FieldChange]:
    for language in LANGUAGES:
        before, after = old.get(language), new.get(language)
        if before != after:
            yield FieldChange(field, before, after, language, number)


def _order(field: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[FieldChange]:
    """Said only of what was there and still is: what comes and goes is told by itself."""
    came_from = ancestors(old, new)
    now = [came_from[slug] for slug in new if slug in came_from]
    before = [slug for slug in old if slug in set(now)]
    if before != now:
        yield FieldChange(field, tuple(before), tuple(slug for slug in new if slug in came_from))
