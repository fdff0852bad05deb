"""Taking out of people's calendars what no other mail takes out.

Whoever gives a seat back knows it and needs no mail, but their calendar does; a session that loses one of its meetings leaves
that one behind; and whichever way a seat is lost that nobody thought of, the entry is found here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session, contains_eager

from app.accounts.models import User
from app.jobs.models import Mail, MailState
from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import db, take_turns, transaction
from app.notifications.service import notify
from app.training.calendar_entries.models import CalendarEntry
from app.training.calendar_entries.queries import has_seat
from app.training.models import TrainingSession
from app.training.rules import State
from app.training.seats.models import Enrolment
from app.training.seats.rules import Seat
from app.training.seats.telling import announcement

# People in one go; the rest comes with the next one.
BATCH = 100
KEEP = timedelta(days=60)


def withdraw_entries() -> int:
    """Queue mail that takes away what no longer holds. Returns how many people get some."""
    if db.session.execute(_stale().with_only_columns(CalendarEntry.id).limit(1)).first() is None:
        db.session.rollback()
        return 0
    with transaction() as session:
        take_turns(session, "calendar entries")
        stale = list(session.execute(_stale()).unique().scalars())
        by_place = [(place, list(rows)) for place, rows in groupby(stale, key=lambda entry: entry.enrolment)]
        busy = _being_told(session, [place.user_id for place, _rows in by_place])
        waiting = [each for each in by_place if (each[0].user_id, each[0].training.slug) not in busy][:BATCH]
        for place, rows in waiting:
            _withdraw(session, place, rows)
        return len(waiting)


def _stale() -> Any:
    """Entries of times to come whose meeting, seat or session is gone, and of which no mail was queued here yet."""
    is_gone = or_(
        CalendarEntry.meeting_id.is_(None),
        Enrolment.state != Seat.CONFIRMED,
        TrainingSession.state != State.PUBLISHED,
    )
    return (
        select(CalendarEntry)
        .join(CalendarEntry.enrolment)
        .join(Enrolment.training)
        .join(Enrolment.user)
        .where(CalendarEntry.withdrawn_at.is_(None), CalendarEntry.ends_at > utc_now(), is_gone)
        .where(User.disabled_at.is_(None))
        .options(
            contains_eager(CalendarEntry.enrolment).options(
                contains_eager(Enrolment.training), contains_eager(Enrolment.user)
            )
        )
        .order_by(CalendarEntry.enrolment_id, CalendarEntry.starts_at)
        .execution_options(populate_existing=True)
    )


def _being_told(session: Session, user_ids: Sequence[int]) -> set[tuple[int | None, Any]]:
    """(person, session) of mail that has not left yet: it may be the one that takes the entry away."""
    rows = session.execute(
        select(Mail.user_id, Mail.params).where(
            Mail.user_id.in_(user_ids), Mail.state.in_([MailState.QUEUED, MailState.SENDING])
        )
    )
    return {(user_id, params.get("slug")) for user_id, params in rows}


def _withdraw(session: Session, place: Enrolment, rows: Sequence[CalendarEntry]) -> None:
    now = utc_now()
    params: dict[str, Any] = announcement(place.training)
    kind = "seat gone"
    if has_seat(place):
        kind = "meetings dropped"
        params["times"] = [[row.starts_at.isoformat(), row.ends_at.isoformat()] for row in rows]
    notify(session, place.user, kind, params, now=now)
    for row in rows:
        row.withdrawn_at = now


def forget_old_entries() -> int:
    """Delete what lies two months behind. Returns how many rows went."""
    with transaction() as session:
        result = session.execute(delete(CalendarEntry).where(CalendarEntry.ends_at < utc_now() - KEEP))
        return int(result.rowcount)  # type: ignore[attr-defined]


JOBS = (
    Job("calendar entries", 5, withdraw_entries),
    Job("forget old calendar entries", 3600, forget_old_entries),
)
