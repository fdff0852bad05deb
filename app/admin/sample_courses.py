"""The sample courses, and the sample series."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.admin.sample_dates import Calendar, Data
from app.admin.sample_seats import fill
from app.admin.sample_sessions import Cast, details_of
from app.training.courses.models import Course, Series
from app.training.courses.rules import Pattern, days_of, first_day
from app.training.courses.series import create_series, publish_series
from app.training.courses.service import CourseDetails, create_course
from app.training.models import TrainingSession


def load_courses(
    session: Session, data: Data, people: Mapping[str, User], capabilities: Mapping[str, int], calendar: Calendar
) -> dict[str, int]:
    """Bring in the courses that are not there yet. Returns the ids of all of them by slug."""
    ids = {
        slug: course_id for slug, course_id in session.execute(select(Course.slug, Course.id).where(Course.is_sample))
    }
    for item in data["courses"]:
        if item["slug"] in ids:
            continue
        details = CourseDetails(
            title=item["title"],
            summary=item["summary"],
            description=item["description"],
            language=item["language"],
            capability_id=capabilities.get(item["capability"]),
            level=item["level"],
            coach_ids=[people[email].id for email in item["coaches"]],
            practices=item.get("practices", ()),
            before=[ids[slug] for slug in item.get("before", ())],
        )
        actor = people[item["coaches"][0]]
        course = create_course(session, details, actor=actor, now=calendar.now, slug=item["slug"], is_sample=True)
        ids[course.slug] = course.id
    return ids


def load_series(session: Session, data: Data, cast: Cast, calendar: Calendar) -> None:
    """Bring in the series that are not there yet, published, with people in the first session of each."""
    tokens = set(session.execute(select(Series.token)).scalars())
    for item in data["series"]:
        if item["token"] in tokens:
            continue
        details = details_of(item, cast, calendar)
        pattern = Pattern(item["pattern"])
        days = list(islice(days_of(pattern, first_day(details.starts_at, details.time_zone)), item["count"]))
        actor = cast.people[item["coaches"][0]]
        series = create_series(
            session, details, days, pattern=pattern, token=item["token"], actor=actor, now=calendar.now
        )
        of_it = (
            select(TrainingSession).where(TrainingSession.series_id == series.id).order_by(TrainingSession.starts_at)
        )
        trainings = session.execute(of_it).unique().scalars().all()
        for training in trainings:
            training.is_sample = True
        publish_series(session, series.id, actor=actor, now=calendar.now)
        fill(session, trainings[0], item, cast.people, cast.teams, actor=actor, now=calendar.now)


def list_sample_series(session: Session) -> list[int]:
    """The ids of the series that sample sessions are in, also of those that somebody split off."""
    query = select(TrainingSession.series_id).where(TrainingSession.is_sample).distinct()
    return [series_id for series_id in session.execute(query).scalars() if series_id is not None]


def remove_courses(session: Session, series_ids: list[int]) -> int:
    """Take out every sample course, and those of the series that have no session any more. Returns how many courses."""
    courses = session.execute(select(Course).where(Course.is_sample)).unique().scalars().all()
    kept = select(TrainingSession.series_id).where(TrainingSession.series_id.in_(series_ids))
    empty = select(Series).where(Series.id.in_(series_ids), Series.id.not_in(kept))
    for row in (*courses, *session.execute(empty).scalars()):
        session.delete(row)
    session.flush()
    return len(courses)
