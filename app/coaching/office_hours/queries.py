"""Reading bookings and hours, each for whom it is there. What is free is computed (`timetables`); only what was booked is a row."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.capabilities.models import Capability
from app.coaching.models import CoachAway, Engagement
from app.coaching.office_hours.models import Booking, OfficeException, OfficeHours, Ticket
from app.coaching.office_hours.rules import State
from app.coaching.rules import Phase
from app.kernel.db import db
from app.kernel.errors import NotFoundError

NO_SUCH_HOURS = _l("There are no such office hours, or they have ended.")
NO_SUCH_BOOKING = _l("There is no such booking.")
WITH_PEOPLE = (
    joinedload(Booking.coach),
    joinedload(Booking.user),
    joinedload(Booking.hours),
    joinedload(Booking.capability).options(joinedload(Capability.area), joinedload(Capability.framework)),
)


def bookings_of_coach(user_id: int, start: datetime, end: datetime) -> list[Booking]:
    """What is booked with this coach, or was, and begins between two moments, by time, with the people. Cancelled ones are left out.
    One query.
    """
    query = (
        select(Booking)
        .where(Booking.coach_id == user_id, Booking.starts_at >= start, Booking.starts_at < end)
        .where(Booking.state != State.CANCELLED)
    )
    return _run(query.order_by(Booking.starts_at, Booking.id))


def visible_to(user: User) -> Select[Booking]:
    """The bookings that `user` made, and those with this coach; equal to `policy.can_read`."""
    return select(Booking).where(or_(Booking.user_id == user.id, Booking.coach_id == user.id))


def get_booking(user: User, booking_id: int) -> Booking:
    """Raises NotFoundError for what is not there, or of others."""
    found = _run(visible_to(user).where(Booking.id == booking_id))
    if not found:
        raise NotFoundError(NO_SUCH_BOOKING)
    return found[0]


def find_booking(booking_id: int) -> Booking | None:
    """For messages, which are told to those alone who may read it."""
    return next(iter(_run(select(Booking).where(Booking.id == booking_id))), None)


def list_coming(user: User, now: datetime, *, limit: int = 100) -> list[Booking]:
    """What is still to come, as whoever booked or as the coach, the next one first."""
    query = visible_to(user).where(Booking.state == State.BOOKED, Booking.ends_at > now)
    return _run(query.order_by(Booking.starts_at, Booking.id).limit(limit))


def list_unsaid(coach_id: int, now: datetime, *, limit: int = 50) -> list[Booking]:
    """What is over, and the coach has not said yet whether it was held, the latest first."""
    query = select(Booking).where(Booking.coach_id == coach_id, Booking.state == State.BOOKED, Booking.ends_at <= now)
    return _run(query.order_by(Booking.starts_at.desc(), Booking.id).limit(limit))


def of_person(user: User) -> Select[Booking]:
    """Everything that `user` booked or was booked for, the newest first."""
    return visible_to(user).options(*WITH_PEOPLE).order_by(Booking.starts_at.desc(), Booking.id.desc())


def list_of_engagement(engagement_id: int) -> list[Booking]:
    """The bookings of an engagement, for whoever may read it, by time. What each is about stays with the two."""
    query = select(Booking).where(Booking.engagement_id == engagement_id, Booking.state != State.CANCELLED)
    return _run(query.order_by(Booking.starts_at, Booking.id))


def list_between(user: User, start: datetime, end: datetime, *, limit: int) -> list[Booking]:
    """For the person's own calendar: also what was cancelled, so that it goes from there."""
    query = visible_to(user).where(Booking.ends_at > start, Booking.starts_at < end)
    return _run(query.order_by(Booking.starts_at.desc(), Booking.id).limit(limit))


def list_open_of_coach(coach_id: int, now: datetime) -> list[Booking]:
    """What is booked with the coach and has not begun."""
    query = select(Booking).where(Booking.coach_id == coach_id, Booking.state == State.BOOKED, Booking.starts_at > now)
    return _run(query.order_by(Booking.starts_at, Booking.id))


def _run(query: Select[Booking]) -> list[Booking]:
    return list(db.session.execute(query.options(*WITH_PEOPLE)).unique().scalars())


def get_hours(hours_id: int) -> OfficeHours:
    """Raises NotFoundError."""
    hours = db.session.get(OfficeHours, hours_id, options=[joinedload(OfficeHours.coach)])
    if hours is None or not hours.coach.is_active:
        raise NotFoundError(NO_SUCH_HOURS)
    return hours


def list_hours(coach_id: int) -> list[OfficeHours]:
    """A coach's own, those that have ended last."""
    query = (
        select(OfficeHours)
        .where(OfficeHours.coach_id == coach_id)
        .order_by(OfficeHours.until.isnot(None), OfficeHours.weekday, OfficeHours.starts, OfficeHours.id)
    )
    return list(db.session.execute(query).scalars())


def list_away(coach_id: int, since: date) -> list[CoachAway]:
    """When the coach is away, from that day on."""
    query = select(CoachAway).where(CoachAway.coach_id == coach_id, CoachAway.last >= since)
    return list(db.session.execute(query.order_by(CoachAway.first, CoachAway.last)).scalars())


def list_exceptions(hours_ids: Collection[int], since: date) -> list[OfficeException]:
    query = (
        select(OfficeException)
        .where(OfficeException.hours_id.in_(hours_ids), OfficeException.day >= since)
        .order_by(OfficeException.day, OfficeException.id)
    )
    return list(db.session.execute(query).scalars())


def list_engagements_with(user: User, coach_id: int) -> Sequence[Engagement]:
    """The engagements of the person's teams with this coach that have not ended: a booking can belong to one."""
    query = select(Engagement).where(
        Engagement.coach_id == coach_id, Engagement.team_id.in_(user.team_ids), Engagement.state != Phase.ENDED
    )
    return list(db.session.execute(query.order_by(Engagement.title)).scalars())


def list_line(hours_id: int, day: date) -> list[Ticket]:
    """Everybody who is or was in line that day, by number."""
    query = (
        select(Ticket)
        .where(Ticket.hours_id == hours_id, Ticket.day == day)
        .options(joinedload(Ticket.user))
        .order_by(Ticket.number)
    )
    return list(db.session.execute(query).scalars())
