"""What those who teach a course do with its page. Each function is one action; the caller opens the transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.db import take_turns
from app.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from app.kernel.markup import render
from app.kernel.slugs import MAX_LENGTH, slugify, unique_slug
from app.training.courses.models import Course, CourseBefore, CourseCoach, CoursePractice
from app.training.models import TrainingSession

# These are pages beside those of the courses.
_RESERVED = {"new", "edit", "delete"}


@dataclass(frozen=True, kw_only=True)
class CourseDetails:
    """What is said about a course. `description` is Markdown; `practices` are slugs and `before` ids of courses."""

    title: str
    summary: str
    description: str
    language: str
    capability_id: int | None
    level: int | None
    coach_ids: Sequence[int]
    practices: Sequence[str] = ()
    before: Sequence[int] = ()


def create_course(
    session: Session,
    details: CourseDetails,
    *,
    actor: User,
    now: datetime,
    slug: str | None = None,
    is_sample: bool = False,
) -> Course:
    """Make the page of a course. Raises InvalidInputError for details that will not do."""
    take_turns(session, "courses")
    slug = slug or _free_slug(session, details.title)
    course = Course(slug=slug, created_by_id=actor.id, created_at=now, is_sample=is_sample)
    _write(course, details, now=now)
    session.add(course)
    session.flush()
    return course


def _free_slug(session: Session, title: str) -> str:
    stem = slugify(title)[: MAX_LENGTH - 7].rstrip("-")
    taken = session.execute(select(Course.id).where(Course.slug == stem)).first() is not None
    return stem if stem and not taken and stem not in _RESERVED else unique_slug(title, "course")


def change_course(session: Session, course_id: int, details: CourseDetails, *, revision: int, now: datetime) -> Course:
    """Say something else about a course. Its sessions keep their own words.

    Raises ConflictError if somebody else changed it since `revision`; InvalidInputError for details that will not do, such
    as courses that each ask for the other.
    """
    take_turns(session, "courses")
    course = _lock(session, course_id)
    if course.revision != revision:
        raise ConflictError(
            _l(
                "Somebody else changed this course while you did. Look at what it says now in another window; "
                "saving again replaces it with what stands here."
            )
        )
    _refuse_circles(session, course_id, details.before)
    _write(course, details, now=now)
    course.revision += 1
    session.flush()
    return course


def delete_course(session: Session, course_id: int) -> None:
    """Take the page of a course away. Raises ConflictError as long as it has sessions, which say who attended it."""
    course = _lock(session, course_id)
    if session.execute(select(TrainingSession.id).where(TrainingSession.course_id == course_id)).first() is not None:
        raise ConflictError(
            _l("This course has sessions, and they say who attended it. Choose another course in them first.")
        )
    session.delete(course)
    session.flush()


def _lock(session: Session, course_id: int) -> Course:
    course = session.execute(
        select(Course).where(Course.id == course_id).with_for_update().execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if course is None:
        raise NotFoundError(_l("There is no such course."))
    return course


def _write(course: Course, details: CourseDetails, *, now: datetime) -> None:
    if not details.coach_ids:
        raise InvalidInputError(_l("Choose at least one coach who teaches it."), field="coaches")
    for item in fields(details):
        if item.name not in {"coach_ids", "practices", "before"}:
            setattr(course, item.name, getattr(details, item.name))
    rendered = render(details.description)
    course.description_html, course.description_text = rendered.html, rendered.text
    course.updated_at = now
    coaches = {row.user_id: row for row in course.coach_rows}
    course.coach_rows = [coaches.get(each) or CourseCoach(user_id=each) for each in dict.fromkeys(details.coach_ids)]
    practices = {row.slug: row for row in course.practice_rows}
    course.practice_rows = [
        practices.get(each) or CoursePractice(slug=each) for each in dict.fromkeys(details.practices)
    ]
    befores = {row.before_id: row for row in course.before_rows}
    course.before_rows = [befores.get(each) or CourseBefore(before_id=each) for each in dict.fromkeys(details.before)]
    _number(course.coach_rows)
    _number(course.practice_rows)
    _number(course.before_rows)


def _number(rows: Sequence[CourseCoach | CoursePractice | CourseBefore]) -> None:
    for position, row in enumerate(rows):
        row.position = position


def _refuse_circles(session: Session, course_id: int, before: Sequence[int]) -> None:
    """Nobody can attend two courses each before the other."""
    asks: dict[int, set[int]] = {}
    for asking_id, before_id in session.execute(select(CourseBefore.course_id, CourseBefore.before_id)):
        asks.setdefault(asking_id, set()).add(before_id)
    reached, to_look_at = set(before), list(before)
    while to_look_at:
        for further in asks.get(to_look_at.pop(), set()) - reached:
            reached.add(further)
            to_look_at.append(further)
    if course_id in reached:
        raise InvalidInputError(
            _l("One of these courses asks for this one itself, directly or by another. Take it out."), field="before"
        )
