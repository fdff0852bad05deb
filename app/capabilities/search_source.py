"""Capabilities as search finds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.capabilities.models import Capability, Framework, Level
from app.kernel.db import db
from app.search.sources import Document, Found
from app.web.i18n import language


class CapabilitySource:
    kind = "capability"
    label = _l("Capabilities")

    def watched(self, obj: object) -> Iterable[str]:
        if isinstance(obj, Capability):
            return [str(obj.id)]
        return [str(obj.capability_id)] if isinstance(obj, Level) else []

    def load(self, session: Session, key: str) -> Document | None:
        capability = session.execute(_query().where(Capability.id == int(key))).scalar_one_or_none()
        return _document(capability) if capability else None

    def load_all(self, session: Session) -> Iterator[Document]:
        return map(_document, session.execute(_query()).scalars())

    def found(self, keys: Sequence[str], reader: Any) -> Mapping[str, Found]:  # noqa: ARG002  # open to every reader
        query = (
            select(Capability)
            .where(Capability.id.in_(map(int, keys)))
            .options(joinedload(Capability.framework), joinedload(Capability.area))
        )
        return {str(capability.id): _found(capability) for capability in db.session.execute(query).scalars()}


def _query() -> Select[Capability]:
    return select(Capability).options(
        joinedload(Capability.framework), joinedload(Capability.area), selectinload(Capability.levels)
    )


def _document(capability: Capability) -> Document:
    descriptions = [text for level in capability.levels for text in level.description.texts.values()]
    return Document(
        kind=CapabilitySource.kind,
        key=str(capability.id),
        title=" · ".join(capability.name.texts.values()),
        summary="\n".join(capability.summary.texts.values()),
        body="\n".join(descriptions),
        tags=list(capability.area.name.texts.values()),
        languages=list(capability.name.texts),
        area=_area_slug(capability),
        capabilities=[capability.slug],
    )


def _area_slug(capability: Capability) -> str:
    """Only the main framework's areas are a facet."""
    framework: Framework = capability.framework
    return capability.area.slug if framework.position == 0 else ""


def _found(capability: Capability) -> Found:
    return Found(
        title=capability.name.in_(language()),
        url=url_for("capabilities.show", framework=capability.framework.slug, slug=capability.slug),
        note=capability.framework.name.in_(language()),
        language=language(),
        hue=capability.area.hue if capability.framework.position == 0 else None,
    )
