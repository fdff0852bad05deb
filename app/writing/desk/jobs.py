"""Cleaning up at the desk."""

from __future__ import annotations

from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.writing.desk.service import forget_old


def tidy() -> None:
    with transaction() as session:
        forget_old(session, now=utc_now())


JOBS = (Job("tidy the writing desk", 3600, tidy),)
