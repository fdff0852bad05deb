"""The hours of coaches with everything that the rules have to know of them, for any number of coaches in four queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from sqlalchemy import or_, select

from app.accounts.models import User
from app.coaches.models import Coach
from app.coaching.load import IS_COACH
from app.coaching.models import CoachAway
from app.coaching.office_hours.models import Booking, OfficeException, OfficeHours
from app.coaching.office_hours.rules import (
    DAY,
    Slot,
    Span,
    State,
    days_between,
    free_of_all,
    span_on,
    weekdays_within,
)
from app.kernel.db import db

# The first and the last day.
Away = tuple[date, date]


@dataclass
class Timetable:
    """One coach's. `busy` is what is booked, in whatever hours. `otherwise` is what was said of single days, `exceptions` the same with
    the days on which the coach is `away`: none of the hours are kept then, not even those that were made or changed afterwards.
    """

    hours: list[OfficeHours] = field(default_factory=list)
    otherwise: dict[tuple[int, date], tuple[time, time] | None] = field(default_factory=dict)
    exceptions: dict[tuple[int, date], tuple[time, time] | None] = field(default_factory=dict)
    away: list[Away] = field(default_factory=list)
    busy: list[Span] = field(default_factory=list)

    def find(self, hours_id: int | None) -> OfficeHours | None:
        return next((hours for hours in self.hours if hours.id == hours_id), None)

    @property
    def bookable(self) -> list[OfficeHours]:
        return [hours for hours in self.hours if not hours.is_drop_in]

    def free(self, now: datetime, *, most: int | None = None) -> list[Slot]:
        """What can be booked now, by time, or the first of it."""
        return free_of_all(self.bookable, self.exceptions, self.busy, now, most=most)

    def drop_ins(self, now: datetime, days: int) -> list[tuple[OfficeHours, Span]]:
        """When one can come without booking, from now on for so many days."""
        found = [
            (hours, span)
            for hours in self.hours
            if hours.is_drop_in
            for day in days_between(hours, now, now + days * DAY)
            if (span := span_on(hours, day, self.exceptions)) and span.ends_at > now
        ]
        return sorted(found, key=lambda pair: (pair[1], pair[0].id))


def find_timetables(
    now: datetime, *, coach_ids: Collection[int] | None = None, without_booking: int | None = None
) -> Mapping[int, Timetable]:
    """{account id: timetable} of the coaches who keep hours and whose account is open, or of those among `coach_ids`.
    `without_booking` is one whose time counts as free: the one that is being moved.
    """
    today = now.date() - DAY
    query = (
        select(OfficeHours)
        .join(User, User.id == OfficeHours.coach_id)
        .join(Coach, Coach.user_id == User.id)
        .where(User.disabled_at.is_(None), IS_COACH)
        .where(or_(OfficeHours.until.is_(None), OfficeHours.until >= today))
        .order_by(OfficeHours.weekday, OfficeHours.starts, OfficeHours.id)
    )
    if coach_ids is not None:
        query = query.where(OfficeHours.coach_id.in_(coach_ids))
    tables: dict[int, Timetable] = defaultdict(Timetable)
    # An exception that was taken back must not be remembered by a session that goes on.
    for hours in db.session.execute(query.execution_options(populate_existing=True)).scalars():
        tables[hours.coach_id].hours.append(hours)
    owners = {hours.id: coach_id for coach_id, table in tables.items() for hours in table.hours}
    _add_exceptions(tables, owners, today)
    _add_away(tables, today)
    _add_bookings(tables, now, without_booking)
    return dict(tables)


def find_timetable(coach_id: int, now: datetime, *, without_booking: int | None = None) -> Timetable:
    """One coach's; an empty one for whoever keeps no hours."""
    found = find_timetables(now, coach_ids=[coach_id], without_booking=without_booking)
    return found.get(coach_id, Timetable())


def _add_exceptions(tables: Mapping[int, Timetable], owners: Mapping[int, int], since: date) -> None:
    columns = (OfficeException.hours_id, OfficeException.day, OfficeException.starts, OfficeException.ends)
    query = select(*columns).where(OfficeException.hours_id.in_(owners), OfficeException.day >= since)
    for hours_id, day, starts, ends in db.session.execute(query):
        times = None if starts is None or ends is None else (starts, ends)
        table = tables[owners[hours_id]]
        table.otherwise[hours_id, day] = table.exceptions[hours_id, day] = times


def _add_away(tables: Mapping[int, Timetable], since: date) -> None:
    query = select(CoachAway.coach_id, CoachAway.first, CoachAway.last).where(
        CoachAway.coach_id.in_(tables), CoachAway.last >= since
    )
    for coach_id, first, last in db.session.execute(query.order_by(CoachAway.first, CoachAway.last)):
        table = tables[coach_id]
        table.away.append((first, last))
        for hours in table.hours:
            table.exceptions.update(((hours.id, day), None) for day in weekdays_within(hours, first, last))


def _add_bookings(tables: Mapping[int, Timetable], now: datetime, without: int | None) -> None:
    query = (
        select(Booking.id, Booking.coach_id, Booking.starts_at, Booking.ends_at)
        .where(Booking.coach_id.in_(tables), Booking.state == State.BOOKED, Booking.ends_at > now)
        .order_by(Booking.starts_at)
    )
    for booking_id, coach_id, starts_at, ends_at in db.session.execute(query):
        if booking_id != without:
            tables[coach_id].busy.append(Span(starts_at, ends_at))


def nearest(slots: Sequence[Slot], wanted: datetime, count: int) -> list[Slot]:
    """Those next to a time that somebody wanted, by time: what to offer when it is gone."""
    close = sorted(slots, key=lambda slot: (abs(slot.starts_at - wanted), slot.starts_at))[:count]
    return sorted(close)
