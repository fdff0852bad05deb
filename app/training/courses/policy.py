"""May this person change that course? Pure questions, no database."""

from __future__ import annotations

from app.accounts.models import User
from app.training.courses.models import Course
from app.training.policy import is_administrator


def can_edit_course(user: User, course: Course) -> bool:
    """Its coaches, whoever made it, and administrators."""
    return user.id in course.coach_ids or user.id == course.created_by_id or is_administrator(user)
