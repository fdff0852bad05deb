"""A framework as one document: what a version keeps of it, in the shape of its YAML file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from app.capabilities.models import Area, Capability, Framework

Document = Mapping[str, Any]
Said = TypeVar("Said")


def as_document(framework: Framework) -> dict[str, Any]:
    """Everything that the rows of `framework` say, as plain values. Levels are keyed by their number as a text, for JSON knows no
    other key. What something was called before (`was`) is in the versions alone.
    """
    return {
        "slug": framework.slug,
        "version": framework.version,
        "official": framework.is_official,
        "name": dict(framework.name.texts),
        "summary": dict(framework.summary.texts),
        "notice": dict(framework.notice.texts),
        "source": dict(framework.source.texts),
        "areas": [_area(area) for area in framework.areas],
    }


def _area(area: Area) -> dict[str, Any]:
    return {
        "slug": area.slug,
        "was": [],
        "name": dict(area.name.texts),
        "summary": dict(area.summary.texts),
        "weight": area.weight,
        "capabilities": [_capability(capability) for capability in area.capabilities],
    }


def _capability(capability: Capability) -> dict[str, Any]:
    return {
        "slug": capability.slug,
        "was": [],
        "name": dict(capability.name.texts),
        "summary": dict(capability.summary.texts),
        "weight": capability.weight,
        "needs": list(capability.needs),
        "levels": {str(level.number): dict(level.description.texts) for level in capability.levels},
    }


def areas_of(document: Document) -> dict[str, dict[str, Any]]:
    """The areas of a document by their slugs, in its order."""
    return {area["slug"]: area for area in document["areas"]}


def capabilities_of(document: Document) -> dict[str, dict[str, Any]]:
    """The capabilities of a document by their slugs, in its order."""
    return {capability["slug"]: capability for _area_slug, capability in placed_capabilities(document)}


def placed_capabilities(document: Document) -> Iterator[tuple[str, dict[str, Any]]]:
    """(slug of its area, capability) for each capability of a document, in its order."""
    for area in document["areas"]:
        for capability in area["capabilities"]:
            yield area["slug"], capability


def fingerprint(value: Any) -> str:
    """The same for the same content, whatever the order in which a database hands out its keys."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def ancestors(old: Mapping[str, Any], new: Mapping[str, dict[str, Any]]) -> dict[str, str]:
    """{slug in `new`: slug in `old`} of what was there before: under the same slug, or under one that it says it had (`was`).
    Whoever has the slug still is it, so a former name never takes over what another has.
    """
    found = {slug: slug for slug in new if slug in old}
    taken = set(found)
    for slug, item in new.items():
        former = next((each for each in reversed(item.get("was", ())) if each in old and each not in taken), None)
        if slug not in found and former:
            found[slug] = former
            taken.add(former)
    return found


def carried_over(said: Mapping[str, Said], now: Mapping[str, dict[str, Any]]) -> dict[str, Said]:
    """What was said of capabilities in another version, by the slugs that they have in `now`. What is gone since is left out."""
    return {slug: said[former] for slug, former in ancestors(said, now).items()}


@dataclass(frozen=True)
class Move:
    """What became of a capability: its slug now (None where it is gone), and whether somebody who answered it has to look again."""

    slug: str | None
    has_other_words: bool = False
    has_other_levels: bool = False

    @property
    def is_gone(self) -> bool:
        return self.slug is None

    @property
    def is_changed(self) -> bool:
        return self.has_other_words or self.has_other_levels


@dataclass(frozen=True)
class Moves:
    """What a new version makes of the capabilities of an old one: `by_slug` for each that there was, and what is new."""

    by_slug: Mapping[str, Move]
    added: tuple[str, ...]

    @property
    def gone(self) -> tuple[str, ...]:
        return tuple(slug for slug, move in self.by_slug.items() if move.is_gone)


def moves(old: Document, new: Document) -> Moves:
    """How an assessment that stands on `old` goes over to `new`. `has_other_words` is said of name and summary, in either
    language; `has_other_levels` of the statements.
    """
    before, after = capabilities_of(old), capabilities_of(new)
    came_from = ancestors(before, after)
    goes_to = {former: slug for slug, former in came_from.items()}
    found = {}
    for slug, was in before.items():
        now = after[goes_to[slug]] if slug in goes_to else None
        found[slug] = Move(
            goes_to.get(slug),
            has_other_words=now is not None and any(now[field] != was[field] for field in ("name", "summary")),
            has_other_levels=now is not None and now["levels"] != was["levels"],
        )
    return Moves(found, tuple(slug for slug in after if slug not in came_from))
