"""Collections as search finds them: those that are listed, for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from app.community.shelves.models import Collection, CollectionEntry
from app.community.shelves.queries import CARD, visible_to
from app.community.shelves.rules import Sight
from app.kernel.db import db
from app.search.sources import Document, Found


class CollectionSource:
    """What is not listed has no document, so that it is in no count and in no suggestion."""

    kind = "collection"
    label = _l("Collections")
    name = _l("Collection")

    def watched(self, obj: object) -> Iterable[str]:
        if isinstance(obj, Collection):
            return [str(obj.id)]
        return [str(obj.collection_id)] if isinstance(obj, CollectionEntry) else []

    def load(self, session: Session, key: str) -> Document | None:
        collection = session.execute(_query().where(Collection.id == int(key))).scalar_one_or_none()
        return _document(collection) if collection is not None else None

    def load_all(self, session: Session) -> Iterator[Document]:
        return map(_document, session.execute(_query().execution_options(yield_per=50)).scalars())

    def count(self, session: Session) -> int:
        return session.execute(select(func.count()).where(Collection.sight == Sight.LISTED)).scalar_one()

    def found(self, keys: Sequence[str], reader: Any) -> Mapping[str, Found]:
        query = visible_to(reader).where(Collection.id.in_(map(int, keys))).options(*CARD)
        return {str(row.id): _found(row) for row in db.session.execute(query).unique().scalars()}


def _query() -> Select[Collection]:
    return select(Collection).where(Collection.sight == Sight.LISTED).options(selectinload(Collection.entries))


def _document(collection: Collection) -> Document:
    return Document(
        kind=CollectionSource.kind,
        key=str(collection.id),
        title=collection.title,
        summary=collection.about,
        body="\n".join(text for entry in collection.entries for text in (entry.title, entry.note) if text),
        languages=[collection.language],
        group=f"{CollectionSource.kind}:{collection.slug}",
        day=collection.updated_at.date(),
    )


def _found(collection: Collection) -> Found:
    return Found(
        title=collection.title,
        url=url_for("collections.show", slug=collection.slug),
        note=ngettext("%(num)s entry", "%(num)s entries", len(collection.entries)),
        language=collection.language,
    )
