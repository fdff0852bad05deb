"""Coaches as what the community speaks of."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.coaches.models import Coach
from app.coaches.queries import visible_to
from app.community.subjects import Kind, Ref, Subject
from app.kernel.db import db


def _find(slugs: Collection[str], reader: Any, _language: str) -> Iterable[Subject]:
    query = visible_to(reader).where(Coach.slug.in_(slugs))
    for coach in db.session.execute(query).unique().scalars():
        yield Subject(
            kind="coach",
            slug=coach.slug,
            title=coach.user.name,
            url=url_for("coaches.show", slug=coach.slug),
            summary=coach.headline,
            owner_ids=frozenset({coach.user_id}),
        )


def find_profiles(user_ids: Collection[int]) -> dict[int, Ref]:
    """The profiles of these accounts, as references."""
    rows = db.session.execute(select(Coach.user_id, Coach.slug).where(Coach.user_id.in_(user_ids)))
    return {user_id: Ref("coach", slug) for user_id, slug in rows}


KINDS = (Kind("coach", _l("Coach"), _find),)
