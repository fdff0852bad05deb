"""Office hours and bookings for tests, made as coaches and members make them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.coaches.models import Coach
from app.coaching.office_hours import keeping, line, service
from app.coaching.office_hours.models import Booking, OfficeHours, Ticket
from app.coaching.office_hours.service import About
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from tests.factories.coaches import make_coach

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)  # Monday, 10:00 in Shanghai
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WEDNESDAY_AT_TWO = datetime(2026, 11, 18, 6, 0, tzinfo=UTC)


def make_details(**changes: Any) -> keeping.Details:
    """Wednesdays from two to four in Shanghai, half an hour each."""
    return keeping.Details(
        **{
            "weekday": 2,
            "starts": time(14),
            "ends": time(16),
            "time_zone": "Asia/Shanghai",
            "slot_minutes": 30,
            "is_drop_in": False,
            "since": date(2026, 11, 1),
            "until": None,
            "place": "Room 5",
            "link": "",
            "lead_hours": 12,
            "cancel_hours": 2,
            "ahead_days": 28,
            **changes,
        }
    )


def make_hours(coach: Coach | User | None = None, **changes: Any) -> OfficeHours:
    """Hours of that coach, or of a new one with a profile."""
    owner = coach or make_coach()
    user_id = owner.user_id if isinstance(owner, Coach) else owner.id
    with transaction() as session:
        person = session.get_one(User, user_id)
        return keeping.keep_hours(session, make_details(**changes), coach=person, now=utc_now())


def book(hours: OfficeHours, person: User, at: datetime = WEDNESDAY_AT_TWO, **about: Any) -> Booking:
    hours_id, person_id = hours.id, person.id
    with transaction() as session:
        actor = session.get_one(User, person_id)
        return service.book(session, hours_id, at, About(**about), actor=actor, now=utc_now())


def move(booking: Booking, hours: OfficeHours, at: datetime, actor: User) -> Booking:
    booking_id, hours_id, actor_id = booking.id, hours.id, actor.id
    with transaction() as session:
        person = session.get_one(User, actor_id)
        return service.move(session, booking_id, hours_id, at, actor=person, now=utc_now())


def cancel(booking: Booking, actor: User, reason: str = "") -> Booking:
    booking_id, actor_id = booking.id, actor.id
    with transaction() as session:
        person = session.get_one(User, actor_id)
        return service.cancel(session, booking_id, reason=reason, actor=person, now=utc_now())


def stand_in_line(hours: OfficeHours, person: User, topic: str = "") -> Ticket:
    hours_id, person_id = hours.id, person.id
    with transaction() as session:
        return line.join(session, hours_id, topic, actor=session.get_one(User, person_id), now=utc_now())


def reloaded(booking: Booking) -> Booking:
    """As it is in the database."""
    session: Session = db.session()
    session.rollback()
    return session.get_one(Booking, booking.id)
