"""A coach's own hours: keeping, changing, ending them, days on which they are otherwise. What is booked is asked about first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.coaching.models import CoachAway
from app.coaching.office_hours.line import call_off, is_kept, list_waiting
from app.coaching.office_hours.models import Booking, OfficeException, OfficeHours, Ticket
from app.coaching.office_hours.queries import get_hours, list_open_of_coach
from app.coaching.office_hours.rules import MAX_HOURS, Span, first_clash, outside
from app.coaching.office_hours.service import cancel_all, take_time_of
from app.coaching.office_hours.telling import MOVED, tell_both
from app.coaching.office_hours.timetables import find_timetable
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError

MAX_AWAY = 366


class Fate(StrEnum):
    """What becomes of bookings that lie outside of the hours once these are changed."""

    KEEP = "keep"
    CANCEL = "cancel"


@dataclass(frozen=True)
class Outside:
    """Who would be left without hours: what is booked, and whoever stands in line."""

    bookings: list[Booking] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)

    def without(self, other: Outside) -> Outside:
        return Outside(
            [each for each in self.bookings if each not in other.bookings],
            [each for each in self.tickets if each not in other.tickets],
        )


class BookedThenError(InvalidInputError):
    """Somebody would be left outside of the hours, and it was not said what is to become of that, or why."""

    def __init__(self, outside: Outside, *, is_decided: bool) -> None:
        if is_decided:
            super().__init__(_l("Say why, so that they can do something else."), field="reason")
        else:
            super().__init__(_l("Say what is to become of what is booked then."), field="fate")
        self.bookings, self.tickets = outside.bookings, outside.tickets


@dataclass(frozen=True, kw_only=True)
class Details:
    """What a coach says of weekly hours; see `OfficeHours`."""

    weekday: int
    starts: time
    ends: time
    time_zone: str
    slot_minutes: int
    is_drop_in: bool
    since: date
    until: date | None
    place: str
    link: str
    lead_hours: int
    cancel_hours: int
    ahead_days: int


@dataclass(frozen=True)
class Word:
    """What the coach says of bookings that a change leaves outside; `reason` is told to whoever is cancelled."""

    fate: Fate | None = None
    reason: str = ""


def keep_hours(
    session: Session, details: Details, *, coach: User, now: datetime, is_sample: bool = False
) -> OfficeHours:
    """Keep these hours from now on. Raises InvalidInputError where they run into others of the same coach."""
    _check(details)
    take_time_of(session, coach.id)
    if _count(session, coach.id, now) >= MAX_HOURS:
        raise InvalidInputError(_l("Nobody can keep that many hours. End some of them first."))
    hours = OfficeHours(coach_id=coach.id, is_sample=is_sample, changed_at=now, **asdict(details))
    session.add(hours)
    session.flush()
    _refuse_overlap(hours, now)
    return hours


def change_hours(
    session: Session, hours_id: int, details: Details, word: Word, *, revision: int, coach: User, now: datetime
) -> OfficeHours:
    """Other times, another place, a last day. Raises BookedThenError where something is booked that would lie outside and `word` does
    not say what becomes of it.
    """
    _check(details)
    hours = _get_own(session, hours_id, coach)
    if hours.revision != revision:
        raise ConflictError(_l("These hours were changed meanwhile. Load the page again, so that nothing is lost."))

    def change() -> None:
        for name, value in asdict(details).items():
            setattr(hours, name, value)
        _count_up(session, hours, now)
        _refuse_overlap(hours, now)

    _with_word(session, coach, word, change, now=now)
    _follow(session, hours, now=now)
    return hours


def end_hours(session: Session, hours_id: int, last: date, word: Word, *, coach: User, now: datetime) -> None:
    """Keep them until that day and no longer."""
    hours = _get_own(session, hours_id, coach)

    def change() -> None:
        hours.until = max(last, hours.since)
        _count_up(session, hours, now)

    _with_word(session, coach, word, change, now=now)


def be_otherwise(
    session: Session,
    hours_id: int,
    day: date,
    times: tuple[time, time] | None,
    word: Word,
    *,
    coach: User,
    now: datetime,
) -> None:
    """On that day these hours are at other times, or not at all. Said again, it holds as it was said last."""
    hours = _get_own(session, hours_id, coach)
    if day.weekday() != hours.weekday:
        raise InvalidInputError(_l("These hours are on another day of the week."), field="day")
    if times is not None:
        _check_times(*times, None if hours.is_drop_in else hours.slot_minutes, field="ends")

    def change() -> None:
        _except(session, hours, day, times)
        _count_up(session, hours, now)
        _refuse_overlap(hours, now)

    _with_word(session, coach, word, change, now=now)


def be_away(session: Session, first: date, last: date, word: Word, *, coach: User, now: datetime) -> None:
    """On these days there are no hours of the coach at all, and no request is offered. Said twice is said once."""
    if last < first:
        raise InvalidInputError(_l("The last day has to come after the first."), field="last")
    if (last - first).days > MAX_AWAY:
        raise InvalidInputError(_l("That is more than a year. End your hours instead."), field="last")
    take_time_of(session, coach.id)

    def change() -> None:
        said = (CoachAway.coach_id == coach.id, CoachAway.first == first, CoachAway.last == last)
        if session.execute(select(CoachAway.id).where(*said)).first() is None:
            session.add(CoachAway(coach_id=coach.id, first=first, last=last))
            session.flush()

    _with_word(session, coach, word, change, now=now)


def be_back(session: Session, away_id: int, *, coach: User) -> None:
    """Not away on these days after all; twice is once. Raises ForbiddenError for those of others."""
    away = session.get(CoachAway, away_id)
    if away is None:
        return
    if away.coach_id != coach.id:
        raise ForbiddenError(_l("Somebody else said that."))
    take_time_of(session, coach.id)
    session.execute(delete(CoachAway).where(CoachAway.id == away_id))


def be_as_usual(session: Session, exception_id: int, word: Word, *, coach: User, now: datetime) -> None:
    """Take an exception back; twice is once. What was booked in its times is asked about as by any other change. Raises ForbiddenError
    for those of others.
    """
    exception = session.get(OfficeException, exception_id)
    if exception is None:
        return
    hours = _get_own(session, exception.hours_id, coach)

    def change() -> None:
        session.execute(delete(OfficeException).where(OfficeException.id == exception_id))
        _count_up(session, hours, now)
        _refuse_overlap(hours, now)

    _with_word(session, coach, word, change, now=now)


def _with_word(session: Session, coach: User, word: Word, change: Callable[[], None], *, now: datetime) -> None:
    """Change something about the coach's hours, and do as the coach says with what lies outside by it. A booking can be kept all the
    same; whoever stands in a line that is no more goes home, with the reason.
    """
    before = _outside(coach.id, now)
    change()
    lost = _outside(coach.id, now).without(before)
    if lost.bookings and word.fate is None:
        raise BookedThenError(lost, is_decided=False)
    is_cancelled = bool(lost.bookings) and word.fate is Fate.CANCEL
    if (is_cancelled or lost.tickets) and not word.reason:
        raise BookedThenError(lost, is_decided=True)
    if is_cancelled:
        cancel_all(session, lost.bookings, reason=word.reason, coach=coach, now=now)
    call_off(session, lost.tickets, reason=word.reason, now=now)


def _outside(coach_id: int, now: datetime) -> Outside:
    """Whoever lies in none of the coach's hours as they are now."""
    table = find_timetable(coach_id, now)
    by_span = {Span(booking.starts_at, booking.ends_at): booking for booking in list_open_of_coach(coach_id, now)}
    lost = [by_span[span] for span in outside(by_span, table.bookable, table.exceptions)]
    return Outside(lost, [ticket for ticket in list_waiting(coach_id) if not is_kept(ticket, table, now)])


def _follow(session: Session, hours: OfficeHours, *, now: datetime) -> None:
    """What is booked in these hours is where they are now, and calendars hear of it."""
    for booking in list_open_of_coach(hours.coach_id, now):
        if booking.hours_id == hours.id and (booking.place, booking.link) != (hours.place, hours.link):
            times = {"starts_before": booking.starts_at.isoformat(), "ends_before": booking.ends_at.isoformat()}
            booking.place, booking.link = hours.place, hours.link
            booking.sequence += 1
            booking.changed_at = now
            session.flush()
            tell_both(session, booking, MOVED, now=now, **times)


def _except(session: Session, hours: OfficeHours, day: date, times: tuple[time, time] | None) -> None:
    starts, ends = times or (None, None)
    query = select(OfficeException).where(OfficeException.hours_id == hours.id, OfficeException.day == day)
    found = session.execute(query).scalar_one_or_none()
    if found is None:
        session.add(OfficeException(hours_id=hours.id, day=day, starts=starts, ends=ends))
    else:
        found.starts, found.ends = starts, ends
    session.flush()


def _count_up(session: Session, hours: OfficeHours, now: datetime) -> None:
    """They were changed: another form that is open knows it by that, and calendars."""
    hours.revision += 1
    hours.changed_at = now
    session.flush()


def _get_own(session: Session, hours_id: int, coach: User) -> OfficeHours:
    hours = get_hours(hours_id)
    if hours.coach_id != coach.id:
        raise ForbiddenError(_l("These are the hours of somebody else."))
    take_time_of(session, coach.id)
    session.refresh(hours)
    return hours


def _count(session: Session, coach_id: int, now: datetime) -> int:
    alive = OfficeHours.until.is_(None) | (OfficeHours.until >= now.date())
    query = select(func.count()).select_from(OfficeHours).where(OfficeHours.coach_id == coach_id, alive)
    return session.execute(query).scalar_one()


def _check_times(starts: time, ends: time, slot_minutes: int | None, *, field: str) -> None:
    """`slot_minutes` is how long one booking takes, None where nobody books; `field` is blamed where not one fits in."""
    day = date.min
    lasts = datetime.combine(day, ends) - datetime.combine(day, starts)
    if lasts <= timedelta():
        raise InvalidInputError(_l("The end has to be after the start."), field="ends")
    if slot_minutes is not None and lasts < timedelta(minutes=slot_minutes):
        raise InvalidInputError(_l("Not one time of %(minutes)s minutes fits in.", minutes=slot_minutes), field=field)


def _check(details: Details) -> None:
    slot_minutes = None if details.is_drop_in else details.slot_minutes
    _check_times(details.starts, details.ends, slot_minutes, field="slot_minutes")
    if details.until is not None and details.until < details.since:
        raise InvalidInputError(_l("The last day has to come after the first."), field="until")


def _refuse_overlap(hours: OfficeHours, now: datetime) -> None:
    """A coach is not in two places at once. Hours that last only on one day in the year, by an exception, count as well; days away do
    not hide anything, for they can be taken back.
    """
    table = find_timetable(hours.coach_id, now)
    clash = first_clash(hours, [other for other in table.hours if other.id != hours.id], table.otherwise, now)
    if clash is not None:
        raise InvalidInputError(
            _l(
                "At that time you keep other hours already, from %(starts)s to %(ends)s. Change or end those first.",
                starts=clash.starts.strftime("%H:%M"),
                ends=clash.ends.strftime("%H:%M"),
            ),
            field="starts",
        )
