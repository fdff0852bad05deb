"""Reading courses, their dates, series, and who attended what."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import joinedload, selectinload, undefer_group

from app.accounts.models import User
from app.capabilities.models import Area, Capability
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.training.courses.models import Course, CourseBefore, CourseCoach, Series
from app.training.lists import past, upcoming
from app.training.models import Meeting, TrainingSession
from app.training.queries import CARD, visible_to
from app.training.rules import State
from app.training.seats.models import Enrolment
from app.training.seats.presence import ATTENDED, Attendance

COURSE_CARD = (
    joinedload(Course.capability).joinedload(Capability.area),
    joinedload(Course.capability).joinedload(Capability.framework),
)
# More dates than this are found by the list of all sessions.
MAX_COMING = 60
MAX_PAST = 12


def list_courses() -> Select[Course]:
    """Every course with what a card shows, in the order of the framework's areas; those on no capability come last."""
    return (
        select(Course)
        .outerjoin(Course.capability)
        .outerjoin(Capability.area)
        .options(*COURSE_CARD)
        .order_by(Area.position.nulls_last(), Capability.position, Course.level.nulls_first(), Course.title, Course.id)
    )


def get_course(slug: str) -> Course:
    """The course with everything that its page shows. Raises NotFoundError."""
    query = (
        select(Course)
        .where(Course.slug == slug)
        .options(
            *COURSE_CARD,
            undefer_group("texts"),
            selectinload(Course.coach_rows).joinedload(CourseCoach.user),
            selectinload(Course.practice_rows),
            selectinload(Course.before_rows).joinedload(CourseBefore.before),
        )
    )
    course = db.session.execute(query).unique().scalar_one_or_none()
    if course is None:
        raise NotFoundError(_l("There is no such course. Look through the list of all courses."))
    return course


def find_course(course_id: int) -> Course | None:
    """The course with what comes before it."""
    query = (
        select(Course)
        .where(Course.id == course_id)
        .options(
            *COURSE_CARD,
            selectinload(Course.practice_rows),
            selectinload(Course.before_rows).joinedload(CourseBefore.before),
        )
    )
    return db.session.execute(query).unique().scalar_one_or_none()


def list_course_titles() -> list[tuple[int, str]]:
    """(id, title) of every course, by title: the choices of a form."""
    rows = db.session.execute(select(Course.id, Course.title).order_by(Course.title, Course.id))
    return [(course_id, title) for course_id, title in rows]


def list_on_capability(capability_id: int) -> list[Course]:
    query = (
        select(Course)
        .where(Course.capability_id == capability_id)
        .options(*COURSE_CARD)
        .order_by(Course.level.nulls_first(), Course.title)
    )
    return list(db.session.execute(query).unique().scalars())


def list_by_ids(course_ids: Collection[int]) -> list[Course]:
    """These courses with those who teach them."""
    query = select(Course).where(Course.id.in_(course_ids)).options(selectinload(Course.coach_rows))
    return list(db.session.execute(query).scalars())


@dataclass(frozen=True)
class Dates:
    """The sessions to come of a course: how many, and when the first of them starts."""

    number: int = 0
    next_at: datetime | None = None


def dates_of(course_ids: Collection[int], *, now: datetime) -> dict[int, Dates]:
    """{course id: its dates}. One query."""
    query = (
        select(TrainingSession.course_id, func.count(), func.min(TrainingSession.starts_at))
        .where(
            TrainingSession.course_id.in_(course_ids),
            TrainingSession.state == State.PUBLISHED,
            TrainingSession.starts_at > now,
        )
        .group_by(TrainingSession.course_id)
    )
    found = {course_id: Dates(number, next_at) for course_id, number, next_at in db.session.execute(query)}
    return {course_id: found.get(course_id, Dates()) for course_id in course_ids}


def list_coming(course: Course, *, now: datetime) -> list[TrainingSession]:
    """The announced sessions of a course that are not over, by time."""
    query = select(TrainingSession).where(TrainingSession.course_id == course.id, *upcoming(now))
    order = (TrainingSession.starts_at, TrainingSession.id)
    return list(db.session.execute(query.options(*CARD).order_by(*order).limit(MAX_COMING)).unique().scalars())


def list_past(course: Course, *, now: datetime) -> list[TrainingSession]:
    """The sessions of a course that took place, the last one first."""
    query = select(TrainingSession).where(TrainingSession.course_id == course.id, *past(now))
    order = (TrainingSession.starts_at.desc(), TrainingSession.id)
    return list(db.session.execute(query.options(*CARD).order_by(*order).limit(MAX_PAST)).unique().scalars())


def attended_courses(user_id: int, course_ids: Collection[int]) -> frozenset[int]:
    """Those of the courses that the person attended: at half of the meetings of one of its sessions, or more."""
    meetings = (
        select(func.count())
        .select_from(Meeting)
        .where(Meeting.training_id == TrainingSession.id)
        .correlate(TrainingSession)
        .scalar_subquery()
    )
    query = (
        select(TrainingSession.course_id)
        .join(Enrolment, Enrolment.training_id == TrainingSession.id)
        .join(Attendance, Attendance.enrolment_id == Enrolment.id)
        .where(
            Enrolment.user_id == user_id,
            TrainingSession.course_id.in_(course_ids),
            Attendance.state.in_(ATTENDED),
        )
        .group_by(TrainingSession.id, TrainingSession.course_id)
        .having(func.count() * 2 >= meetings)
    )
    return frozenset(course_id for course_id in db.session.execute(query).scalars() if course_id is not None)


def get_series(series_id: int) -> Series:
    """Raises NotFoundError."""
    series = db.session.get(Series, series_id)
    if series is None:
        raise NotFoundError(_l("There is no such series."))
    return series


def series_of(training_id: int) -> int | None:
    """The id of the series that a session is one of."""
    query = select(TrainingSession.series_id).where(TrainingSession.id == training_id)
    return db.session.execute(query).scalar_one_or_none()


def list_series(user: User | None, series_id: int) -> list[TrainingSession]:
    """The sessions of a series that `user` may see, by their place in it."""
    query = visible_to(user).where(TrainingSession.series_id == series_id).options(*CARD)
    order = (TrainingSession.series_date, TrainingSession.id)
    return list(db.session.execute(query.order_by(*order)).unique().scalars())


def seen_of(training: TrainingSession, *, now: datetime) -> dict[int, int]:
    """{id: revision} of those sessions of its series that a change of all would touch, be they visible or not; none where the
    session itself is not one of them.
    """
    is_touched = [TrainingSession.starts_at > now, TrainingSession.state != State.CANCELLED]
    query = (
        select(TrainingSession.id, TrainingSession.revision)
        .where(TrainingSession.series_id == training.series_id, *is_touched)
        .order_by(TrainingSession.series_date)
    )
    found = {training_id: revision for training_id, revision in db.session.execute(query)}
    return found if training.id in found else {}


def list_siblings(training: TrainingSession) -> list[TrainingSession]:
    """All sessions of its series, or of its course, whoever may see them, by time; itself where it is of neither."""
    of_series = TrainingSession.series_id == training.series_id
    of_course = and_(TrainingSession.course_id == training.course_id, TrainingSession.state != State.CANCELLED)
    condition = of_series if training.series_id else of_course if training.course_id else None
    if condition is None:
        return [training]
    order = (TrainingSession.starts_at, TrainingSession.id)
    return list(db.session.execute(select(TrainingSession).where(condition).order_by(*order)).scalars())
