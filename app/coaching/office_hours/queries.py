"""Reading office hours and bookings. What is free is computed; only what was booked is a row."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.capabilities.models import Capability
from app.coaching.office_hours.models import Booking
from app.coaching.office_hours.rules import State
from app.kernel.db import db

NO_SUCH_HOURS = _l("There are no such office hours, or they have ended.")
NO_SUCH_BOOKING = _l("There is no such booking.")
WITH_PEOPLE = (
    joinedload(Booking.coach),
    joinedload(Booking.user),
    joinedload(Booking.capability).joinedload(Capability.area),
    joinedload(Booking.capability).joinedload(Capability.framework),
)


def bookings_of_coach(user_id: int, start: datetime, end: datetime) -> list[Booking]:
    """What is booked with this coach, or was, and begins between two moments, by time, with the people. Cancelled ones are left out.
    One query.
    """
    query = (
        select(Booking)
        .where(Booking.coach_id == user_id, Booking.starts_at >= start, Booking.starts_at < end)
        .where(Booking.state != State.CANCELLED)
        .options(*WITH_PEOPLE)
        .order_by(Booking.starts_at, Booking.id)
    )
    return list(db.session.execute(query).unique().scalars())
