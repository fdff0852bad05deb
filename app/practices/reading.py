"""Practices as what is read from beginning to end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.community.articles import ArticleKind, Texts, hash_of_text
from app.kernel.db import db
from app.practices.models import Practice
from app.practices.queries import visible_to


def _list_slugs(before: datetime, owner: Any | None) -> Sequence[str]:
    query = select(Practice.slug).where(Practice.created_at <= before).distinct().order_by(Practice.slug)
    if owner is not None:
        query = query.where(Practice.owner_id == owner.id)
    return db.session.execute(query).scalars().all()


def _find_texts(slugs: Collection[str]) -> Texts:
    query = visible_to(None).where(Practice.slug.in_(slugs)).options(undefer(Practice.source))
    rows = db.session.execute(query).unique().scalars()
    return {(row.slug, row.language): hash_of_text(row.title, row.summary, row.source) for row in rows}


ARTICLES = (ArticleKind("practice", "practices.show", _list_slugs, _find_texts),)
