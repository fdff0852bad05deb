"""The worker's part."""

from __future__ import annotations

from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.writing.review.nudging import list_reminders, remind
from app.writing.review.settings import day_of, due_day


def remind_people() -> int:
    """Look for what lies about. Most of the time nothing does, and no writer has to wait for that."""
    waiting = bool(list_reminders(day_of, due_day, now=utc_now()))
    db.session.rollback()
    if not waiting:
        return 0
    with transaction() as session:
        return remind(session, day_of, due_day, now=utc_now())


JOBS = (Job("review reminders", 600.0, remind_people),)
