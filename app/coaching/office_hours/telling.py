"""What messages say about a booking: plain values, worded when somebody reads them. Never what it is about."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.coaching.office_hours.models import Booking
from app.notifications.service import notify

BOOKED, MOVED, CANCELLED, REMINDER = "office booked", "office moved", "office cancelled", "office reminder"


def facts_of(booking: Booking) -> dict[str, Any]:
    return {
        "booking": booking.id,
        "coach": booking.coach.name,
        "person": booking.user.name,
        "starts": booking.starts_at.isoformat(),
        "ends": booking.ends_at.isoformat(),
        "zone": booking.time_zone,
        "place": booking.place,
        "link": booking.link,
    }


def tell_both(session: Session, booking: Booking, kind: str, *, now: datetime, **more: Any) -> None:
    """Tell whoever booked and the coach: both have it in their calendars."""
    for person in (booking.user, booking.coach):
        if person.is_active:
            side = "coach" if person.id == booking.coach_id else "person"
            notify(session, person.contact, kind, {**facts_of(booking), **more, "side": side}, now=now)
