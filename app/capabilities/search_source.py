"""Capabilities as search finds them: one document a language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.capabilities.models import Capability, Level
from app.kernel.db import db
from app.kernel.types import LANGUAGES
from app.search.sources import Document, Found


class CapabilitySource:
    kind = "capability"
    label = _l("Capabilities")

    def watched(self, obj: object) -> Iterable[str]:
        if isinstance(obj, Capability):
            return _keys(obj.id)
        return _keys(obj.capability_id) if isinstance(obj, Level) else []

    def load(self, session: Session, key: str) -> Document | None:
        number, language = key.split("-")
        capability = session.execute(_query().where(Capability.id == int(number))).scalar_one_or_none()
        return _document(capability, language) if capability else None

    def load_all(self, session: Session) -> Iterator[Document]:
        capabilities = session.execute(_query()).scalars()
        return (_document(capability, language) for capability in capabilities for language in LANGUAGES)

    def found(self, keys: Sequence[str], reader: Any) -> Mapping[str, Found]:  # noqa: ARG002  # open to every reader
        numbers = {int(key.split("-")[0]) for key in keys}
        options = joinedload(Capability.framework), joinedload(Capability.area)
        query = select(Capability).where(Capability.id.in_(numbers)).options(*options)
        known = {str(capability.id): capability for capability in db.session.execute(query).scalars()}
        split = {key: key.split("-") for key in keys}
        return {key: _found(known[number], language) for key, (number, language) in split.items() if number in known}


def _keys(capability_id: int) -> list[str]:
    """One document a language: `12-en`, `12-zh`."""
    return [f"{capability_id}-{language}" for language in LANGUAGES]


def _query() -> Select[Capability]:
    return select(Capability).options(
        joinedload(Capability.framework), joinedload(Capability.area), selectinload(Capability.levels)
    )


def _document(capability: Capability, language: str) -> Document:
    return Document(
        kind=CapabilitySource.kind,
        key=f"{capability.id}-{language}",
        title=capability.name.in_(language),
        summary=capability.summary.in_(language),
        body="\n".join(level.description.in_(language) for level in capability.levels),
        tags=[capability.area.name.in_(language)],
        languages=[language],
        area=capability.area.slug if capability.framework.position == 0 else "",
        capabilities=[capability.slug],
    )


def _found(capability: Capability, language: str) -> Found:
    return Found(
        title=capability.name.in_(language),
        url=url_for("capabilities.show", framework=capability.framework.slug, slug=capability.slug),
        note=capability.framework.name.in_(language),
        language=language,
        hue=capability.area.hue if capability.framework.position == 0 else None,
    )
