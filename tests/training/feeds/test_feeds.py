"""Calendars to subscribe to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from icalendar import Calendar, Event
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.service import disable
from app.kernel.db import db, transaction
from app.training.feeds.models import CalendarFeed
from app.training.feeds.rules import LIMIT
from app.training.feeds.service import renew_feed
from app.training.models import TrainingSession
from app.training.service import cancel
from tests.factories.coaches import make_coach as make_profile
from tests.factories.people import make_user
from tests.factories.training import NOW, leave, make_coach, make_training, sign_up
from tests.training.calendar_entries.mailing import Letterbox

pytestmark = pytest.mark.usefixtures("clock")
LINK = "https://meet.example.com/steps"
DAY = timedelta(days=1)


def events(browser: FlaskClient, path: str) -> dict[str, Event]:
    """{title: event} of a feed."""
    answer = browser.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    calendar = Calendar.from_ical(answer.data)
    return {str(event["SUMMARY"]): event for event in calendar.events}


def token_of(person: User) -> str:
    person_id = person.id
    with transaction() as session:
        return renew_feed(session, person_id, now=NOW)


def test_all_sessions_as_they_stand_in_the_database(client: FlaskClient) -> None:
    coach = make_coach()
    for number, (name, day) in enumerate([("Europe/Berlin", 100), ("America/New_York", 200), ("Asia/Kathmandu", 300)]):
        make_training(coach, title=f"Session {number}", starts_at=NOW + day * DAY, time_zone=name)
    make_training(coach, title="Draft", state="draft")
    make_training(coach, title="Called off", state="cancelled")

    found = events(client, "/calendars/sessions.ics")

    stored = db.session.scalars(select(TrainingSession).where(TrainingSession.state != "draft"))
    assert {title: (event.start, event.end, event.sequence) for title, event in found.items()} == {
        each.title: (each.starts_at, each.ends_at, each.sequence) for each in stored
    }
    assert {title: event.status for title, event in found.items()} == {
        "Session 0": "CONFIRMED",
        "Session 1": "CONFIRMED",
        "Session 2": "CONFIRMED",
        "Called off": "CANCELLED",
    }
    assert [LINK in str(event["DESCRIPTION"]) for event in found.values()] == [False] * 4


def test_a_feed_says_what_it_is_and_how_often_to_look(client: FlaskClient) -> None:
    calendar = Calendar.from_ical(client.get("/calendars/sessions.ics").data)
    assert [calendar[name].to_ical() for name in ("X-PUBLISHED-TTL", "REFRESH-INTERVAL")] == [b"PT1H", b"PT1H"]
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert {str(calendar[name]) for name in ("NAME", "X-WR-CALNAME")} == {"Training · Guildhall"}
    assert str(calendar["METHOD"]) == "PUBLISH"


def test_the_filters_of_the_list_are_those_of_the_feed(client: FlaskClient) -> None:
    coach = make_coach()
    make_training(coach, title="Sharing", kind="sharing")
    make_training(coach, title="Chinese", kind="workshop", language="zh")
    make_training(coach, title="English", kind="workshop")
    assert set(events(client, "/calendars/sessions.ics?kind=workshop")) == {"Chinese", "English"}
    assert set(events(client, "/calendars/sessions.ics?kind=workshop&language=zh&_scheme=x")) == {"Chinese"}
    page = client.get("/training/?kind=workshop&language=zh").text
    assert 'href="/calendars/?kind=workshop&amp;language=zh"' in page
    address = "http://127.0.0.1:8000/calendars/sessions.ics?kind=workshop&amp;language=zh"
    assert address in client.get("/calendars/?kind=workshop&language=zh&x=1").text


def test_one_coachs_sessions(client: FlaskClient) -> None:
    chen = make_profile("Chen Coach")
    make_training(chen.user, title="By Chen")
    make_training(title="By another")
    slug = chen.slug
    assert set(events(client, f"/calendars/coaches/{slug}.ics")) == {"By Chen"}
    assert f"/calendars/coaches/{slug}.ics" in client.get("/calendars/").text
    assert client.get("/calendars/coaches/nobody.ics").status_code == 404


def test_my_calendar_has_my_seats_and_what_i_run(client: FlaskClient) -> None:
    person, coach = make_coach("Lin Yue"), make_coach()
    seat = make_training(coach, title="Seat")
    waits = make_training(coach, title="Waits", capacity=1)
    left = make_training(coach, title="Left")
    off = make_training(coach, title="Called off")
    make_training(person, title="Run by me")
    make_training(person, title="Draft of mine", state="draft")
    make_training(coach, title="Not mine")
    sign_up(seat, person)
    sign_up(waits, make_user(), person)
    sign_up(left, person)
    sign_up(off, person)
    leave(left, person)
    off_id, coach_id = off.id, coach.id
    with transaction() as session:
        cancel(session, off_id, reason="Ill", actor=session.get_one(User, coach_id), now=NOW)

    found = events(client, f"/calendars/{token_of(person)}/mine.ics")

    assert {title: event.status for title, event in found.items()} == {
        "Seat": "CONFIRMED",
        "Run by me": "CONFIRMED",
        "Called off": "CANCELLED",
    }
    assert all(LINK in str(event["DESCRIPTION"]) for event in found.values())


def test_my_calendar_says_the_same_as_my_mail(client: FlaskClient, letters: Letterbox) -> None:
    training, person = make_training(title="Steps"), make_user()
    sign_up(training, person)
    leave(training, person)
    sign_up(training, person)
    mailed = letters.calendars(person)[-1].events[0]

    (event,) = events(client, f"/calendars/{token_of(person)}/mine.ics").values()

    assert (event.uid, event.sequence, event.start) == (mailed.uid, mailed.sequence, mailed.start)
    assert (str(event["DESCRIPTION"]), str(event["URL"])) == (str(mailed["DESCRIPTION"]), str(mailed["URL"]))


def test_all_sessions_for_me_have_the_link_where_i_have_a_seat(client: FlaskClient) -> None:
    person, chen = make_user(), make_profile("Chen Coach")
    seat = make_training(chen.user, title="Seat")
    make_training(title="No seat")
    sign_up(seat, person)
    slug, token = chen.slug, token_of(person)

    found = events(client, f"/calendars/{token}/sessions.ics")

    assert {title: LINK in str(event["DESCRIPTION"]) for title, event in found.items()} == {
        "Seat": True,
        "No seat": False,
    }
    assert set(events(client, f"/calendars/{token}/sessions.ics?coach={slug}")) == {"Seat"}


def test_an_unchanged_feed_is_not_sent_again(client: FlaskClient, clock: time_machine.Traveller) -> None:
    training, person = make_training(), make_user()
    sign_up(training, person)
    for path in ("/calendars/sessions.ics", f"/calendars/{token_of(person)}/mine.ics"):
        first = client.get(path)
        clock.shift(3600)
        second = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (second.status_code, second.data) == (304, b"")
    leave(training, person, now=NOW)
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_the_address_is_shown_once_and_only_its_hash_is_kept(log_in: Callable[[User], FlaskClient]) -> None:
    person = make_user()
    browser = log_in(person)
    page = browser.post("/calendars/mine").text
    token = page.split("/calendars/")[1:]
    secret = next(part.split("/")[0] for part in token if "/mine.ics" in part)
    assert len(secret) == 43
    assert secret not in browser.get("/calendars/").text
    assert secret not in db.session.scalars(select(CalendarFeed.token_hash)).one()
    assert browser.get(f"/calendars/{secret}/mine.ics").status_code == 200


def test_a_renewed_or_switched_off_address_is_worthless(
    client: FlaskClient, log_in: Callable[[User], FlaskClient]
) -> None:
    person = make_user()
    first = token_of(person)
    second = token_of(person)
    assert [client.get(f"/calendars/{token}/mine.ics").status_code for token in (first, second)] == [404, 200]
    answer = log_in(person).post("/calendars/mine/delete")
    assert (answer.status_code, answer.location) == (303, "/calendars/")
    assert client.get(f"/calendars/{second}/mine.ics").status_code == 404
    assert log_in(person).post("/calendars/mine/delete").status_code == 303


def test_a_closed_account_has_no_calendar(client: FlaskClient) -> None:
    person, administrator = make_user(), make_user()
    token, person_id, administrator_id = token_of(person), person.id, administrator.id
    with transaction() as session:
        disable(session, session.get_one(User, person_id), actor=session.get_one(User, administrator_id), now=NOW)
    assert client.get(f"/calendars/{token}/mine.ics").status_code == 404


@pytest.mark.parametrize("token", ["x", "mine", "0" * 43, "%00", "喆" * 10])
def test_a_guessed_address_is_none(client: FlaskClient, token: str) -> None:
    assert client.get(f"/calendars/{token}/mine.ics").status_code in {400, 404}


def test_on_a_site_for_members_only_the_secret_address_opens(
    client: FlaskClient, configure: Callable[..., None], log_in: Callable[[User], FlaskClient]
) -> None:
    make_training(title="Steps")
    person = make_user()
    token = token_of(person)
    configure(visitors="none")
    for path in ("/calendars/", "/calendars/sessions.ics", "/calendars/coaches/x.ics"):
        assert client.get(path).status_code == 303
    assert set(events(client, f"/calendars/{token}/sessions.ics")) == {"Steps"}
    page = log_in(person).get("/calendars/").text
    assert "/calendars/sessions.ics" not in page


def test_visitors_cannot_make_an_address(client: FlaskClient) -> None:
    assert [client.post(path).status_code for path in ("/calendars/mine", "/calendars/mine/delete")] == [303, 303]


def test_a_year_back_and_two_ahead(client: FlaskClient) -> None:
    for title, days in (("Old", -366), ("Behind", -364), ("Ahead", 729), ("Far", 732)):
        make_training(title=title, starts_at=NOW + days * DAY)
    assert set(events(client, "/calendars/sessions.ics")) == {"Behind", "Ahead"}


def test_a_feed_takes_as_many_queries_for_thirty_sessions_as_for_two(
    client: FlaskClient, count_queries: list[str]
) -> None:
    person, coach = make_user(), make_profile("Chen Coach")
    user, slug = coach.user, coach.slug
    token = token_of(person)
    paths = [
        "/calendars/sessions.ics",
        f"/calendars/coaches/{slug}.ics",
        f"/calendars/{token}/mine.ics",
        f"/calendars/{token}/sessions.ics",
        "/calendars/",
    ]

    def fill(numbers: range) -> list[int]:
        for number in numbers:
            sign_up(make_training(user, title=f"Session {number}"), person)
        counts = []
        for path in paths:
            count_queries.clear()
            assert client.get(path).status_code == 200
            counts.append(len(count_queries))
        return counts

    few = fill(range(2))
    many = fill(range(2, 30))
    assert many == few
    # The personal feed has what every feature has with somebody: thirteen, however much it is.
    assert max(many) <= 13


def test_the_language_of_my_calendar_is_mine(client: FlaskClient) -> None:
    person = make_user(language="zh")
    calendar = Calendar.from_ical(client.get(f"/calendars/{token_of(person)}/mine.ics").data)
    assert "·" in str(calendar["NAME"])
    assert "My training" not in str(calendar["NAME"])


def test_a_feed_is_bounded() -> None:
    assert LIMIT <= 1000


def test_a_course_stands_in_the_feed_with_all_its_meetings(client: FlaskClient) -> None:
    times = [
        (datetime(2026, 12, day, 6, 0, tzinfo=UTC), datetime(2026, 12, day, 8, 0, tzinfo=UTC)) for day in (1, 8, 15)
    ]
    make_training(title="Course", starts_at=times[0][0], ends_at=times[-1][1], meetings=times)
    found = events(client, "/calendars/sessions.ics")
    assert [(found[f"Course ({number}/3)"].start, found[f"Course ({number}/3)"].end) for number in (1, 2, 3)] == times


def test_a_feed_ends_at_the_latest_meetings(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks without a name must not keep a process busy for ten seconds."""
    monkeypatch.setattr("app.training.feeds.writing.MOST_MEETINGS", 3)
    days = [(NOW + number * DAY, NOW + (number + 0.1) * DAY) for number in range(1, 6)]
    make_training(title="Small steps", starts_at=days[0][0], ends_at=days[-1][1], meetings=days)

    found = events(client, "/calendars/sessions.ics")

    assert list(found) == ["Small steps (3/5)", "Small steps (4/5)", "Small steps (5/5)"]
