"""Courses as `[[links]]` name them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import func, or_, select

from app.kernel.db import db
from app.training.courses.models import Course
from app.web.references import Candidate, Linkable


def _lookup(names: Sequence[str]) -> Iterable[Candidate]:
    query = select(Course.slug, Course.title).where(
        or_(Course.slug.in_(names), func.lower(Course.title).in_([name.lower() for name in names]))
    )
    for slug, title in db.session.execute(query.order_by(Course.id)):
        yield Candidate(slug, title, f"/training/courses/{slug}")


LINKABLE = Linkable("course", ("course", "课程"), _lookup)
