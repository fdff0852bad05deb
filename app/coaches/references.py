"""Coaches as `[[links]]` name them, and whoever is mentioned by handle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import func, or_, select

from app.accounts.models import User
from app.coaches.models import Coach
from app.coaches.queries import visible_to
from app.kernel.db import db
from app.kernel.references import Reference
from app.web.references import Candidate, Linkable


def _lookup(names: Sequence[str]) -> Iterable[Candidate]:
    query = (
        visible_to(None)
        .where(or_(Coach.slug.in_(names), func.lower(User.name).in_([name.lower() for name in names])))
        .with_only_columns(Coach.slug, User.name)
        .order_by(Coach.id)
    )
    for slug, name in db.session.execute(query):
        yield Candidate(slug, name, f"/coaches/{slug}")


def find_mentioned(handles: Sequence[str]) -> Mapping[str, Reference]:
    """The people behind these handles by name, with their profile where they have one. Closed accounts are nobody."""
    query = (
        select(User.handle, User.name, Coach.slug)
        .outerjoin(Coach, Coach.user_id == User.id)
        .where(User.handle.in_(handles), User.disabled_at.is_(None))
    )
    return {
        handle: Reference(f"/coaches/{slug}" if slug else "", name) for handle, name, slug in db.session.execute(query)
    }


LINKABLE = Linkable("coach", ("coach", "教练"), _lookup)
