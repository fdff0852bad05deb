"""Noting what mail does to people's calendars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.kernel.db import add_row, take_turns
from app.training.calendar_entries.models import CalendarEntry


def note_entries(session: Session, enrolment_id: int, meetings: Sequence[tuple[int, str, datetime, datetime]]) -> None:
    """A mail is about to put these meetings (id, UID, start, end) into the person's calendar."""
    take_turns(session, f"calendar of {enrolment_id}")
    rows = session.execute(select(CalendarEntry).where(CalendarEntry.enrolment_id == enrolment_id)).scalars()
    present = {row.uid: row for row in rows}
    for meeting_id, uid, starts_at, ends_at in meetings:
        row = present.get(uid)
        if row is None:
            values = {"enrolment_id": enrolment_id, "meeting_id": meeting_id, "uid": uid}
            add_row(session, CalendarEntry, **values, starts_at=starts_at, ends_at=ends_at)
        else:
            row.starts_at, row.ends_at, row.withdrawn_at = starts_at, ends_at, None
    session.flush()


def forget_entries(session: Session, entry_ids: Sequence[int]) -> None:
    """A mail has taken these out of the person's calendar."""
    session.execute(delete(CalendarEntry).where(CalendarEntry.id.in_(list(entry_ids))))
