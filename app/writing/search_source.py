"""What is being written as search finds it: for those alone who may read it. Once a version is published readers find that,
and the manuscript is found again when somebody goes on writing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, undefer

from app.accounts.models import Team
from app.kernel.db import db
from app.search.sources import Document, Found, has_changed
from app.writing.kinds import Content, Kind, all_kinds
from app.writing.models import Assignment, Author, Manuscript, Version
from app.writing.policy import audience
from app.writing.queries import ROW, visible_to


class ManuscriptSource:
    kind = "manuscript"
    label = _l("Drafts")
    name = _l("Draft")

    def watched(self, obj: object) -> Iterable[str]:
        if isinstance(obj, Manuscript):
            return [str(obj.id)]
        if isinstance(obj, Author | Assignment):
            return [str(obj.manuscript_id)]
        if isinstance(obj, Team) and has_changed(obj, "name"):
            # Its name is found, too.
            query = select(Manuscript.id).where(Manuscript.team_id == obj.id, _is_ahead())
            return [str(number) for number in db.session.execute(query).scalars()]
        return []

    def load(self, session: Session, key: str) -> Document | None:
        row = session.execute(_query().where(Manuscript.id == int(key))).unique().one_or_none()
        return _document(*row) if row else None

    def load_all(self, session: Session) -> Iterator[Document]:
        return (_document(manuscript, latest) for manuscript, latest in session.execute(_query()).unique())

    def count(self, session: Session) -> int:
        query = select(func.count()).select_from(Manuscript).where(_is_ahead(), Manuscript.kind.in_(all_kinds()))
        return session.execute(query).scalar_one()

    def found(self, keys: Sequence[str], reader: Any) -> Mapping[str, Found]:
        if reader is None:
            return {}
        query = visible_to(reader).where(Manuscript.id.in_(map(int, keys)), _is_ahead())
        return {str(each.id): _found(each) for each in db.session.execute(query).unique().scalars()}


def _is_ahead() -> ColumnElement[bool]:
    """Does it say something else than what readers see?"""
    return or_(
        Manuscript.published_number.is_(None),
        Manuscript.published_number != Manuscript.latest_number,
    )


def _query() -> Select[Manuscript, Any]:
    latest = (Version.manuscript_id == Manuscript.id) & (Version.number == Manuscript.latest_number)
    return (
        select(Manuscript, Version)
        .join(Version, latest)
        .where(_is_ahead(), Manuscript.kind.in_(all_kinds()))
        .options(*ROW, undefer(Version.content))
    )


def _document(manuscript: Manuscript, latest: Version) -> Document:
    capability = manuscript.capability
    return Document(
        kind=ManuscriptSource.kind,
        key=str(manuscript.id),
        title=manuscript.title,
        body=_text(all_kinds()[manuscript.kind], latest.content),
        keywords=[
            *([manuscript.team.name] if manuscript.team else []),
            *(capability.name.texts.values() if capability else ()),
        ],
        languages=[manuscript.language],
        area=capability.area.slug if capability else "",
        capabilities=[capability.slug] if capability else [],
        group=f"{ManuscriptSource.kind}:{manuscript.kind}:{manuscript.slug}",
        day=manuscript.updated_at.date(),
        audience=audience(manuscript),
    )


def _text(kind: Kind, content: Content) -> str:
    """All words of the content but the title's, as they were typed: to render each would take long, and nobody reads this."""
    fields = [field for field in kind.fields(content) if field.name != "title"]
    return "\n".join(text for field in fields for text in _texts(field.value))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, Sequence):
        for each in value:
            yield from _texts(each)


def _found(manuscript: Manuscript) -> Found:
    team, capability = manuscript.team, manuscript.capability
    return Found(
        title=manuscript.title,
        url=url_for("writing.show", manuscript_id=manuscript.id),
        note=" · ".join([str(manuscript.state_name), *([team.name] if team else [])]),
        language=manuscript.language,
        hue=capability.area.hue if capability else None,
    )
