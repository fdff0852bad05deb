"""What bookings do to the calendars of both: an entry that moves in place, and goes when it is cancelled; never its topic."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar, Event
from sqlalchemy import select

from app.accounts.models import User
from app.coaching.office_hours import keeping
from app.coaching.office_hours.jobs import call_off_what_was_left, remind, send_home
from app.coaching.office_hours.keeping import Word
from app.coaching.office_hours.models import Ticket
from app.coaching.office_hours.offers import find_coach_of
from app.jobs.models import Mail
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.notifications.models import Notice
from app.training.feeds.service import renew_feed
from tests.factories.office_hours import (
    DAY,
    HOUR,
    NOW,
    WEDNESDAY_AT_TWO,
    book,
    cancel,
    make_hours,
    move,
    reloaded,
    stand_in_line,
)
from tests.factories.people import make_user
from tests.forking import all_at_once
from tests.training.calendar_entries.mailing import Letterbox, OwnCalendar

LogIn = Callable[[User], FlaskClient]
SECRET = "Xylophone merger"
HALF = timedelta(minutes=30)


def test_both_get_an_entry_that_moves_in_place_and_goes(letters: Letterbox) -> None:
    hours, ann = make_hours(), make_user("Ann")
    coach = hours.coach
    found = book(hours, ann)
    moved = move(found, hours, WEDNESDAY_AT_TWO + HALF, ann)
    for person, name in ((ann, "Amara Osei"), (coach, "Ann")):
        (event,) = OwnCalendar().take(letters.calendars(person)).entries.values()
        assert (event.uid, str(event["SUMMARY"])) == (f"booking.{found.id}@guildhall.invalid", f"Office hours: {name}")
        assert (event.DTSTART, event["LOCATION"]) == (WEDNESDAY_AT_TWO + HALF, "Room 5")
    cancel(moved, coach, "Ill today")
    for person in (ann, coach):
        calendar = OwnCalendar().take(letters.calendars(person))
        assert (calendar.entries, [event.sequence for event in calendar.gone.values()]) == ({}, [2])
    assert letters.kinds(ann) == ["office booked", "office moved", "office cancelled"]


def test_a_mail_that_waited_puts_nothing_old_over_anything_new(letters: Letterbox) -> None:
    hours, ann = make_hours(), make_user("Ann")
    cancel(book(hours, ann), ann)
    assert letters.kinds(ann) == ["office cancelled"]
    assert [str(each["METHOD"]) for each in letters.calendars(ann)][:1] == ["CANCEL"]


def test_a_reminder_comes_a_day_before_once_and_again_when_it_was_moved(letters: Letterbox) -> None:
    hours, ann = make_hours(), make_user("Ann")
    found = book(hours, ann)
    assert remind() == 0
    with time_machine.travel(WEDNESDAY_AT_TWO - 23 * HOUR, tick=False):
        assert [remind(), remind()] == [1, 0]
        assert letters.kinds(ann) == ["office booked", "office reminder"]
        move(found, hours, WEDNESDAY_AT_TWO + 7 * DAY, ann)
    with time_machine.travel(WEDNESDAY_AT_TWO + 7 * DAY - 23 * HOUR, tick=False):
        assert remind() == 1
        assert letters.kinds(ann)[-1] == "office reminder"


@pytest.mark.race
@pytest.mark.both_databases
def test_two_workers_at_once_remind_once(app: Flask, clock: object) -> None:
    book(make_hours(), make_user("Ann"))
    with time_machine.travel(WEDNESDAY_AT_TWO - 23 * HOUR, tick=False):
        assert set(all_at_once(4, remind)) == {0}
    db.session.rollback()
    assert list(db.session.execute(select(Mail.kind).where(Mail.kind == "office reminder")).scalars()) == [
        "office reminder"
    ]


def test_whoever_booked_within_the_day_is_not_reminded(letters: Letterbox) -> None:
    hours, ann = make_hours(), make_user("Ann")
    with time_machine.travel(WEDNESDAY_AT_TWO - 20 * HOUR, tick=False):
        book(hours, ann)
        assert [remind(), remind()] == [1, 0]
        assert "office reminder" not in letters.kinds(ann)


def test_the_personal_feed_has_bookings_and_a_file_can_be_saved(app: Flask, log_in: LogIn, clock: object) -> None:
    hours, ann = make_hours(), make_user("Ann")
    found_id = book(hours, ann, topic=SECRET).id
    ann_id = ann.id
    with transaction() as session:
        token = renew_feed(session, ann_id, now=utc_now())
    feed = app.test_client().get(f"/calendars/{token}/mine.ics").text
    file = log_in(ann).get(f"/coaching/bookings/{found_id}.ics").text
    for text in (feed, file):
        (event,) = Calendar.from_ical(text).walk("VEVENT")
        assert event["UID"] == f"booking.{found_id}@guildhall.invalid"
        assert SECRET not in text
    assert log_in(make_user("Eve")).get(f"/coaching/bookings/{found_id}.ics").status_code == 404


def feed_of(app: Flask, person: User) -> dict[str, Event]:
    """{UID: entry} of the person's own calendar."""
    person_id = person.id
    with transaction() as session:
        token = renew_feed(session, person_id, now=utc_now())
    text = app.test_client().get(f"/calendars/{token}/mine.ics").text
    assert SECRET not in text
    return {str(event["UID"]): event for event in Calendar.from_ical(text).events}


def test_the_coachs_feed_has_hours_without_booking_that_move_and_go(app: Flask, clock: object) -> None:
    hours, ann = make_hours(weekday=0, is_drop_in=True), make_user("Ann")
    hours_id, coach_id = hours.id, hours.coach_id

    def uid(day: int) -> str:
        return f"drop-in.{hours_id}.2026-11-{day}@guildhall.invalid"

    first = feed_of(app, hours.coach)
    assert (len(first), first[uid(16)].DTSTART, str(first[uid(16)]["SUMMARY"])) == (
        29,
        NOW + 4 * HOUR,
        "Office hours without booking",
    )
    assert feed_of(app, ann) == {}
    with transaction() as session:
        coach = session.get_one(User, coach_id)
        evening = (time(18), time(19))
        keeping.be_otherwise(session, hours_id, date(2026, 11, 23), evening, Word(), coach=coach, now=utc_now())
        keeping.be_away(session, date(2026, 11, 30), date(2026, 11, 30), Word(), coach=coach, now=utc_now())
    second = feed_of(app, hours.coach)
    assert first.keys() - second.keys() == {uid(30)}
    assert second[uid(23)].DTSTART == NOW + 7 * DAY + 8 * HOUR
    assert second[uid(23)].sequence > first[uid(23)].sequence


def test_what_a_booking_is_about_is_read_by_two_people_and_nobody_else(
    app: Flask, log_in: LogIn, letters: Letterbox
) -> None:
    hours, ann, eve = make_hours(), make_user("Ann"), make_user("Eve")
    line_hours = make_hours(hours.coach, weekday=0, is_drop_in=True)
    found = book(hours, ann, topic=SECRET)
    coach = find_coach_of(hours.coach_id)
    assert coach is not None
    with time_machine.travel(NOW + 4 * HOUR, tick=False):
        stand_in_line(line_hours, ann, SECRET)
        pages = {
            "/coaching/office-hours",
            f"/coaches/{coach.slug}/office-hours",
            f"/coaches/{coach.slug}",
            "/coaching/bookings",
            f"/coaching/office-hours/{line_hours.id}/queue",
            "/",
        }
        for path in pages:
            page = log_in(eve).get(path)
            assert page.status_code == 200, path
            assert SECRET not in page.text, path
        assert log_in(eve).get(f"/coaching/bookings/{found.id}").status_code == 404
        assert log_in(eve).get(f"/coaching/bookings/{found.id}/time").status_code == 404
        for reader in (ann, hours.coach):
            assert SECRET in log_in(reader).get(f"/coaching/bookings/{found.id}").text
        assert SECRET in log_in(hours.coach).get(f"/coaching/office-hours/{line_hours.id}/queue").text
    sent = [str(message) for person in (ann, hours.coach) for _kind, message in letters.to(person)]
    assert sent
    assert SECRET not in "".join(sent)
    db.session.rollback()
    told = [*db.session.execute(select(Mail.params)).scalars(), *db.session.execute(select(Notice.params)).scalars()]
    assert SECRET not in str(told)


def test_what_one_of_the_two_has_left_is_called_off(letters: Letterbox) -> None:
    hours, ann = make_hours(), make_user("Ann")
    found, coach_id = book(hours, ann), hours.coach_id
    assert call_off_what_was_left() == 0
    with transaction() as session:
        coach = session.get_one(User, coach_id)
        coach.disabled_at = utc_now()
    assert [call_off_what_was_left(), call_off_what_was_left()] == [1, 0]
    assert (reloaded(found).state, letters.kinds(ann)[-1]) == ("cancelled", "office cancelled")
    body = letters.to(ann)[-1][1].get_body(("plain",))
    assert body is not None
    assert "Amara Osei is no longer here." in body.get_content()
    assert OwnCalendar().take(letters.calendars(ann)).entries == {}


def test_the_line_of_yesterday_is_sent_home(app: Flask, clock: object) -> None:
    hours, ann = make_hours(weekday=0, is_drop_in=True), make_user("Ann")
    with time_machine.travel(NOW + 4 * HOUR, tick=False):
        stand_in_line(hours, ann)
        assert send_home() == 0
    with time_machine.travel(NOW + 3 * DAY, tick=False):
        assert [send_home(), send_home()] == [1, 0]
    assert db.session.execute(select(Ticket.state)).scalar_one() == "left"
