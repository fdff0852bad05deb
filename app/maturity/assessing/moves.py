"""What becomes of the answers when a framework gets a newer version: which follow a new name, which read otherwise now, what is
asked beside them, and what is no longer asked. What two versions make of each other is in `app.capabilities.documents`; here
they are put in a row. No database, no Flask.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from app.capabilities.documents import Document, capabilities_of
from app.capabilities.documents import moves as between
from app.kernel.types import Localized


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
    old, new = capabilities_of(versions[0]), capabilities_of(versions[-1])
    place: dict[str, str | None] = {slug: slug for slug in old}
    for before, after in pairwise(versions):
        steps = between(before, after).by_slug
        place = {slug: steps[at].slug if at else None for slug, at in place.items()}
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


def _reads(capability: Document) -> tuple[Any, Any]:
    """What an answer speaks of. Another name or weight asks nothing else."""
    return capability["summary"], capability["levels"]


def _named(capability: Document) -> Named:
    return Named(capability["slug"], Localized(capability["name"]))
