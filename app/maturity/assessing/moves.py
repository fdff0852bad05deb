"""What becomes of the answers when a framework gets a newer version: which follow a new name, which read otherwise now, what is
asked beside them, and what is no longer asked. Read from the documents of the versions. No database, no Flask.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.kernel.types import Localized

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Named:
    """A capability by its slug, and what it is called."""

    slug: str
    name: Localized


@dataclass(frozen=True)
class Moves:
    """`renamed` leads from the old slug to the new one, `called` from the old name to the new one where they differ; `changed` and
    `added` speak of the newer version, `dropped` of the older.
    """

    renamed: Mapping[str, str]
    called: Sequence[tuple[Localized, Localized]]
    changed: Sequence[Named]
    added: Sequence[Named]
    dropped: Sequence[Named]

    @property
    def is_empty(self) -> bool:
        """Does nobody who has answered need to look again?"""
        return not (self.called or self.changed or self.added or self.dropped)


def moves(versions: Sequence[Document]) -> Moves:
    """From the first of `versions` to the last. Those between count for the names alone: a capability may be renamed twice."""
    old, new = _by_slug(versions[0]), _by_slug(versions[-1])
    place: dict[str, str | None] = {slug: slug for slug in old}
    for document in versions[1:]:
        place = {slug: _follow(at, document) for slug, at in place.items()}
    kept = {slug: at for slug, at in place.items() if at is not None}
    came_from = {at: slug for slug, at in kept.items()}
    return Moves(
        renamed={slug: at for slug, at in kept.items() if slug != at},
        called=[
            (_named(old[slug]).name, _named(new[at]).name)
            for slug, at in kept.items()
            if old[slug]["name"] != new[at]["name"]
        ],
        changed=[_named(new[at]) for at in new if at in came_from and _reads(new[at]) != _reads(old[came_from[at]])],
        added=[_named(new[slug]) for slug in new if slug not in came_from],
        dropped=[_named(old[slug]) for slug in old if slug not in kept],
    )


def _by_slug(document: Document) -> dict[str, Document]:
    return {each["slug"]: each for area in document["areas"] for each in area["capabilities"]}


def _follow(slug: str | None, document: Document) -> str | None:
    """What a capability is called in the next version; None where it is gone. A name that is still there is its own."""
    asked = _by_slug(document)
    if slug is None or slug in asked:
        return slug
    return next((each for each, capability in asked.items() if slug in _was(capability)), None)


def _was(capability: Document) -> Sequence[str]:
    said = capability.get("was") or ()
    return [said] if isinstance(said, str) else list(said)


def _reads(capability: Document) -> tuple[Any, Any]:
    """What an answer speaks of. Another name or weight asks nothing else."""
    return capability["summary"], capability["levels"]


def _named(capability: Document) -> Named:
    return Named(capability["slug"], Localized(capability["name"]))
