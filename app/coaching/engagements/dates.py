"""The dates of an engagement as a file for a calendar, and in the person's own feed: the day on which it is meant to end, and when what is the reader's own is due.

Calendars are often shared with colleagues, so an entry says no more than that it is about coaching, and leads to the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from flask import current_app, url_for
from flask_babel import gettext as _
from sqlalchemy import and_, or_
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User
from app.coaching.models import AgreedAction, Engagement
from app.coaching.queries import visible_engagements
from app.config import Config
from app.jobs.calendars import Entry, as_calendar, organizer
from app.kernel.clock import zone
from app.kernel.db import db

_AT, _LASTS = time(9), timedelta(minutes=15)


def as_file(engagement: Engagement, person: User, *, now: datetime) -> bytes:
    """Entries at nine on the reader's clocks."""
    return as_calendar(_entries(engagement, person, now), method="PUBLISH", organizer=organizer())


def in_feed(person: User, start: datetime, end: datetime) -> Sequence[Entry]:
    """The same of all engagements that the person may read, for the own calendar. What is done, over or taken back is in it no longer.
    The same dates give the same bytes, so the moment is that of the engagement; which is newer says the SEQUENCE.
    """
    is_own = AgreedAction.owner_id == person.id, AgreedAction.done_at.is_(None), AgreedAction.due_on.is_not(None)
    looks_back = and_(Engagement.ends_on.is_not(None), Engagement.ended_on.is_(None))
    query = (
        visible_engagements(person)
        .where(or_(looks_back, Engagement.actions.any(and_(*is_own))))
        .options(joinedload(Engagement.team), selectinload(Engagement.actions))
        .order_by(Engagement.id)
    )
    found = db.session.execute(query).unique().scalars()
    entries = [entry for each in found for entry in _entries(each, person, each.created_at)]
    return [entry for entry in entries if start <= entry.starts_at < end]


def _entries(engagement: Engagement, person: User, stamp: datetime) -> list[Entry]:
    team = engagement.team.name
    due = _("Due: coaching of %(team)s", team=team)
    entries = [
        _entry(engagement, person, f"action-{each.id}", each.due_on, due, each.revision, stamp)
        for each in engagement.actions
        if each.owner_id == person.id and each.done_at is None and each.due_on is not None
    ]
    if engagement.ends_on is not None and engagement.ended_on is None:
        title = _("Looking back: coaching of %(team)s", team=team)
        entries.append(_entry(engagement, person, "end", engagement.ends_on, title, engagement.revision, stamp))
    return entries


def _entry(
    engagement: Engagement, person: User, name: str, day: date, title: str, sequence: int, stamp: datetime
) -> Entry:
    start = datetime.combine(day, _AT, zone(person.time_zone))
    config: Config = current_app.config["GUILDHALL"]
    url = config.site_url + url_for("engagements.show", engagement_id=engagement.id)
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
        stamp=stamp,
        changed_at=stamp,
        status="CONFIRMED",
    )
