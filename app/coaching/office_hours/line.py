"""The line of a drop-in day: coming, waiting, being called, going. Each function is one action; the caller opens the transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import User
from app.coaching.load import IS_COACH
from app.coaching.office_hours.models import OfficeHours, Ticket
from app.coaching.office_hours.queries import get_hours
from app.coaching.office_hours.rules import DAY, LINE_STEPS, InLine, LineStep, Span, is_line_open, span_on
from app.coaching.office_hours.service import take_time_of
from app.coaching.office_hours.timetables import Timetable, find_timetable
from app.kernel.clock import zone
from app.kernel.db import db
from app.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from app.kernel.state import WrongStepError
from app.notifications.service import notify

TURN, CALLED_OFF = "office turn", "office line called off"
IN_LINE = (InLine.WAITING, InLine.CALLED)


@dataclass(frozen=True)
class Day:
    """The next time at which one can drop in: the day on the clocks of the hours, and from when to when."""

    day: date
    span: Span


def find_day(hours: OfficeHours, now: datetime) -> Day | None:
    """Today's as long as it lasts, then the next one; None where these hours offer no more."""
    spans = find_timetable(hours.coach_id, now).drop_ins(now, 35)
    span = next((span for each, span in spans if each.id == hours.id), None)
    return Day(span.starts_at.astimezone(zone(hours.time_zone)).date(), span) if span else None


def join(session: Session, hours_id: int, topic: str, *, actor: User, now: datetime) -> Ticket:
    """Stand in line. Whoever does already keeps the place. Raises ConflictError where nobody can yet, or any more."""
    hours = get_hours(hours_id)
    if hours.coach_id == actor.id:
        raise ForbiddenError(_l("These are your own office hours. Others come to them."))
    take_time_of(session, hours.coach_id)
    day = find_day(hours, now)
    if day is None or not is_line_open(day.span, now):
        raise ConflictError(_l("Nobody can stand in line now: it opens an hour before."))
    place = _find_place(session, hours_id, day.day, actor.id)
    if place is not None:
        return place
    query = select(func.max(Ticket.number)).where(Ticket.hours_id == hours_id, Ticket.day == day.day)
    number = (session.execute(query).scalar_one() or 0) + 1
    ticket = Ticket(
        hours_id=hours_id,
        day=day.day,
        number=number,
        user_id=actor.id,
        topic=topic,
        state=InLine.WAITING,
        joined_at=now,
    )
    session.add(ticket)
    session.flush()
    return ticket


def leave(session: Session, ticket_id: int, *, actor: User, now: datetime) -> Ticket:
    """Go home. Twice is once."""
    ticket = _get_locked(session, ticket_id)
    if ticket.user_id != actor.id:
        raise NotFoundError(_l("There is no such place in the line."))
    if ticket.state != InLine.LEFT:
        _step(ticket, LineStep.LEAVE, now)
        session.flush()
    return ticket


def call(session: Session, ticket_id: int, *, coach: User, now: datetime) -> Ticket:
    """Call whoever has that number. A form sent twice calls once. Raises ConflictError while somebody else is being helped."""
    ticket = _get_locked(session, ticket_id)
    _ensure_own(ticket, coach)
    if ticket.state == InLine.CALLED:
        return ticket
    others = select(Ticket.id).where(
        Ticket.hours_id == ticket.hours_id, Ticket.day == ticket.day, Ticket.state == InLine.CALLED
    )
    if session.execute(others.limit(1)).first() is not None:
        raise ConflictError(_l("Somebody is with you still. Say first how that ended."))
    _step(ticket, LineStep.CALL, now)
    ticket.called_at = now
    session.flush()
    params = {"hours": ticket.hours_id, "number": ticket.number, "coach": coach.name}
    if ticket.user.is_active:
        notify(session, ticket.user.contact, TURN, params, now=now)
    return ticket


def say_how_it_ended(session: Session, ticket_id: int, step: LineStep, *, coach: User, now: datetime) -> Ticket:
    """Somebody who was called was helped, or did not come."""
    ticket = _get_locked(session, ticket_id)
    _ensure_own(ticket, coach)
    if ticket.state != {LineStep.SERVE: InLine.SERVED, LineStep.MISS: InLine.MISSED}[step]:
        _step(ticket, step, now)
        session.flush()
    return ticket


def list_waiting(coach_id: int) -> list[Ticket]:
    """Whoever stands in a line of this coach, by line and number."""
    query = select(Ticket).join(OfficeHours).where(Ticket.state.in_(IN_LINE), OfficeHours.coach_id == coach_id)
    query = query.options(joinedload(Ticket.user), joinedload(Ticket.hours).joinedload(OfficeHours.coach))
    return list(db.session.execute(query.order_by(Ticket.hours_id, Ticket.day, Ticket.number)).unique().scalars())


def is_kept(ticket: Ticket, table: Timetable, now: datetime) -> bool:
    """Is there still the line in which this one stands? Not where the day was called off, or is at a time whose line is not open now."""
    hours = table.find(ticket.hours_id)
    span = span_on(hours, ticket.day, table.exceptions) if hours is not None and hours.is_drop_in else None
    return span is not None and is_line_open(span, now)


def call_off(session: Session, tickets: list[Ticket], *, reason: str, now: datetime) -> None:
    """The line is no more: everybody goes home, and is told. Never what somebody came for."""
    for ticket in tickets:
        _step(ticket, LineStep.LEAVE, now)
        session.flush()
        if ticket.user.is_active:
            params = {"coach": ticket.hours.coach.name, "reason": reason}
            notify(session, ticket.user.contact, CALLED_OFF, params, now=now)


def of_lost_coaches() -> Select[Ticket]:
    """Whoever stands in line for somebody who is a coach no more, or whose account was closed."""
    is_lost = OfficeHours.coach.has(or_(User.disabled_at.is_not(None), ~IS_COACH))
    return select(Ticket).join(OfficeHours).where(Ticket.state.in_(IN_LINE), is_lost)


def of_days_over(now: datetime) -> Select[Ticket]:
    """Whoever stands in line still, although the day is over. Two days later it is over in every zone."""
    return select(Ticket).where(Ticket.state.in_(IN_LINE), Ticket.day < now.date() - DAY)


def close_lines(session: Session, *, now: datetime) -> int:
    """Whoever stands in the line of a day that is over has gone home. Returns how many."""
    tickets = list(session.execute(of_days_over(now).limit(500)).scalars())
    for ticket in tickets:
        _step(ticket, LineStep.LEAVE, now)
    session.flush()
    return len(tickets)


def _find_place(session: Session, hours_id: int, day: date, user_id: int) -> Ticket | None:
    query = select(Ticket).where(
        Ticket.hours_id == hours_id, Ticket.day == day, Ticket.user_id == user_id, Ticket.state.in_(IN_LINE)
    )
    return session.execute(query).scalar_one_or_none()


def _get_locked(session: Session, ticket_id: int) -> Ticket:
    ticket = session.get(Ticket, ticket_id, options=[joinedload(Ticket.hours), joinedload(Ticket.user)])
    if ticket is None:
        raise NotFoundError(_l("There is no such place in the line."))
    take_time_of(session, ticket.hours.coach_id)
    session.refresh(ticket)
    return ticket


def _ensure_own(ticket: Ticket, coach: User) -> None:
    if ticket.hours.coach_id != coach.id:
        raise ForbiddenError(_l("These are the hours of somebody else."))


def _step(ticket: Ticket, step: LineStep, now: datetime) -> None:
    try:
        ticket.state = LINE_STEPS.after(InLine(ticket.state), step)
    except WrongStepError:
        raise ConflictError(_l("The line has moved on. Look at it again.")) from None
    if step is not LineStep.CALL:
        ticket.ended_at = now
