"""What a feature has to bring so that its things are found: a `Source`, handed over by the factory.

Search imports no feature, and no model knows of search.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from flask import Flask, current_app
from sqlalchemy.orm import Session

# Who may find a document: readers carry these marks too, and one in common is enough.
PUBLIC = "public"
MEMBER = "member"


@dataclass(frozen=True)
class Document:
    """What the index knows of one thing. `key` is its key in the database, as text."""

    kind: str
    key: str
    title: str
    summary: str = ""
    body: str = ""
    tags: Sequence[str] = ()
    languages: Sequence[str] = ()
    area: str = ""
    capabilities: Sequence[str] = ()
    levels: Sequence[int] = ()
    audience: frozenset[str] = field(default_factory=lambda: frozenset({PUBLIC}))

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True)
class Found:
    """How a hit is shown: freshly loaded, and only if the reader may still see it. `hue` is its area's colour."""

    title: str
    url: str
    note: str = ""
    language: str = ""
    hue: int | None = None
    level: int | None = None


class Source(Protocol):
    """One kind of thing that can be found."""

    kind: str
    label: Any  # lazy text, plural, as in "Practices"

    def watched(self, obj: object) -> Iterable[str]:
        """The keys of the documents that a change of the row `obj` makes stale."""

    def load(self, session: Session, key: str) -> Document | None:
        """The document as the database has it now; None where it is to be found by nobody."""

    def load_all(self, session: Session) -> Iterator[Document]:
        """Every document, for a rebuild."""

    def found(self, keys: Sequence[str], reader: Any) -> Mapping[str, Found]:
        """Those of `keys` that the reader (None for visitors) may see, ready to be shown."""


def init_app(app: Flask) -> None:
    app.extensions["search_sources"] = {}


def register(app: Flask, sources: Sequence[Source]) -> None:
    for source in sources:
        app.extensions["search_sources"][source.kind] = source


def all_sources() -> dict[str, Source]:
    """Every source by its kind, in the order in which results are grouped."""
    sources: dict[str, Source] = current_app.extensions["search_sources"]
    return sources
