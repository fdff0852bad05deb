"""The worker's part: reminding a day before, once; calling off what one of the two has left; sending home whoever still stands in the
line of yesterday.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.coaching.office_hours.line import call_off as call_off_line
from app.coaching.office_hours.line import close_lines, of_days_over, of_lost_coaches
from app.coaching.office_hours.models import Booking, OfficeHours, Ticket
from app.coaching.office_hours.queries import WITH_PEOPLE
from app.coaching.office_hours.rules import REMIND_BEFORE, State
from app.coaching.office_hours.service import call_off
from app.coaching.office_hours.telling import REMINDER, facts_of
from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import db, take_turns, transaction
from app.notifications.service import notify

BATCH = 200


def _due(now: datetime) -> Select[Booking]:
    """What begins within a day, and its person was not reminded of that beginning. Whoever booked or moved it within that day was
    just told, and is noted as reminded all the same.
    """
    return (
        select(Booking)
        .where(Booking.state == State.BOOKED, Booking.starts_at > now, Booking.starts_at <= now + REMIND_BEFORE)
        .where(or_(Booking.reminded_for.is_(None), Booking.reminded_for != Booking.starts_at))
        .order_by(Booking.starts_at, Booking.id)
    )


def remind() -> int:
    """Queue the reminders that are due. What was looked at is noted in the same transaction, so each is sent once."""
    if not _is_there(_due(utc_now()).with_only_columns(Booking.id)):
        return 0
    with transaction() as session:
        take_turns(session, "office reminders")
        now = utc_now()
        found = list(session.execute(_due(now).options(*WITH_PEOPLE).limit(BATCH)).unique().scalars())
        for booking in found:
            booking.reminded_for = booking.starts_at
            if booking.changed_at <= booking.starts_at - REMIND_BEFORE and booking.user.is_active:
                notify(session, booking.user.contact, REMINDER, {**facts_of(booking), "side": "person"}, now=now)
        return len(found)


def call_off_what_was_left() -> int:
    """Cancel what is booked with, or by, somebody whose account was closed."""
    of_two = (Booking.coach.has(User.disabled_at.isnot(None)), Booking.user.has(User.disabled_at.isnot(None)))
    left = select(Booking).where(Booking.state == State.BOOKED, Booking.starts_at > utc_now(), or_(*of_two))
    if not _is_there(left.with_only_columns(Booking.id)):
        return 0
    with transaction() as session:
        take_turns(session, "office hours that were left")
        found = list(session.execute(left.options(*WITH_PEOPLE).limit(BATCH)).unique().scalars())
        call_off(session, found, now=utc_now())
        return len(found)


def call_off_lines() -> int:
    """Send home whoever stands in line for somebody who is a coach no more."""
    if not _is_there(of_lost_coaches().with_only_columns(Ticket.id)):
        return 0
    with transaction() as session:
        take_turns(session, "office hours that were left")
        query = of_lost_coaches().options(
            joinedload(Ticket.user), joinedload(Ticket.hours).joinedload(OfficeHours.coach)
        )
        found = list(session.execute(query.limit(BATCH)).unique().scalars())
        call_off_line(session, found, reason="", now=utc_now())
        return len(found)


def send_home() -> int:
    """Close the lines of days that are over."""
    if not _is_there(of_days_over(utc_now()).with_only_columns(Ticket.id)):
        return 0
    with transaction() as session:
        return close_lines(session, now=utc_now())


def _is_there(query: Select[int]) -> bool:
    """Most of the time there is nothing, and no writer has to wait for that."""
    found = db.session.execute(query.limit(1)).first() is not None
    db.session.rollback()
    return found


JOBS = (
    Job("office reminders", 30, remind),
    Job("office hours that were left", 60, call_off_what_was_left),
    Job("office lines that were left", 60, call_off_lines),
    Job("office lines", 3600, send_home),
)
