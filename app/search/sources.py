"""What a feature has to bring so that its things are found: a `Source`, handed over by the factory.

Search imports no feature, and no model knows of search.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import log2
from typing import Any, Generic, Protocol, TypeVar

from flask import Flask, current_app
from sqlalchemy import inspect
from sqlalchemy.orm import Session, object_session

# Who may find a document: readers carry these marks too, and one in common is enough.
PUBLIC = "public"
MEMBER = "member"


@dataclass(frozen=True)
class Document:
    """What the index knows of one thing. `key` is its key in the database, as text.

    Documents of one `group` are translations of each other, and one of them is shown. `coaches` are the slugs of the
    profiles of those who teach it, own it or are credited. `day` is when it takes place, or was published or changed
    last. `keywords` are found like tags, but are none. `usefulness` (0 to 9) is how much people got out of it; each
    source says how it counts.
    """

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
    coaches: Sequence[str] = ()
    keywords: Sequence[str] = ()
    group: str = ""
    day: date | None = None
    usefulness: int = 0
    audience: frozenset[str] = field(default_factory=lambda: frozenset({PUBLIC}))

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True)
class Found:
    """How a hit is shown: freshly loaded, and only if the reader may still see it. `hue` is its area's colour;
    `translations` are (language, address) of the same in other languages, as far as the reader may see them.
    """

    title: str
    url: str
    note: str = ""
    language: str = ""
    hue: int | None = None
    level: int | None = None
    translations: tuple[tuple[str, str], ...] = ()


Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True)
class Lookup(Generic[Key, Value]):
    """Something that documents say and that another feature knows; the factory brings the two together.

    `of` gives it for these keys, or for all there are with None. `touched` are the keys for which a change of that row
    makes it another.
    """

    of: Callable[[Session, Collection[Key] | None], Mapping[Key, Value]]
    touched: Callable[[object], Iterable[Key]]


def knows_nothing() -> Lookup[Any, Any]:
    """Where there is nobody to ask."""
    return Lookup(of=lambda _session, _keys: {}, touched=lambda _row: ())


def usefulness_of(count: int) -> int:
    """A number of stories as `usefulness`: 1 is 2, 3 is 4, 7 is 6, 22 and more are 9."""
    return min(9, round(2 * log2(1 + count)))


def has_changed(row: object, *names: str) -> bool:
    """Has one of these columns another value since the row was loaded? Those of a new row have, once they are set; and
    for whoever showed it, a row that is taken out changes altogether.
    """
    session = object_session(row)
    if session is not None and row in session.deleted:
        return True
    columns = inspect(row).attrs
    return any(columns[name].history.has_changes() for name in names)


def is_new(row: object) -> bool:
    """Does it come into the database with this flush? Then nothing that was there before it shows it."""
    session = object_session(row)
    return session is not None and row in session.new


class Source(Protocol):
    """One kind of thing that can be found."""

    kind: str
    label: Any  # lazy text, plural, as in "Practices"
    name: Any  # lazy text, one of them, as in "Practice"

    def watched(self, obj: object) -> Iterable[str]:
        """The keys of the documents that a change of the row `obj` makes stale."""

    def load(self, session: Session, key: str) -> Document | None:
        """The document as the database has it now; None where it is to be found by nobody."""

    def load_all(self, session: Session) -> Iterator[Document]:
        """Every document, for a rebuild."""

    def count(self, session: Session) -> int:
        """How many documents there are, by a query that reads none of them."""

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


def load_found(keys: Iterable[tuple[str, str]], reader: Any) -> dict[tuple[str, str], Found]:
    """What the database says of these (kind, key), as far as the reader (None for visitors) may see them."""
    sources = all_sources()
    by_kind: dict[str, list[str]] = {}
    for kind, key in dict.fromkeys(keys):
        by_kind.setdefault(kind, []).append(key)
    return {
        (kind, key): found
        for kind, of_kind in by_kind.items()
        if kind in sources
        for key, found in sources[kind].found(of_kind, reader).items()
    }
