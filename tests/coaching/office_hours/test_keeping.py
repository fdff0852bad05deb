"""What a coach changes about the own hours, and what becomes of those who come to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.coaching.office_hours import keeping
from app.coaching.office_hours.jobs import call_off_lines
from app.coaching.office_hours.keeping import BookedThenError, Fate, Word
from app.coaching.office_hours.models import Booking, OfficeException, OfficeHours, Ticket
from app.coaching.office_hours.timetables import find_timetable
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import InvalidInputError
from app.notifications.models import Notice
from tests.factories.coaches import make_coach
from tests.factories.office_hours import (
    DAY,
    HOUR,
    NOW,
    WEDNESDAY_AT_TWO,
    book,
    make_details,
    make_hours,
    reloaded,
    stand_in_line,
)
from tests.factories.people import make_user
from tests.training.calendar_entries.mailing import Letterbox

LogIn = Callable[[User], FlaskClient]
pytestmark = pytest.mark.usefixtures("clock")
WEDNESDAY, TWO, FOUR = date(2026, 11, 18), time(14), time(16)
MONDAY, IN_LINE = NOW.date(), NOW + 4 * HOUR + timedelta(minutes=10)
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
    question = asked.text.split("What is booked then</legend>")
    assert len(question) == 2, "the question has to be answered: it does not say that it is optional"
    assert browser.post(path, data={"fate": "keep"}).status_code == 303
    assert reloaded(found).state == "booked"
    assert browser.post(path).status_code == 303


def test_a_day_on_which_not_one_time_fits_in_is_refused(app: Flask) -> None:
    hours, line_hours = make_hours(), make_hours(make_coach("Zed"), is_drop_in=True)
    short = (time(18), time(18, 20))
    with pytest.raises(InvalidInputError, match="30 minutes"):
        otherwise(hours, short)
    otherwise(line_hours, short)
    with pytest.raises(InvalidInputError, match="after the start"):
        otherwise(line_hours, (time(18), time(18)))


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


def stood_in_line() -> tuple[OfficeHours, Ticket]:
    """Monday's line, ten minutes after it began."""
    hours = make_hours(weekday=0, is_drop_in=True)
    return hours, stand_in_line(hours, make_user("Ann"), "Our secret merger")


def end_them(hours: OfficeHours, word: Word) -> None:
    hours_id, coach_id = hours.id, hours.coach_id
    with transaction() as session:
        coach = session.get_one(User, coach_id)
        keeping.end_hours(session, hours_id, MONDAY - DAY, word, coach=coach, now=utc_now())


def change_them(hours: OfficeHours, word: Word, **changes: object) -> None:
    db.session.rollback()
    hours_id, coach_id, revision = hours.id, hours.coach_id, hours.revision
    with transaction() as session:
        coach = session.get_one(User, coach_id)
        details = make_details(**{"weekday": 0, "is_drop_in": True, **changes})
        keeping.change_hours(session, hours_id, details, word, revision=revision, coach=coach, now=utc_now())


WAYS: dict[str, Callable[[OfficeHours, Word], None]] = {
    "no hours on that day": lambda hours, word: otherwise(hours, None, word, MONDAY),
    "in the evening instead": lambda hours, word: otherwise(hours, EVENING, word, MONDAY),
    "away": lambda hours, word: be_away(hours, MONDAY, MONDAY, word),
    "ended": end_them,
    "another day": lambda hours, word: change_them(hours, word, weekday=1),
    "booked from now on": lambda hours, word: change_them(hours, word, is_drop_in=False),
}


@pytest.mark.parametrize("way", WAYS)
def test_whoever_stands_in_line_is_asked_about_goes_home_and_is_told(letters: Letterbox, way: str) -> None:
    with time_machine.travel(IN_LINE, tick=False):
        hours, ticket = stood_in_line()
        ann = ticket.user
        with pytest.raises(BookedThenError) as asked:
            WAYS[way](hours, Word())
        assert [each.id for each in asked.value.tickets] == [ticket.id]
        db.session.rollback()
        assert db.session.get_one(Ticket, ticket.id).state == "waiting"
        db.session.rollback()
        WAYS[way](hours, Word(reason="I am ill"))
        db.session.rollback()
        assert db.session.get_one(Ticket, ticket.id).state == "left"
        ((kind, message),) = letters.to(ann)
    assert kind == "office line called off"
    assert "Reason: I am ill" in str(message)
    assert "merger" not in str(message)
    params = db.session.execute(select(Notice.params)).scalar_one()
    assert params == {"coach": "Amara Osei", "reason": "I am ill"}


def test_a_line_that_is_still_open_is_nobodys_loss(app: Flask) -> None:
    with time_machine.travel(IN_LINE, tick=False):
        hours, ticket = stood_in_line()
        otherwise(hours, (time(15), time(17)), day=MONDAY)
        change_them(hours, Word(), place="Room 6")
    db.session.rollback()
    assert db.session.get_one(Ticket, ticket.id).state == "waiting"


def test_the_page_asks_for_a_reason_and_names_who_stands_there(app: Flask, log_in: LogIn) -> None:
    with time_machine.travel(IN_LINE, tick=False):
        hours, ticket = stood_in_line()
        browser = log_in(hours.coach)
        day = {"first": MONDAY.isoformat(), "last": MONDAY.isoformat()}
        asked = browser.post("/coaching/office-hours/away", data=day)
        assert (asked.status_code, "1 person stands in line" in asked.text, "Ann" in asked.text) == (422, True, True)
        assert "Keep it all the same" not in asked.text
        assert browser.post("/coaching/office-hours/away", data={**day, "reason": "Ill"}).status_code == 303
    db.session.rollback()
    assert db.session.get_one(Ticket, ticket.id).state == "left"


def test_the_line_of_somebody_who_is_a_coach_no_more_goes_home(letters: Letterbox) -> None:
    with time_machine.travel(IN_LINE, tick=False):
        hours, ticket = stood_in_line()
        ann, coach_id = ticket.user, hours.coach_id
        assert call_off_lines() == 0
        with transaction() as session:
            coach = session.get_one(User, coach_id)
            coach.grants.clear()
        assert [call_off_lines(), call_off_lines()] == [1, 0]
        assert letters.kinds(ann) == ["office line called off"]
