"""Practices as `[[links]]` name them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import func, or_, select

from app.kernel.db import db
from app.practices.models import Practice
from app.practices.queries import visible_to
from app.web.references import Candidate, Linkable


def _lookup(names: Sequence[str]) -> Iterable[Candidate]:
    called = select(Practice.slug).where(
        or_(Practice.slug.in_(names), func.lower(Practice.title).in_([name.lower() for name in names]))
    )
    query = (
        visible_to(None)
        .where(Practice.slug.in_(called))
        .with_only_columns(Practice.slug, Practice.title, Practice.language)
    )
    for slug, title, language in db.session.execute(query.order_by(Practice.id)):
        yield Candidate(slug, title, f"/practices/{slug}", language)


LINKABLE = Linkable("practice", ("practice", "实践"), _lookup)
