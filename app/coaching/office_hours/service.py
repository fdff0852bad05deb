"""Booking time with a coach, moving it, cancelling it, and saying afterwards whether it was held.

Everything that takes a coach's time waits in line for that coach, and then for the person who books: the coach is not twice at the
same time, whatever hours overlap, and neither is the person. A unique index holds the first of the two as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.coaching.models import Engagement
from app.coaching.office_hours.models import Booking, OfficeHours
from app.coaching.office_hours.queries import get_booking
from app.coaching.office_hours.rules import (
    MOST_COMING,
    STEPS,
    Slot,
    State,
    Step,
    free_slots,
    may_still_change,
    slots_between,
)
from app.coaching.office_hours.telling import BOOKED, CANCELLED, MOVED, tell_both
from app.coaching.office_hours.timetables import Timetable, find_timetable
from app.coaching.rules import Phase
from app.kernel.db import take_turns
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from app.kernel.state import WrongStepError

_MINUTE, _MOMENT = timedelta(minutes=1), timedelta(microseconds=1)


class SlotTakenError(ConflictError):
    """Somebody else was quicker, or the coach is not there then. `coach_id` and `wanted` are for the page that offers others."""

    def __init__(self, coach_id: int, wanted: datetime) -> None:
        super().__init__(_l("This time is no longer free. Choose another one."))
        self.coach_id, self.wanted = coach_id, wanted


@dataclass(frozen=True, kw_only=True)
class About:
    """What somebody comes for. `topic` is for the coach alone."""

    topic: str = ""
    capability_id: int | None = None
    engagement_id: int | None = None


def book(session: Session, hours_id: int, starts_at: datetime, about: About, *, actor: User, now: datetime) -> Booking:
    """Take that time of those hours. Whoever has it already keeps it, so that a form sent twice books once. Raises SlotTakenError,
    or ConflictError where the person is elsewhere then.
    """
    coach_id = session.execute(select(OfficeHours.coach_id).where(OfficeHours.id == hours_id)).scalar_one_or_none()
    if coach_id is None:
        raise ConflictError(_l("These office hours have ended. Look for another time."))
    if coach_id == actor.id:
        raise ForbiddenError(_l("These are your own office hours. Others book them."))
    _wait_in_line(session, coach_id, actor.id)
    mine = _find_own(session, coach_id, starts_at, actor)
    if mine is not None:
        return mine
    table = find_timetable(coach_id, now)
    hours, slot = _get_slot(table, hours_id, starts_at, coach_id, now)
    _refuse_two_at_once(session, slot, actor.id)
    _refuse_too_many(session, coach_id, actor.id, now)
    booking = Booking(
        coach_id=coach_id,
        user_id=actor.id,
        topic=about.topic,
        capability_id=about.capability_id,
        engagement_id=_engagement(session, about.engagement_id, coach_id, actor),
        state=State.BOOKED,
        created_at=now,
        **_place_and_time(hours, slot),
        changed_at=now,
    )
    session.add(booking)
    session.flush()
    tell_both(session, booking, BOOKED, now=now)
    return booking


def move(
    session: Session, booking_id: int, hours_id: int, starts_at: datetime, *, actor: User, now: datetime
) -> Booking:
    """Take another time of the same coach instead. It stays the same booking. Raises SlotTakenError; ForbiddenError for anybody
    but the one who booked; ConflictError where it is too late.
    """
    booking = _get_locked(session, booking_id, actor)
    if booking.user_id != actor.id:
        raise ForbiddenError(_l("Only whoever booked can choose another time. You can cancel, and say why."))
    if booking.starts_at == starts_at and booking.state == State.BOOKED:
        return booking
    _check_in_time(booking, now)
    table = find_timetable(booking.coach_id, now, without_booking=booking.id)
    hours, slot = _get_slot(table, hours_id, starts_at, booking.coach_id, now)
    _refuse_two_at_once(session, slot, actor.id, without=booking.id)
    before = {"starts_before": booking.starts_at.isoformat(), "ends_before": booking.ends_at.isoformat()}
    _step(booking, Step.MOVE, now)
    for name, value in _place_and_time(hours, slot).items():
        setattr(booking, name, value)
    session.flush()
    tell_both(session, booking, MOVED, now=now, **before)
    return booking


def cancel(session: Session, booking_id: int, *, reason: str, actor: User, now: datetime) -> Booking:
    """Give the time back: whoever booked until some hours before, the coach at any time until its end, with a reason."""
    booking = _get_locked(session, booking_id, actor)
    if booking.state == State.CANCELLED:
        return booking
    if actor.id == booking.coach_id:
        if booking.ends_at <= now:
            raise ConflictError(_l("It is over. Say that it was held, or that nobody came."))
        if not reason:
            raise InvalidInputError(_l("Say why, so that the person can do something else."), field="reason")
    else:
        _check_in_time(booking, now)
    _cancel(session, booking, reason=reason, actor=actor, now=now)
    return booking


def cancel_all(session: Session, bookings: list[Booking], *, reason: str, coach: User, now: datetime) -> None:
    """The coach's hours change, and these lie outside of them. Everybody is told."""
    for booking in bookings:
        _cancel(session, booking, reason=reason, actor=coach, now=now)


def call_off(session: Session, bookings: list[Booking], *, now: datetime) -> None:
    """One of the two has no account any more: the other one is told."""
    for booking in bookings:
        _step(booking, Step.CANCEL, now)
        session.flush()
        tell_both(session, booking, CANCELLED, now=now, by="nobody", reason="")


def say_how_it_was(session: Session, booking_id: int, step: Step, *, actor: User, now: datetime) -> Booking:
    """The coach says that it was held, or that nobody came; what was said can be put right."""
    booking = _get_locked(session, booking_id, actor)
    if booking.coach_id != actor.id:
        raise ForbiddenError(_l("The coach says whether it was held."))
    if now < booking.starts_at:
        raise ConflictError(_l("It has not begun yet."))
    if State(booking.state) == {Step.HOLD: State.HELD, Step.MISS: State.MISSED}[step]:
        return booking
    _step(booking, step, now)
    session.flush()
    return booking


def take_time_of(session: Session, coach_id: int) -> None:
    """Whoever does something about a coach's time, the coach too, waits here for whoever came before."""
    take_turns(session, f"time of coach {coach_id}")


def _wait_in_line(session: Session, coach_id: int, user_id: int) -> None:
    """Always the coach first, and coaches under another name than people, so that two who wait never wait for each other."""
    take_time_of(session, coach_id)
    take_turns(session, f"bookings of {user_id}")


def _get_locked(session: Session, booking_id: int, actor: User) -> Booking:
    booking = get_booking(actor, booking_id)
    _wait_in_line(session, booking.coach_id, booking.user_id)
    session.refresh(booking)
    return booking


def _find_own(session: Session, coach_id: int, starts_at: datetime, actor: User) -> Booking | None:
    query = select(Booking).where(
        Booking.coach_id == coach_id,
        Booking.starts_at == starts_at,
        Booking.user_id == actor.id,
        Booking.state == State.BOOKED,
    )
    return session.execute(query).scalar_one_or_none()


def _get_slot(
    table: Timetable, hours_id: int, starts_at: datetime, coach_id: int, now: datetime
) -> tuple[OfficeHours, Slot]:
    """The time, if it can be booked now. Says why not, where it is only too early or too late for it."""
    hours = table.find(hours_id)
    if hours is None or hours.is_drop_in:
        raise SlotTakenError(coach_id, starts_at)
    for slot in free_slots(hours, table.exceptions, table.busy, now):
        if slot.starts_at == starts_at:
            return hours, slot
    # Only that day is looked at, however far away it is.
    offered = slots_between(hours, table.exceptions, max(now, starts_at), starts_at + _MOMENT)
    if any(slot.starts_at == starts_at for slot in offered):
        span = Slot(starts_at, starts_at + hours.slot_minutes * _MINUTE, hours.id)
        if not any(span.overlaps(other) for other in table.busy):
            raise ConflictError(
                _l(
                    "These hours are booked at least %(hours)s hours and at most %(days)s days ahead. Choose another time.",
                    hours=hours.lead_hours,
                    days=hours.ahead_days,
                )
            )
    raise SlotTakenError(coach_id, starts_at)


def _refuse_two_at_once(session: Session, slot: Slot, user_id: int, *, without: int | None = None) -> None:
    query = select(Booking.id).where(
        Booking.user_id == user_id,
        Booking.state == State.BOOKED,
        Booking.starts_at < slot.ends_at,
        Booking.ends_at > slot.starts_at,
    )
    if without is not None:
        query = query.where(Booking.id != without)
    if session.execute(query.limit(1)).first() is not None:
        raise ConflictError(
            _l("You have booked another coach at that time. Choose another time, or move the other one.")
        )


def _refuse_too_many(session: Session, coach_id: int, user_id: int, now: datetime) -> None:
    """Whoever has MOST_COMING to come with this coach takes no time away from others. Moving one takes none."""
    coming = select(func.count(Booking.id)).where(
        Booking.coach_id == coach_id,
        Booking.user_id == user_id,
        Booking.state == State.BOOKED,
        Booking.ends_at > now,
    )
    if session.execute(coming).scalar_one() >= MOST_COMING:
        raise ConflictError(
            _l(
                "You have %(number)s bookings with this coach still to come, and nobody has more. Move or cancel one of them, or book again afterwards.",
                number=MOST_COMING,
            )
        )


def _engagement(session: Session, engagement_id: int | None, coach_id: int, actor: User) -> int | None:
    """The engagement, if it is one of this coach with a team of the person and has not ended; else none."""
    if engagement_id is None:
        return None
    found = session.get(Engagement, engagement_id)
    if found is None or found.coach_id != coach_id or found.team_id not in actor.team_ids or found.state == Phase.ENDED:
        return None
    return found.id


def _check_in_time(booking: Booking, now: datetime) -> None:
    if not may_still_change(booking.starts_at, booking.cancel_hours, now):
        raise ConflictError(
            _l(
                "It is too late to change that here: it can be moved and cancelled until %(hours)s hours before. Write to %(coach)s.",
                hours=booking.cancel_hours,
                coach=booking.coach.name,
            )
        )


def _cancel(session: Session, booking: Booking, *, reason: str, actor: User, now: datetime) -> None:
    _step(booking, Step.CANCEL, now)
    booking.reason, booking.ended_by_id = reason, actor.id
    session.flush()
    by = "coach" if actor.id == booking.coach_id else "person"
    tell_both(session, booking, CANCELLED, now=now, by=by, reason=reason if by == "coach" else "")


def _step(booking: Booking, step: Step, now: datetime) -> None:
    try:
        booking.state = STEPS.after(State(booking.state), step)
    except WrongStepError:
        raise ConflictError(_l("That cannot be done with this booking any more. Load the page again.")) from None
    if step in {Step.MOVE, Step.CANCEL}:
        booking.sequence += 1
    booking.changed_at = now


def _place_and_time(hours: OfficeHours, slot: Slot) -> dict[str, object]:
    return {
        "hours_id": hours.id,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "time_zone": hours.time_zone,
        "place": hours.place,
        "link": hours.link,
    }
