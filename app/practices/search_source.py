"""Practices as search finds them: one document a language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload, undefer

from app.kernel.db import db
from app.practices.models import Practice, PracticeTag
from app.practices.queries import CARD, visible_to
from app.search.sources import Document, Found


class PracticeSource:
    kind = "practice"
    label = _l("Practices")

    def watched(self, obj: object) -> Iterable[str]:
        if isinstance(obj, Practice):
            return [str(obj.id)]
        return [str(obj.practice_id)] if isinstance(obj, PracticeTag) else []

    def load(self, session: Session, key: str) -> Document | None:
        practice = session.execute(_query().where(Practice.id == int(key))).scalar_one_or_none()
        return _document(practice) if practice else None

    def load_all(self, session: Session) -> Iterator[Document]:
        return map(_document, session.execute(_query().execution_options(yield_per=50)).scalars())

    def found(self, keys: Sequence[str], reader: Any) -> Mapping[str, Found]:
        query = visible_to(reader).where(Practice.id.in_(map(int, keys))).options(*CARD)
        return {str(practice.id): _found(practice) for practice in db.session.execute(query).scalars()}


def _query() -> Select[Practice]:
    return select(Practice).options(*CARD, undefer(Practice.text), selectinload(Practice.tag_rows))


def _document(practice: Practice) -> Document:
    capability = practice.capability
    return Document(
        kind=PracticeSource.kind,
        key=str(practice.id),
        title=practice.title,
        summary=practice.summary,
        body=practice.text,
        tags=[*practice.tags, *(capability.name.texts.values() if capability else ())],
        languages=[practice.language],
        area=capability.area.slug if capability else "",
        capabilities=[capability.slug] if capability else [],
        levels=[practice.level] if practice.level else [],
    )


def _found(practice: Practice) -> Found:
    capability = practice.capability
    return Found(
        title=practice.title,
        url=url_for("practices.show", slug=practice.slug, lang=practice.language),
        note=capability.name.in_(practice.language) if capability else "",
        language=practice.language,
        hue=capability.area.hue if capability else None,
        level=practice.level,
    )
