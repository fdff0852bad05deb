"""The worker's part: who is asked to read something hears of it, also who joins a team later; before the day, and after it."""

from __future__ import annotations

from sqlalchemy import select

from app.community.acknowledgements.models import RequiredReading
from app.community.acknowledgements.service import BATCH, list_due, nudge
from app.community.subjects import Ref, Subject, find_subject
from app.jobs.messages import reading_as
from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.types import LANGUAGES


def nudge_readers() -> int:
    """Look for people to tell. Most of the time there are none, and no writer has to wait for that."""
    told = 0
    for reading_id, ref in _list_with_something_due():
        found = _look_up(ref)
        if not found:
            continue
        titles, url = {language: subject.title for language, subject in found.items()}, next(iter(found.values())).url
        count = BATCH
        while count == BATCH:
            with transaction() as session:
                count = nudge(session, reading_id, titles, url, now=utc_now())
            told += count
    return told


def _list_with_something_due() -> list[tuple[int, Ref]]:
    session, now = db.session(), utc_now()
    readings = session.execute(select(RequiredReading).order_by(RequiredReading.id)).scalars().all()
    due = [(reading.id, Ref(reading.kind, reading.slug)) for reading in readings if list_due(session, reading, now)]
    session.rollback()
    return due


def _look_up(ref: Ref) -> dict[str, Subject]:
    """The article in each language; of what is not published nobody is told."""
    found = {}
    for language in LANGUAGES:
        with reading_as(language, "UTC"):
            subject = find_subject(ref, None, language)
        if subject is not None:
            found[language] = subject
    return found


JOBS = (Job("required readings", 30, nudge_readers),)
