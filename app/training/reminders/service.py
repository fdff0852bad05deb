"""Choosing when people are reminded, and reminding them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel.db import add_row, take_turns
from app.notifications.service import notify
from app.training.models import Meeting
from app.training.reminders.models import Reminder, ReminderPlan
from app.training.reminders.queries import due, leads_of
from app.training.reminders.rules import AHEAD, ORDER, Lead, is_of_use
from app.training.seats.models import Enrolment
from app.training.seats.telling import invitation

# People in one transaction; the rest comes with the next one.
BATCH = 200
KIND = "training reminder"


def choose_leads(session: Session, training_id: int, leads: Collection[Lead]) -> None:
    """Remind this session's people so long before each meeting; with none, never."""
    session.merge(ReminderPlan(training_id=training_id, **{lead.value: lead in leads for lead in Lead}))
    session.flush()


def remind(session: Session, *, now: datetime) -> int:
    """Queue the reminders that are due, at most BATCH. Returns how many were looked at, sent or not.

    What was looked at is written down in the same transaction, so whoever calls this, and however often, each is sent once.
    """
    take_turns(session, "reminders")
    seen = 0
    for lead in ORDER:
        if seen >= BATCH:
            break
        for place, meeting, plan, last in session.execute(due(lead, now).limit(BATCH - seen)).unique().all():
            sends = is_of_use(lead, leads_of(plan), starts_at=meeting.starts_at, seat_since=place.changed_at, now=now)
            _note(session, place, meeting, lead, last, was_sent=sends, now=now)
            if sends:
                _tell(session, place, meeting, lead, now)
            seen += 1
        session.flush()
    return seen


def _note(
    session: Session,
    place: Enrolment,
    meeting: Meeting,
    lead: Lead,
    last: Reminder | None,
    *,
    was_sent: bool,
    now: datetime,
) -> None:
    values = {"covers_until": now + AHEAD[lead], "at": now, "was_sent": was_sent}
    if last is None:
        add_row(session, Reminder, enrolment_id=place.id, meeting_id=meeting.id, lead=lead.value, **values)
        return
    for name, value in values.items():
        setattr(last, name, value)


def _tell(session: Session, place: Enrolment, meeting: Meeting, lead: Lead, now: datetime) -> None:
    params = {
        **invitation(place.training),
        "starts": meeting.starts_at.isoformat(),
        "ends": meeting.ends_at.isoformat(),
        "meeting": meeting.id,
        "covers": (now + AHEAD[lead]).isoformat(),
    }
    notify(session, place.user, KIND, params, now=now)
