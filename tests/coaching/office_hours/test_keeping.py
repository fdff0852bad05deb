"""What a coach changes about the own hours, and what becomes of those who come to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.coaching.office_hours import keeping
from app.coaching.office_hours.keeping import BookedThenError, Fate, Word
from app.coaching.office_hours.models import Booking, OfficeException, OfficeHours
from app.coaching.office_hours.timetables import find_timetable
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import InvalidInputError
from tests.factories.office_hours import HOUR, WEDNESDAY_AT_TWO, book, make_details, make_hours, reloaded
from tests.factories.people import make_user

LogIn = Callable[[User], FlaskClient]
pytestmark = pytest.mark.usefixtures("clock")
WEDNESDAY, TWO, FOUR = date(2026, 11, 18), time(14), time(16)
EVENING = (time(18), time(19))


def otherwise(hours: OfficeHours, times: tuple[time, time] | None, word: Word = Word(), day: date = WEDNESDAY) -> None:
    hours_id, coach_id = hours.id, hours.coach_id
    with transaction() as session:
        coach = session.get_one(User, coach_id)
        keeping.be_otherwise(session, hours_id, day, times, word, coach=coach, now=utc_now())


def as_usual(hours: OfficeHours, word: Word = Word()) -> None:
    coach_id = hours.coach_id
    exception_id = db.session.execute(select(OfficeException.id)).scalar_one()
    db.session.rollback()
    with transaction() as session:
        coach = session.get_one(User, coach_id)
        keeping.be_as_usual(session, exception_id, word, coach=coach, now=utc_now())


def in_the_evening(hours: OfficeHours) -> Booking:
    """Hours that are in the evening on one Wednesday, and a booking then."""
    otherwise(hours, EVENING)
    return book(hours, make_user("Ann"), WEDNESDAY_AT_TWO + 4 * HOUR)


@pytest.mark.both_databases
def test_as_usual_asks_as_well_what_becomes_of_bookings(app: Flask) -> None:
    hours = make_hours()
    found = in_the_evening(hours)
    with pytest.raises(BookedThenError) as asked:
        as_usual(hours)
    assert [each.id for each in asked.value.bookings] == [found.id]
    db.session.rollback()
    as_usual(hours, Word(Fate.CANCEL, "I am at the theatre"))
    assert (reloaded(found).state, reloaded(found).reason) == ("cancelled", "I am at the theatre")
    assert list(db.session.execute(select(OfficeException)).scalars()) == []


def test_as_usual_is_refused_where_other_hours_are_kept_by_now(app: Flask) -> None:
    hours = make_hours()
    otherwise(hours, EVENING)
    make_hours(hours.coach, starts=time(15), ends=time(17), since=WEDNESDAY, until=WEDNESDAY)
    with pytest.raises(InvalidInputError, match="15:00 to 17:00"):
        as_usual(hours)


def test_the_question_stands_on_a_page_of_its_own_and_is_answered_there(app: Flask, log_in: LogIn) -> None:
    hours = make_hours()
    found = in_the_evening(hours)
    exception_id = db.session.execute(select(OfficeException.id)).scalar_one()
    browser, path = log_in(hours.coach), f"/coaching/office-hours/days/{exception_id}/delete"
    asked = browser.post(path)
    assert (asked.status_code, "1 booking would lie outside" in asked.text) == (422, True)
    assert browser.post(path, data={"fate": "keep"}).status_code == 303
    assert reloaded(found).state == "booked"
    assert browser.post(path).status_code == 303


def be_away(hours: OfficeHours, first: date, last: date, word: Word = Word()) -> None:
    coach_id = hours.coach_id
    with transaction() as session:
        coach = session.get_one(User, coach_id)
        keeping.be_away(session, first, last, word, coach=coach, now=utc_now())


@pytest.mark.both_databases
def test_whoever_is_away_is_away_from_hours_that_are_made_or_changed_afterwards_too(app: Flask) -> None:
    hours = make_hours()
    be_away(hours, date(2026, 11, 17), date(2026, 11, 24))
    be_away(hours, date(2026, 11, 17), date(2026, 11, 24))
    coach_id, now = hours.coach_id, utc_now()
    make_hours(hours.coach, weekday=3)
    hours_id = hours.id
    with transaction() as session:
        coach = session.get_one(User, coach_id)
        details = make_details(weekday=4)
        keeping.change_hours(session, hours_id, details, Word(), revision=0, coach=coach, now=now)
    db.session.rollback()
    assert [f"{slot.starts_at:%a %d}" for slot in find_timetable(coach_id, now).free(now)][::4] == [
        "Thu 26",
        "Fri 27",
        "Thu 03",
        "Fri 04",
        "Thu 10",
        "Fri 11",
    ]


def test_days_away_hide_no_hours_that_would_overlap_once_they_are_taken_back(app: Flask) -> None:
    hours = make_hours()
    be_away(hours, WEDNESDAY, WEDNESDAY)
    with pytest.raises(InvalidInputError, match="14:00 to 16:00"):
        make_hours(hours.coach, starts=time(15), ends=time(17), since=WEDNESDAY, until=WEDNESDAY)
