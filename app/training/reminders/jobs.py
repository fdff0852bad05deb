"""The worker's part."""

from __future__ import annotations

from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.training.reminders.queries import due
from app.training.reminders.rules import ORDER
from app.training.reminders.service import remind
from app.training.seats.models import Enrolment


def remind_people() -> int:
    """Look for reminders that are due. Most of the time there are none, and no writer has to wait for that."""
    now = utc_now()
    waiting = any(
        db.session.execute(due(lead, now).with_only_columns(Enrolment.id).limit(1)).first() is not None
        for lead in ORDER
    )
    db.session.rollback()
    if not waiting:
        return 0
    with transaction() as session:
        return remind(session, now=utc_now())


JOBS = (Job("reminders", 10, remind_people),)
