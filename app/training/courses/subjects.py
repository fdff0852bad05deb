"""Courses as what the community speaks of."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.capabilities.models import Capability
from app.community.subjects import Kind, Subject
from app.kernel.db import db
from app.training.courses.models import Course


def _find(slugs: Collection[str], _reader: Any, language: str) -> Iterable[Subject]:
    query = select(Course).where(Course.slug.in_(slugs))
    query = query.options(joinedload(Course.capability).joinedload(Capability.area), selectinload(Course.coach_rows))
    for course in db.session.execute(query).unique().scalars():
        capability = course.capability
        yield Subject(
            kind="course",
            slug=course.slug,
            title=course.title,
            url=url_for("courses.show", slug=course.slug),
            language=course.language,
            note=capability.name.in_(language) if capability else "",
            summary=course.summary,
            hue=capability.area.hue if capability else None,
            level=course.level,
            owner_ids=course.coach_ids,
        )


KINDS = (Kind("course", _l("Course"), _find),)
