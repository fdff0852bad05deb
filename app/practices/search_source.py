"""Practices as search finds them: one document a language."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased, selectinload, undefer

from app.kernel.db import db
from app.practices.models import Practice, PracticeTag
from app.practices.queries import CARD, visible_to
from app.search.sources import Document, Found, Lookup, knows_nothing, usefulness_of


class PracticeSource:
    """`profiles` tells the slugs of coaches by their accounts, for the owner; `stories` tells how many published stories
    credit an article by its slug, and an article is useful by that number, in every language.
    """

    kind = "practice"
    label = _l("Practices")
    name = _l("Practice")

    def __init__(self, profiles: Lookup[int, str] | None = None, stories: Lookup[str, int] | None = None) -> None:
        self._profiles = profiles or knows_nothing()
        self._stories = stories or knows_nothing()

    def watched(self, obj: object) -> Iterable[str]:
        if isinstance(obj, Practice):
            return [str(obj.id)]
        if isinstance(obj, PracticeTag):
            return [str(obj.practice_id)]
        owners, slugs = list(self._profiles.touched(obj)), list(self._stories.touched(obj))
        owned = _keys_of(Practice.owner_id.in_(owners)) if owners else []
        return owned + (_keys_of(Practice.slug.in_(slugs)) if slugs else [])

    def load(self, session: Session, key: str) -> Document | None:
        practice = session.execute(_query().where(Practice.id == int(key))).scalar_one_or_none()
        if practice is None:
            return None
        profiles = self._profiles.of(session, [practice.owner_id]) if practice.owner_id else {}
        return _document(practice, profiles, self._stories.of(session, {practice.slug}))

    def load_all(self, session: Session) -> Iterator[Document]:
        profiles, credits_of = self._profiles.of(session, None), self._stories.of(session, None)
        practices = session.execute(_query().execution_options(yield_per=50)).scalars()
        return (_document(practice, profiles, credits_of) for practice in practices)

    def count(self, session: Session) -> int:
        return session.execute(select(func.count()).select_from(Practice)).scalar_one()

    def found(self, keys: Sequence[str], reader: Any) -> Mapping[str, Found]:
        """One query: the translations come with what was asked for."""
        asked = aliased(Practice)
        slugs = select(asked.slug).where(asked.id.in_(map(int, keys)))
        query = visible_to(reader).where(Practice.slug.in_(slugs)).options(*CARD).order_by(Practice.language)
        versions = {str(practice.id): practice for practice in db.session.execute(query).scalars()}
        return {key: _found(versions[key], versions.values()) for key in keys if key in versions}


def _keys_of(condition: ColumnElement[bool]) -> list[str]:
    return [str(practice_id) for practice_id in db.session.execute(select(Practice.id).where(condition)).scalars()]


def _query() -> Select[Practice]:
    return select(Practice).options(*CARD, undefer(Practice.text), selectinload(Practice.tag_rows))


def _document(practice: Practice, profiles: Mapping[int, str], credits_of: Mapping[str, int]) -> Document:
    capability = practice.capability
    owner = profiles.get(practice.owner_id) if practice.owner_id else None
    return Document(
        kind=PracticeSource.kind,
        key=str(practice.id),
        title=practice.title,
        summary=practice.summary,
        body=practice.text,
        tags=practice.tags,
        keywords=list(capability.name.texts.values()) if capability else [],
        languages=[practice.language],
        area=capability.area.slug if capability else "",
        capabilities=[capability.slug] if capability else [],
        levels=[practice.level] if practice.level else [],
        coaches=[owner] if owner else [],
        group=f"{PracticeSource.kind}:{practice.slug}",
        day=practice.reviewed_on or practice.updated_at.date(),
        usefulness=usefulness_of(credits_of.get(practice.slug, 0)),
    )


def _found(practice: Practice, versions: Collection[Practice]) -> Found:
    capability = practice.capability
    return Found(
        title=practice.title,
        url=_url(practice),
        note=capability.name.in_(practice.language) if capability else "",
        language=practice.language,
        hue=capability.area.hue if capability else None,
        level=practice.level,
        translations=tuple(
            (other.language, _url(other))
            for other in versions
            if other.slug == practice.slug and other.language != practice.language
        ),
    )


def _url(practice: Practice) -> str:
    return url_for("practices.show", slug=practice.slug, lang=practice.language)
