"""Capabilities as search finds them: one document a language."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.capabilities.models import Area, Capability, Framework, Level
from app.kernel.db import db
from app.kernel.types import LANGUAGES
from app.search.sources import Document, Found
from app.web.i18n import language


class CapabilitySource:
    """None is more useful than another. Names of areas and frameworks change with their files alone, and after that
    everything is indexed again (`note_everything`); so are the names of capabilities in what hangs on them.
    """

    kind = "capability"
    label = _l("Capabilities")
    name = _l("Capability")

    def watched(self, obj: object) -> Iterable[str]:
        if isinstance(obj, Capability):
            return _keys(obj.id)
        return _keys(obj.capability_id) if isinstance(obj, Level) else []

    def load(self, session: Session, key: str) -> Document | None:
        number, code = key.split("-")
        capability = session.execute(_query().where(Capability.id == int(number))).scalar_one_or_none()
        return _document(capability, code) if capability else None

    def load_all(self, session: Session) -> Iterator[Document]:
        capabilities = session.execute(_query()).scalars()
        return (_document(capability, code) for capability in capabilities for code in LANGUAGES)

    def count(self, session: Session) -> int:
        return session.execute(select(func.count()).select_from(Capability)).scalar_one() * len(LANGUAGES)

    def found(self, keys: Sequence[str], reader: Any) -> Mapping[str, Found]:  # noqa: ARG002  # open to every reader
        numbers = {int(key.split("-")[0]) for key in keys}
        options = joinedload(Capability.framework), joinedload(Capability.area)
        query = select(Capability).where(Capability.id.in_(numbers)).options(*options)
        known = {str(capability.id): capability for capability in db.session.execute(query).scalars()}
        split = {key: key.split("-") for key in keys}
        return {key: _found(known[number], code) for key, (number, code) in split.items() if number in known}


def facet_areas(values: Collection[str]) -> list[tuple[str, str]]:
    """(slug, name in the reader's language) of those of the main framework's areas, in its order."""
    query = (
        select(Area.slug, Area.name)
        .join(Area.framework)
        .where(Framework.position == 0, Area.slug.in_(values))
        .order_by(Area.position)
    )
    return [(slug, name.in_(language())) for slug, name in (db.session.execute(query) if values else ())]


def facet_capabilities(values: Collection[str]) -> list[tuple[str, str]]:
    """(slug, name in the reader's language) of those capabilities, in the order of the frameworks. Where two frameworks
    have one of the same slug, the main one says what it is called.
    """
    query = (
        select(Capability.slug, Capability.name)
        .join(Capability.framework)
        .join(Capability.area)
        .where(Capability.slug.in_(values))
        .order_by(Framework.position, Framework.slug, Area.position, Capability.position)
    )
    names: dict[str, str] = {}
    for slug, name in db.session.execute(query) if values else ():
        names.setdefault(slug, name.in_(language()))
    return list(names.items())


def _keys(capability_id: int) -> list[str]:
    """One document a language: `12-en`, `12-zh`."""
    return [f"{capability_id}-{code}" for code in LANGUAGES]


def _query() -> Select[Capability]:
    return select(Capability).options(
        joinedload(Capability.framework), joinedload(Capability.area), selectinload(Capability.levels)
    )


def _document(capability: Capability, code: str) -> Document:
    return Document(
        kind=CapabilitySource.kind,
        key=f"{capability.id}-{code}",
        title=capability.name.in_(code),
        summary=capability.summary.in_(code),
        body="\n".join(level.description.in_(code) for level in capability.levels),
        keywords=[capability.area.name.in_(code)],
        languages=[code],
        area=capability.area.slug if capability.framework.position == 0 else "",
        capabilities=[capability.slug],
        group=f"{CapabilitySource.kind}:{capability.id}",
    )


def _found(capability: Capability, code: str) -> Found:
    return Found(
        title=capability.name.in_(code),
        url=url_for("capabilities.show", framework=capability.framework.slug, slug=capability.slug),
        note=capability.framework.name.in_(code),
        language=code,
        hue=capability.area.hue if capability.framework.position == 0 else None,
    )
