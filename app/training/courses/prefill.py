"""What the form of a new session begins with when it is a copy, or one of a course."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from app.kernel.errors import InvalidInputError
from app.training.courses.models import Course
from app.training.courses.queries import get_series, list_siblings
from app.training.courses.retelling import on_day
from app.training.courses.rules import Pattern, days_of, first_day
from app.training.forms import TIMES, typed
from app.training.models import TrainingSession
from app.training.service import details_of


def copied(training: TrainingSession, *, now: datetime) -> dict[str, Any]:
    """A session as the form of another one holds it: on the day on which the next one would be, and without times where that
    cannot be known or lies behind.
    """
    details = details_of(training)
    begun = {**typed(details), "course": str(training.course_id or "")}
    day = _next_day(training)
    try:
        moved = on_day(details, day) if day else None
    except InvalidInputError:
        moved = None
    if moved is None or moved.starts_at <= now:
        return {**begun, **dict.fromkeys(TIMES), "meetings": []}
    if moved.signup_opens_at is not None and moved.signup_opens_at <= now:
        # A sign-up that opens in the past opens at once, which is what an empty field says.
        moved = replace(moved, signup_opens_at=None)
    return {**begun, **typed(moved)}


def _next_day(training: TrainingSession) -> date | None:
    """In a series, the day of the pattern after its last; in a course, as long after the last session as that is after the one
    before.
    """
    days = [first_day(each.starts_at, each.time_zone) for each in list_siblings(training)]
    if training.series_id is not None:
        pattern = Pattern(get_series(training.series_id).pattern)
        return next((day for day in days_of(pattern, days[-1]) if day > days[-1]), None)
    distance = days[-1] - days[-2] if len(days) > 1 else timedelta(0)
    return days[-1] + distance if distance > timedelta(0) else None


def from_course(course: Course) -> dict[str, Any]:
    """What a course says of every session of it."""
    return {
        "course": str(course.id),
        "title": course.title,
        "description": course.description,
        "language": course.language,
        "capability": str(course.capability_id or ""),
        "level": str(course.level or ""),
        "coaches": [row.user_id for row in course.coach_rows],
    }
