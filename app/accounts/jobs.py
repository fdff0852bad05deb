"""Cleaning up after log-ins."""

from __future__ import annotations

from app.accounts.service import forget_attempts
from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import transaction


def forget_old_attempts() -> None:
    with transaction() as session:
        forget_attempts(session, now=utc_now())


JOBS = (Job("forget log-in attempts", 3600, forget_old_attempts),)
