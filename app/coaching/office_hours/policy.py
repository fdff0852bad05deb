"""Who may do what with office hours and bookings. Pure questions, no database."""

from __future__ import annotations

from app.accounts.models import User
from app.accounts.rules import Permission
from app.coaching.office_hours.models import Booking, OfficeHours


def can_keep_hours(user: User) -> bool:
    return user.may(Permission.KEEP_COACH_PROFILE)


def can_edit(user: User, hours: OfficeHours) -> bool:
    """Nobody else arranges a coach's week."""
    return hours.coach_id == user.id


def can_read(user: User, booking: Booking) -> bool:
    """Whoever booked, and the coach; equal to `queries.visible_to`."""
    return user.id in {booking.user_id, booking.coach_id}
