"""The calendar's part of a mail about a place, as things are when the mail leaves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from flask import current_app, url_for

from app.config import Config
from app.jobs.calendars import Address, Entry, as_calendar, organizer
from app.jobs.messages import CalendarPart, Method
from app.training.calendar_entries.models import CalendarEntry
from app.training.calendar_entries.queries import find_place, has_seat, list_entries, sequence_of
from app.training.calendar_entries.service import forget_entries, note_entries
from app.training.calendar_entries.writing import entries_of, uid_of
from app.training.models import TrainingSession
from app.training.rules import State
from app.training.seats.models import Enrolment


def calendar_part(method: Method, params: Mapping[str, Any], user_id: int | None, now: datetime) -> CalendarPart | None:
    """What goes into the calendar of that person with a mail about the session that `params` names.

    A mail that gives a seat carries nothing once the seat is gone, and one that takes it away nothing once it is back: a later
    mail tells of that. So a mail that waited never puts anything older over anything newer.
    """
    place = find_place(user_id, params["slug"]) if user_id is not None else None
    if place is None:
        return None
    return _request(place, now) if method is Method.REQUEST else _cancel(place, now)


def _request(place: Enrolment, now: datetime) -> CalendarPart | None:
    if not has_seat(place):
        return None
    training = place.training
    entries = entries_of(training, url=page_of(training), link=training.link, sequence=sequence_of(place), stamp=now)
    meetings = [(each.id, uid_of(training, each), each.starts_at, each.ends_at) for each in training.meetings]
    content = as_calendar(entries, method=Method.REQUEST, organizer=organizer(), attendee=_guest(place))
    return CalendarPart(
        Method.REQUEST, content, partial(note_entries, enrolment_id=place.id, meetings=meetings), _nothing
    )


def _cancel(place: Enrolment, now: datetime) -> CalendarPart | None:
    seated = has_seat(place)
    gone = [entry for entry in list_entries(place.id) if entry.meeting_id is None or not seated]
    if not gone:
        return None
    sequence = sequence_of(place)
    entries = [_gone(place.training, entry, sequence, now) for entry in gone]
    content = as_calendar(entries, method=Method.CANCEL, organizer=organizer(), attendee=_guest(place))
    return CalendarPart(
        Method.CANCEL, content, _nothing, partial(forget_entries, entry_ids=[entry.id for entry in gone])
    )


def _gone(training: TrainingSession, entry: CalendarEntry, sequence: int, now: datetime) -> Entry:
    """An entry that is taken away. It is `CANCELLED` only if nobody meets then; to whoever is merely no longer a guest no status
    is sent (RFC 5546, 3.2.5).
    """
    nobody_meets = entry.meeting_id is None or training.state == State.CANCELLED
    return Entry(
        uid=entry.uid,
        title=training.title,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        zone=training.time_zone,
        place=training.place,
        text=training.cancel_reason,
        url=page_of(training),
        sequence=sequence,
        stamp=now,
        changed_at=now,
        status="CANCELLED" if nobody_meets else None,
    )


def _guest(place: Enrolment) -> Address:
    return Address(place.user.name, place.user.email)


def page_of(training: TrainingSession) -> str:
    """The address of the session's page, the same whichever way the reader came."""
    config: Config = current_app.config["GUILDHALL"]
    return config.site_url + url_for("training.show", slug=training.slug)


def _nothing(_session: object) -> None:
    """A request takes nothing out, a cancellation puts nothing in."""
