"""A session as a file to save: the same entries as in the mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar, Event

from app.accounts.models import User
from app.kernel.db import transaction
from app.training.service import cancel, change
from tests.factories.people import make_user
from tests.factories.training import NOW, leave, make_coach, make_details, make_training, sign_up
from tests.training.calendar_entries.mailing import Letterbox

pytestmark = pytest.mark.usefixtures("clock")


def read(browser: FlaskClient, slug: str) -> tuple[Calendar, Event]:
    answer = browser.get(f"/training/{slug}.ics")
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    calendar = Calendar.from_ical(answer.data)
    assert isinstance(calendar, Calendar)
    (event,) = calendar.events
    return calendar, event


def test_a_session_as_a_calendar_has_it(client: FlaskClient) -> None:
    training = make_training(slug="steps", starts_at=datetime(2027, 3, 20, 9, 0, tzinfo=UTC), time_zone="Europe/Berlin")
    uid = f"steps.{training.meetings[0].id}@guildhall.invalid"
    calendar, event = read(client, "steps")
    assert (event.uid, event.sequence, event.status) == (uid, 0, "CONFIRMED")
    assert event.start == datetime(2027, 3, 20, 9, 0, tzinfo=UTC)
    assert event.end == datetime(2027, 3, 20, 11, 0, tzinfo=UTC)
    assert (event.DTSTAMP, str(calendar["METHOD"])) == (NOW, "PUBLISH")
    assert str(event["SUMMARY"]) == "Small steps"
    assert str(event["LOCATION"]) == "Room 3"
    assert str(event["DTSTART"].params["TZID"]) == "Europe/Berlin"
    assert [zone.tz_name for zone in calendar.timezones] == ["Europe/Berlin"]
    assert "Bring a laptop." in str(event["DESCRIPTION"])
    assert str(event["URL"]).endswith("/training/steps")
    # RFC 5546, 3.2.1: an organizer has to stand in what is published, and no guest may.
    assert ("ORGANIZER" in event, "ATTENDEE" in event) == (True, False)


def test_the_link_to_join_is_in_the_file_of_those_with_a_seat_alone(
    client: FlaskClient, log_in: Callable[[User], FlaskClient]
) -> None:
    training, first, second = make_training(slug="steps", capacity=1, place=""), make_user(), make_user()
    sign_up(training, first, second)
    link = "https://meet.example.com/steps"
    files = [read(browser, "steps")[1] for browser in (client, log_in(second), log_in(first))]
    assert [link in str(event["DESCRIPTION"]) for event in files] == [False, False, True]
    assert [str(event.get("LOCATION", "")) for event in files] == ["", "", link]


def test_every_change_raises_the_sequence_and_the_uid_stays(client: FlaskClient) -> None:
    coach = make_coach()
    training_id = make_training(coach, slug="steps").id
    before = read(client, "steps")[1]
    with transaction() as session:
        change(session, training_id, make_details(coach, place="Room 9"), revision=1, actor=coach, now=NOW)
    moved = read(client, "steps")[1]
    with transaction() as session:
        cancel(session, training_id, reason="Ill", actor=coach, now=NOW)
    cancelled = read(client, "steps")[1]
    assert [event.sequence for event in (before, moved, cancelled)] == [0, 1, 2]
    assert len({event.uid for event in (before, moved, cancelled)}) == 1
    assert [event.status for event in (before, moved, cancelled)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_file_and_mail_say_the_same(letters: Letterbox, log_in: Callable[[User], FlaskClient]) -> None:
    training, person = make_training(slug="steps"), make_user()
    sign_up(training, person)
    leave(training, person)
    sign_up(training, person)
    (mailed,) = letters.calendars(person)[-1].events
    (_calendar, saved) = read(log_in(person), "steps")
    names = ("UID", "SEQUENCE", "SUMMARY", "DTSTART", "DTEND", "LOCATION", "DESCRIPTION", "URL", "STATUS", "ORGANIZER")
    assert {name: str(saved[name]) for name in names if name not in {"DTSTART", "DTEND"}} == {
        name: str(mailed[name]) for name in names if name not in {"DTSTART", "DTEND"}
    }
    assert (saved.start, saved.end, saved.sequence) == (mailed.start, mailed.end, 2)


def test_each_meeting_stands_in_the_file(client: FlaskClient) -> None:
    times = [(NOW + timedelta(days=day), NOW + timedelta(days=day, hours=1)) for day in (3, 5)]
    make_training(slug="course", starts_at=times[0][0], ends_at=times[1][1], meetings=times)
    calendar = Calendar.from_ical(client.get("/training/course.ics").data)
    assert [(event.start, event.end) for event in calendar.events] == times
