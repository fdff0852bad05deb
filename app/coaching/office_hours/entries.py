"""Bookings in people's calendars: what a mail puts there, what is saved as a file, what a feed shows. All three say the same.

A booking that is moved keeps its UID and gets a higher SEQUENCE, so that it moves in the calendar, too. What it is about stands in
none of them: calendars are shown to others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _

from app.accounts.models import User
from app.coaching.office_hours.models import Booking, OfficeHours
from app.coaching.office_hours.queries import find_booking, list_between
from app.coaching.office_hours.rules import Span, State
from app.coaching.office_hours.timetables import find_timetable
from app.config import Config
from app.jobs.calendars import Address, Entry, as_calendar, organizer
from app.jobs.messages import CalendarPart, Method
from app.kernel.clock import zone
from app.web.dates import request_now

LIMIT = 500
# Hours without end stand in a calendar for so long.
DROP_INS_BACK, DROP_INS_AHEAD = timedelta(days=28), timedelta(days=182)


def calendar_part(method: Method, params: Mapping[str, Any], user_id: int | None, now: datetime) -> CalendarPart | None:
    """What goes into the calendar of whoever booked, or of the coach, as things are when the mail leaves. A mail that waited never
    puts anything older over anything newer: what was cancelled by then is not put in, and what was not, not taken out.
    """
    booking = find_booking(params["booking"])
    if booking is None or user_id not in {booking.user_id, booking.coach_id}:
        return None
    if (method is Method.REQUEST) != (booking.state == State.BOOKED):
        return None
    person = booking.coach if user_id == booking.coach_id else booking.user
    content = as_calendar(
        [entry_of(booking, person.id, stamp=now)],
        method=method,
        organizer=organizer(),
        attendee=Address(person.name, person.email),
    )
    return CalendarPart(method, content, _nothing, _nothing)


def as_file(booking: Booking, reader: User) -> bytes:
    """The booking to save."""
    entry = entry_of(booking, reader.id, stamp=booking.changed_at)
    return as_calendar([entry], method="PUBLISH", organizer=organizer())


def in_feed(person: User, start: datetime, end: datetime) -> Sequence[Entry]:
    """For the person's own calendar: bookings, as whoever booked and as the coach, and the coach's hours without booking."""
    found = list_between(person, start, end, limit=LIMIT)
    bookings = [entry_of(booking, person.id, stamp=booking.changed_at) for booking in found]
    since = max(start, request_now() - DROP_INS_BACK)
    until = min(end, request_now() + DROP_INS_AHEAD)
    drop_ins = find_timetable(person.id, since).drop_ins(since, (until - since).days)
    return [*bookings, *(_drop_in(hours, span) for hours, span in drop_ins)]


def _drop_in(hours: OfficeHours, span: Span) -> Entry:
    """A day of hours without booking. It moves with them, and is in the feed no longer once it is called off or the coach is away."""
    day = span.starts_at.astimezone(zone(hours.time_zone)).date()
    config: Config = current_app.config["GUILDHALL"]
    url = config.site_url + url_for("office_line.show", hours_id=hours.id)
    return Entry(
        uid=f"drop-in.{hours.id}.{day.isoformat()}@guildhall.invalid",
        title=_("Office hours without booking"),
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        zone=hours.time_zone,
        place=hours.place or hours.link,
        text="\n\n".join(line for line in (hours.link, url) if line),
        url=url,
        sequence=hours.revision,
        stamp=hours.changed_at,
        changed_at=hours.changed_at,
        status="CONFIRMED",
    )


def entry_of(booking: Booking, reader_id: int, *, stamp: datetime) -> Entry:
    """The booking as it stands in the calendar of one of the two: under the other one's name."""
    other = booking.user if reader_id == booking.coach_id else booking.coach
    config: Config = current_app.config["GUILDHALL"]
    url = config.site_url + url_for("office_hours.show", booking_id=booking.id)
    return Entry(
        uid=f"booking.{booking.id}@guildhall.invalid",
        title=_("Office hours: %(name)s", name=other.name),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        zone=booking.time_zone,
        place=booking.place or booking.link,
        text="\n\n".join(line for line in (booking.link, url) if line),
        url=url,
        sequence=booking.sequence,
        stamp=stamp,
        changed_at=booking.changed_at,
        status="CANCELLED" if booking.state == State.CANCELLED else "CONFIRMED",
    )


def _nothing(_session: object) -> None:
    """The entry's UID and SEQUENCE stand in the booking itself; nothing has to be noted beside it."""
