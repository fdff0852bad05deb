"""Finding what has left its address."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.kernel.db import db
from app.writing.keeping.models import FormerAddress
from app.writing.models import Manuscript, Version
from app.writing.queries import ROW


def find_former(kind: str, slug: str) -> FormerAddress | None:
    return db.session.get(FormerAddress, (kind, slug))


def retired() -> Select[FormerAddress]:
    """What was retired, the latest first."""
    return (
        select(FormerAddress)
        .where(FormerAddress.is_retired)
        .options(joinedload(FormerAddress.actor))
        .order_by(FormerAddress.left_at.desc(), FormerAddress.slug)
    )


def retired_slugs(kind: str) -> set[str]:
    """The addresses of a kind that were given up: files there are not followed."""
    query = select(FormerAddress.slug).where(FormerAddress.kind == kind, FormerAddress.is_retired)
    return set(db.session.execute(query).scalars())


def all_languages(kind: str, slug: str) -> list[Manuscript]:
    """The text in every language it has, the original first."""
    query = select(Manuscript).where(Manuscript.kind == kind, Manuscript.slug == slug).options(*ROW)
    query = query.order_by(Manuscript.translation_of.is_not(None), Manuscript.language)
    return list(db.session.execute(query).unique().scalars())


def list_live(kind: str) -> Sequence[tuple[str, str]]:
    """(slug, title as it is published) of what readers see of a kind, by title: what a retired text may be replaced by."""
    title = Version.content["title"].as_string()
    query = (
        select(Manuscript.slug, title)
        .join(Version, (Version.manuscript_id == Manuscript.id) & (Version.number == Manuscript.published_number))
        .where(Manuscript.kind == kind, Manuscript.translation_of.is_(None))
        .order_by(title, Manuscript.slug)
    )
    return [(slug, title) for slug, title in db.session.execute(query)]


def is_live(kind: str, slug: str) -> bool:
    query = select(Manuscript.id).where(
        Manuscript.kind == kind, Manuscript.slug == slug, Manuscript.published_number.is_not(None)
    )
    return db.session.execute(query.limit(1)).first() is not None
