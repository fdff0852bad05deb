"""Practices and their tags as what the community speaks of."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.community.subjects import Kind, Subject
from app.kernel.db import db
from app.practices.models import Practice, PracticeTag
from app.practices.queries import CARD, in_language, visible_to


def _find_practices(slugs: Collection[str], reader: Any, language: str) -> Iterable[Subject]:
    query = in_language(visible_to(reader), language).where(Practice.slug.in_(slugs)).options(*CARD)
    for practice in db.session.execute(query).scalars():
        capability = practice.capability
        yield Subject(
            kind="practice",
            slug=practice.slug,
            title=practice.title,
            url=url_for("practices.show", slug=practice.slug),
            language=practice.language,
            note=capability.name.in_(language) if capability else "",
            summary=practice.summary,
            hue=capability.area.hue if capability else None,
            level=practice.level,
            owner_ids=frozenset({practice.owner_id} if practice.owner_id else ()),
        )


def _find_tags(slugs: Collection[str], _reader: Any, _language: str) -> Iterable[Subject]:
    tags = db.session.execute(select(PracticeTag.tag).where(PracticeTag.tag.in_(slugs)).distinct()).scalars()
    return [Subject("tag", tag, tag, url_for("practices.index", tag=tag)) for tag in tags]


KINDS = (Kind("practice", _l("Practice"), _find_practices), Kind("tag", _l("Tag"), _find_tags))
