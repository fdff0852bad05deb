"""Courses as search finds them. Their sessions are found by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload, undefer_group

from app.coaches.search_source import PROFILES, people_touched
from app.kernel.db import db
from app.search.sources import Document, Found
from app.training.courses.models import Course, CourseCoach
from app.training.courses.queries import COURSE_CARD


class CourseSource:
    """A kind of its own, because a course without a date is not found otherwise."""

    kind = "course"
    label = _l("Courses")
    name = _l("Course")

    def watched(self, obj: object) -> Iterable[str]:
        if isinstance(obj, Course):
            return [str(obj.id)]
        if isinstance(obj, CourseCoach):
            return [str(obj.course_id)]
        people = people_touched(obj)
        if not people:
            return []
        taught = select(CourseCoach.course_id).where(CourseCoach.user_id.in_(people))
        return [str(course_id) for course_id in db.session.execute(taught).scalars()]

    def load(self, session: Session, key: str) -> Document | None:
        course = session.execute(_query().where(Course.id == int(key))).unique().scalar_one_or_none()
        return _document(course, PROFILES.of(session, course.coach_ids)) if course else None

    def load_all(self, session: Session) -> Iterator[Document]:
        profiles = PROFILES.of(session, None)
        return (_document(course, profiles) for course in session.execute(_query()).unique().scalars())

    def count(self, session: Session) -> int:
        return session.execute(select(func.count()).select_from(Course)).scalar_one()

    def found(self, keys: Sequence[str], reader: Any) -> Mapping[str, Found]:  # noqa: ARG002  # open to every reader
        query = select(Course).where(Course.id.in_(map(int, keys))).options(*COURSE_CARD)
        return {str(course.id): _found(course) for course in db.session.execute(query).unique().scalars()}


def _query() -> Select[Course]:
    return select(Course).options(
        *COURSE_CARD, undefer_group("texts"), selectinload(Course.coach_rows).joinedload(CourseCoach.user)
    )


def _document(course: Course, profiles: Mapping[int, str]) -> Document:
    capability = course.capability
    return Document(
        kind=CourseSource.kind,
        key=str(course.id),
        title=course.title,
        summary=course.summary,
        body=course.description_text,
        keywords=[
            *(capability.name.texts.values() if capability else ()),
            *(coach.name for coach in course.coaches),
        ],
        languages=[course.language],
        area=capability.area.slug if capability else "",
        capabilities=[capability.slug] if capability else [],
        levels=[course.level] if course.level else [],
        coaches=[profiles[coach.id] for coach in course.coaches if coach.id in profiles],
        day=course.updated_at.date(),
    )


def _found(course: Course) -> Found:
    return Found(
        title=course.title,
        url=url_for("courses.show", slug=course.slug),
        note=course.summary,
        language=course.language,
        hue=course.capability.area.hue if course.capability else None,
        level=course.level,
    )
