"""Courses for tests. Each function opens its own transaction, so a test reads like a story."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.kernel.db import transaction
from app.training.courses.models import Course, Series
from app.training.courses.service import CourseDetails, create_course
from app.training.models import Meeting, TrainingSession
from app.training.seats.models import Enrolment
from app.training.seats.presence import Attendance, Means, Presence
from tests.factories.training import NOW, make_coach


def make_course_details(*coaches: User, **given: Any) -> CourseDetails:
    """A course in English on no capability, without anything before it."""
    values: dict[str, Any] = {
        "title": "Small course",
        "summary": "To commit often.",
        "description": "How to **split** work.",
        "language": "en",
        "capability_id": None,
        "level": None,
        "coach_ids": [coach.id for coach in coaches],
        **given,
    }
    return CourseDetails(**values)


def make_course(coach: User | None = None, *, now: datetime = NOW, **given: Any) -> Course:
    coach = coach or make_coach()
    details = make_course_details(coach, **given)
    with transaction() as session:
        return create_course(session, details, actor=coach, now=now)


def add_to(course: Course, training: TrainingSession, number: int | None = None) -> None:
    """Make the session one of the course, and with a number, of the one series of the test, too."""
    with transaction() as session:
        training.course_id = course.id
        if number is not None:
            series = session.execute(select(Series)).scalar_one_or_none()
            if series is None:
                series = Series(token="", pattern="weekly", created_at=NOW)
                session.add(series)
                session.flush()
            training.series_id, training.series_date = series.id, (NOW + timedelta(days=7 * number)).date()


def attend(training: TrainingSession, person: User, *states: Presence) -> None:
    """What is known of the person at the session's meetings, from the first on."""
    training_id, user_id = training.id, person.id
    with transaction() as session:
        meetings = session.execute(
            select(Meeting).where(Meeting.training_id == training_id).order_by(Meeting.starts_at)
        ).scalars()
        enrolment = session.execute(
            select(Enrolment).where(Enrolment.training_id == training_id, Enrolment.user_id == user_id)
        ).scalar_one()
        for meeting, state in zip(meetings, states, strict=False):
            session.add(
                Attendance(
                    meeting_id=meeting.id,
                    enrolment_id=enrolment.id,
                    state=state,
                    means=Means.ROSTER,
                    at=meeting.ends_at,
                )
            )
