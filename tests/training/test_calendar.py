"""Days, months, and the file for calendars."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar, Event

from app.accounts.models import User
from app.kernel.db import transaction
from app.training.calendars import Month, by_day, read_month
from app.training.models import TrainingSession
from app.training.service import cancel, change
from tests.factories.people import make_user
from tests.factories.training import NOW, make_coach, make_details, make_training, sign_up

pytestmark = pytest.mark.usefixtures("clock")


def read(browser: FlaskClient, slug: str) -> tuple[Calendar, Event]:
    answer = browser.get(f"/training/{slug}.ics")
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    calendar = Calendar.from_ical(answer.data)
    assert isinstance(calendar, Calendar)
    (event,) = calendar.events
    return calendar, event


def test_a_session_as_a_calendar_has_it(client: FlaskClient) -> None:
    make_training(slug="steps", starts_at=datetime(2027, 3, 20, 9, 0, tzinfo=UTC), time_zone="Europe/Berlin")
    calendar, event = read(client, "steps")
    assert (event.uid, event.sequence, event.status) == ("steps@guildhall.invalid", 0, "CONFIRMED")
    assert event.start == datetime(2027, 3, 20, 9, 0, tzinfo=UTC)
    assert event.end == datetime(2027, 3, 20, 11, 0, tzinfo=UTC)
    assert event.DTSTAMP == NOW
    assert str(event["SUMMARY"]) == "Small steps"
    assert str(event["LOCATION"]) == "Room 3"
    assert str(event["DTSTART"].params["TZID"]) == "Europe/Berlin"
    assert [zone.tz_name for zone in calendar.timezones] == ["Europe/Berlin"]
    assert "Bring a laptop." in str(event["DESCRIPTION"])
    assert str(event["URL"]).endswith("/training/steps")


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
    assert {event.uid for event in (before, moved, cancelled)} == {"steps@guildhall.invalid"}
    assert [event.status for event in (before, moved, cancelled)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]


def test_a_month_is_whole_weeks_from_monday() -> None:
    month = Month(date(2026, 11, 1))
    assert [week[0] for week in month.weeks] == [
        date(2026, 10, 26),
        *(date(2026, 11, day) for day in (2, 9, 16, 23, 30)),
    ]
    assert (month.previous.text, month.next.text, Month(date(2026, 12, 1)).next.text) == (
        "2026-10",
        "2026-12",
        "2027-01",
    )
    start, end = month.bounds("Asia/Shanghai")
    assert (start, end) == (datetime(2026, 10, 25, 16, 0, tzinfo=UTC), datetime(2026, 12, 6, 16, 0, tzinfo=UTC))


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "1999-01", "nonsense", "2026-1"])
def test_an_address_that_names_no_month_means_this_one(text: str) -> None:
    assert read_month(text, date(2026, 11, 16)) == Month(date(2026, 11, 1))
    assert read_month("2027-02", date(2026, 11, 16)) == Month(date(2027, 2, 1))


def test_a_session_stands_under_each_of_its_days_in_the_zone_of_the_reader() -> None:
    evening = TrainingSession(
        starts_at=datetime(2026, 11, 20, 14, 0, tzinfo=UTC), ends_at=datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    )
    assert list(by_day([evening], "Asia/Shanghai")) == [date(2026, 11, 20)]
    assert list(by_day([evening], "Asia/Tokyo")) == [date(2026, 11, 20), date(2026, 11, 21)]
    assert list(by_day([evening], "America/New_York")) == [date(2026, 11, 20)]


def test_the_month_is_a_table_with_a_way_back_and_forth(client: FlaskClient) -> None:
    make_training(slug="steps", title="Small steps")
    make_training(slug="next", title="Next month", starts_at=NOW + timedelta(days=40))
    page = client.get("/training/?view=month").text
    assert "November 2026" in page
    assert "Small steps" in page
    assert "Next month" not in page
    assert 'aria-current="date"' in page
    for link in ("month=2026-10", "month=2026-12"):
        assert link in page
    assert "Next month" in client.get("/training/?view=month&month=2026-12").text
    assert "Nothing in this month" in client.get("/training/?view=month&month=2027-05").text


def test_the_agenda_groups_by_day(client: FlaskClient) -> None:
    coach = make_coach()
    for number in range(2):
        make_training(coach, title=f"Friday {number}")
    make_training(coach, title="Saturday", starts_at=datetime(2026, 11, 20, 17, 0, tzinfo=UTC))
    page = client.get("/training/?view=agenda").text
    days = [part.split('"', 1)[0] for part in page.split('<section class="agenda-day" aria-labelledby="day-')[1:]]
    assert days == ["2026-11-20", "2026-11-21"]
    assert "Fri, Nov 20" in page
