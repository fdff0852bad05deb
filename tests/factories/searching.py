"""What a change makes stale in the index, and whether search is told of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import func, select

from app.kernel.db import db
from app.search.models import SearchOutbox
from app.search.sources import Document, all_sources


@dataclass
class Change:
    """The ids of documents that search was told of, and of those that are really others than before."""

    told: set[str] = field(default_factory=set)
    real: set[str] = field(default_factory=set)


@contextmanager
def watching() -> Iterator[Change]:
    """Fills what it gives when it ends."""
    change, before = Change(), documents()
    last = db.session.execute(select(func.max(SearchOutbox.id))).scalar_one_or_none() or 0
    yield change
    after = documents()
    change.real = {each for each in before | after if before.get(each) != after.get(each)}
    rows = db.session.execute(select(SearchOutbox.kind, SearchOutbox.key).where(SearchOutbox.id > last))
    change.told = {f"{kind}:{key}" for kind, key in rows}


def documents() -> dict[str, Document]:
    """Every document as the database has it now."""
    db.session.rollback()
    db.session.expire_all()
    return {document.id: document for source in all_sources().values() for document in source.load_all(db.session())}


def document(kind: str, key: object) -> Document | None:
    """One document, as the application's own source loads it."""
    db.session.rollback()
    return all_sources()[kind].load(db.session(), str(key))
