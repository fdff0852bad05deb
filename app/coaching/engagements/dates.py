"""The dates of an engagement as a file for a calendar: the day on which it is meant to end, and when what is the reader's own is due.

Calendars are often shared with colleagues, so an entry says no more than that it is about coaching, and leads to the page.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask import url_for
from flask_babel import gettext as _

from app.accounts.models import User
from app.coaching.models import Engagement
from app.jobs.calendars import Entry, as_calendar, organizer
from app.kernel.clock import zone

_AT, _LASTS = time(9), timedelta(minutes=15)


def as_file(engagement: Engagement, person: User, *, now: datetime) -> bytes:
    """Entries at nine on the reader's clocks."""
    team = engagement.team.name
    entries = [
        _entry(
            engagement,
            person,
            f"action-{each.id}",
            each.due_on,
            _("Due: coaching of %(team)s", team=team),
            each.revision,
            now,
        )
        for each in engagement.actions
        if each.owner_id == person.id and each.done_at is None and each.due_on is not None
    ]
    if engagement.ends_on is not None and engagement.ended_on is None:
        title = _("Looking back: coaching of %(team)s", team=team)
        entries.append(_entry(engagement, person, "end", engagement.ends_on, title, engagement.revision, now))
    return as_calendar(entries, method="PUBLISH", organizer=organizer())


def _entry(
    engagement: Engagement, person: User, name: str, day: date, title: str, sequence: int, now: datetime
) -> Entry:
    start = datetime.combine(day, _AT, zone(person.time_zone))
    url = url_for("engagements.show", engagement_id=engagement.id, _external=True)
    return Entry(
        uid=f"engagement-{engagement.id}.{name}@guildhall.invalid",
        title=title,
        starts_at=start,
        ends_at=start + _LASTS,
        zone=person.time_zone,
        place="",
        text=url,
        url=url,
        sequence=sequence,
        stamp=now,
        changed_at=now,
        status="CONFIRMED",
    )
