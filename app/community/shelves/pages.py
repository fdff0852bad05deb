"""Collections and shelves, put together for the templates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.community.shelves.models import Collection, CollectionEntry
from app.community.subjects import Ref, Subject, all_kinds, find_many
from app.web.i18n import language


@dataclass(frozen=True)
class Line:
    """An entry with what it is about as the reader sees it; `subject` is None for what is gone or not for them."""

    entry: CollectionEntry
    subject: Subject | None
    kind_name: Any


def lines_of(collection: Collection, reader: Any) -> list[Line]:
    """As many queries for a hundred entries as for one of each kind."""
    found = find_many([entry.ref for entry in collection.entries], reader, language())
    return [Line(entry, found.get(entry.ref), kind_name(entry.ref)) for entry in collection.entries]


@dataclass(frozen=True)
class Kept:
    """Something on the shelf; `subject` is None for what is gone."""

    ref: Ref
    subject: Subject | None
    kind_name: Any


def kept(refs: Iterable[Ref], reader: Any) -> Sequence[Kept]:
    refs = list(refs)
    found = find_many(refs, reader, language())
    return [Kept(ref, found.get(ref), kind_name(ref)) for ref in refs]


def kind_name(ref: Ref) -> Any:
    """What one of the kind is called; the kind itself where this house no longer knows it."""
    kind = all_kinds().get(ref.kind)
    return kind.label if kind is not None else ref.kind
