"""The worker's part."""

from __future__ import annotations

from datetime import date

from flask import current_app

from app.config import Config
from app.improvement.plans.nudging import is_any_due, nudge, remind_of_reviews
from app.jobs.worker import Job
from app.kernel.clock import utc_now, zone
from app.kernel.db import db, transaction


def remind_people() -> int:
    """Look for what is overdue in the plans of the teams, and for teams that are to be assessed again. Returns how many of both."""
    is_any = is_any_due(_today(), utc_now())
    db.session.rollback()
    if not is_any:
        return 0
    with transaction() as session:
        today, now = _today(), utc_now()
        return nudge(session, today=today, now=now) + remind_of_reviews(session, today=today, now=now)


def _today() -> date:
    """The day that it is at the house: a plan belongs to people on several clocks."""
    config: Config = current_app.config["GUILDHALL"]
    return utc_now().astimezone(zone(config.default_time_zone)).date()


JOBS = (Job("plan nudges", 600.0, remind_people),)
