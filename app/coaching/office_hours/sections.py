"""What other pages show of office hours: the next free times of a coach, one's own bookings, those of an engagement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.coaching.office_hours.models import Booking
from app.coaching.office_hours.offers import offer_of
from app.coaching.office_hours.queries import list_coming, list_of_engagement
from app.coaching.office_hours.timetables import find_timetable
from app.web.dates import request_now
from app.web.sections import Section

SHOWN = 6


@dataclass(frozen=True)
class Line:
    """A booking as a card: who meets whom, and where it leads for whoever may read it."""

    booking: Booking
    title: str
    url: str


def line_of(booking: Booking, reader: Any) -> Line:
    """Each of the two reads the other one's name; somebody else of the team reads both, and nothing more."""
    if reader is None or reader.id not in {booking.user_id, booking.coach_id}:
        title = _("%(person)s with %(coach)s", person=booking.user.name, coach=booking.coach.name)
        return Line(booking, title, "")
    other = booking.user if booking.coach_id == reader.id else booking.coach
    return Line(booking, other.name, url_for("office_hours.show", booking_id=booking.id))


def of_coach(coach: Any, reader: Any) -> Section | None:
    """The next free times, and when the coach is away; for members alone, who can book them."""
    if reader is None:
        return None
    now = request_now()
    offer = offer_of(coach, find_timetable(coach.user_id, now), now)
    if not offer.slots and not offer.drop_ins and not offer.away:
        return None
    url = url_for("office_hours.of_coach", slug=coach.slug)
    return Section(_("Office hours"), "coaching/office_hours/_times.html", [offer], 1, url)


def my_bookings(_home: Any, reader: Any) -> Section | None:
    """What the reader has booked or is booked for, the next first."""
    coming = list_coming(reader, request_now()) if reader is not None else []
    if not coming:
        return None
    card = "coaching/office_hours/_card.html"
    lines = [line_of(booking, reader) for booking in coming[:SHOWN]]
    return Section(_("My office hours"), card, lines, len(coming), url_for("office_hours.mine"))


def of_engagement(engagement: Any, reader: Any) -> Section | None:
    """The bookings that belong to an engagement. Without their topics: each is for two people, and this is for a team."""
    found = list_of_engagement(engagement.id)
    if not found:
        return None
    lines = [line_of(booking, reader) for booking in found]
    return Section(_("Office hours"), "coaching/office_hours/_card.html", lines, len(lines))
