"""The pages of office hours, as members, coaches and outsiders use them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date, time
from urllib.parse import quote

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.coaching.models import CoachAway, Engagement
from app.coaching.office_hours import rules
from app.coaching.office_hours.models import Booking, OfficeException, OfficeHours, Ticket
from app.kernel.db import db, transaction
from app.web.sections import sections_for
from tests.factories.coaches import make_coach
from tests.factories.frameworks import make_framework
from tests.factories.office_hours import DAY, HOUR, NOW, WEDNESDAY_AT_TWO, book, make_hours, reloaded, stand_in_line
from tests.factories.people import make_team, make_user

LogIn = Callable[[User], FlaskClient]
pytestmark = pytest.mark.usefixtures("clock")
AT = quote(WEDNESDAY_AT_TWO.isoformat())


def typed(**changes: str) -> dict[str, str]:
    return {
        "weekday": "2",
        "starts": "14:00",
        "ends": "16:00",
        "time_zone": "Asia/Shanghai",
        "slot_minutes": "30",
        "since": "2026-11-01",
        "lead_hours": "12",
        "cancel_hours": "2",
        "ahead_days": "28",
        **changes,
    }


def test_visitors_see_nothing_of_it(app: Flask, client: FlaskClient) -> None:
    coach = make_coach()
    hours = make_hours(coach)
    found = book(hours, make_user("Ann"))
    for path in (
        "/coaching/office-hours",
        f"/coaches/{coach.slug}/office-hours",
        f"/coaching/office-hours/{hours.id}/queue",
        f"/coaching/bookings/{found.id}",
    ):
        assert client.get(path).status_code == 303
    page = client.get(f"/coaches/{coach.slug}")
    assert (page.status_code, "Office hours" in page.text) == (200, False)


def test_from_the_list_to_a_booking_and_back(app: Flask, log_in: LogIn) -> None:
    hours, ann = make_hours(), make_user("Ann")
    browser = log_in(ann)
    page = browser.get("/coaching/office-hours").text
    href = re.search(r'href="(/coaching/office-hours/\d+/booking\?at=[^"]+)"', page)
    assert href
    form = browser.get(href[1])
    assert "Amara Osei" in form.text
    answer = browser.post(href[1], data={"topic": "Our pipeline"})
    found = db.session.execute(select(Booking)).scalar_one()
    assert (answer.status_code, answer.location) == (303, f"/coaching/bookings/{found.id}")
    assert browser.post(href[1], data={"topic": "Our pipeline"}).location == f"/coaching/bookings/{found.id}"
    assert "Our pipeline" in browser.get(answer.location).text
    assert "Amara Osei" in browser.get("/").text
    other = log_in(make_user("Bob")).post(href[1], data={})
    assert other.status_code == 409
    assert "The nearest free times" in other.text
    assert "14:30" in other.text
    moved = browser.post(
        f"/coaching/bookings/{found.id}/time",
        data={"hours": hours.id, "at": (WEDNESDAY_AT_TWO + HOUR).isoformat()},
    )
    assert moved.status_code == 303
    assert reloaded(found).starts_at == WEDNESDAY_AT_TWO + HOUR
    assert browser.post(f"/coaching/bookings/{found.id}/cancellation", data={}).status_code == 303
    assert reloaded(found).state == "cancelled"
    assert "Cancelled" in browser.get("/coaching/bookings").text


def test_whoever_comes_second_loses_nothing_that_was_typed(app: Flask, log_in: LogIn) -> None:
    hours, browser = make_hours(), log_in(make_user("Bob"))
    book(hours, make_user("Ann"))
    path = f"/coaching/office-hours/{hours.id}/booking?at={AT}"
    refused = browser.post(path, data={"topic": "Our pipeline"})
    assert (refused.status_code, "Our pipeline" in refused.text) == (409, True)
    other = re.search(r'formaction="([^"]+)"', refused.text)
    assert other
    assert browser.post(html.unescape(other[1]), data={"topic": "Our pipeline"}).status_code == 303
    found = db.session.execute(select(Booking).where(Booking.topic == "Our pipeline")).scalar_one()
    assert found.starts_at == WEDNESDAY_AT_TWO + HOUR / 2
    assert "formaction" not in browser.get(path).text


def test_a_third_booking_is_refused_beside_what_was_typed(app: Flask, log_in: LogIn) -> None:
    hours, ann = make_hours(), make_user("Ann")
    for number in (1, 2):
        book(hours, ann, WEDNESDAY_AT_TWO + number * HOUR / 2)
    refused = log_in(ann).post(f"/coaching/office-hours/{hours.id}/booking?at={AT}", data={"topic": "Our pipeline"})
    assert (refused.status_code, "2 bookings with this coach" in refused.text, "Our pipeline" in refused.text) == (
        409,
        True,
        True,
    )


def test_what_is_over_offers_no_cancelling(app: Flask, log_in: LogIn) -> None:
    hours = make_hours()
    found = book(hours, make_user("Ann"))
    coach, path = log_in(hours.coach), f"/coaching/bookings/{found.id}"
    assert "Cancel this booking" in coach.get(path).text
    with time_machine.travel(WEDNESDAY_AT_TWO + HOUR, tick=False):
        assert "Cancel this booking" not in coach.get(path).text
        assert coach.post(f"{path}/cancellation", data={"reason": "Ill"}).status_code == 409


def test_nonsense_in_an_address_is_no_time(app: Flask, log_in: LogIn) -> None:
    hours, browser = make_hours(), log_in(make_user("Ann"))
    for at in ("", "soon", "2026-11-18T06:00:00", "9999-99-99", "0001-01-01T00:00:00%2B14:00"):
        assert browser.get(f"/coaching/office-hours/{hours.id}/booking?at={at}").status_code in {404, 409}
    assert browser.get(f"/coaching/office-hours/99/booking?at={AT}").status_code == 404


def test_the_list_is_narrowed_by_its_address(app: Flask, log_in: LogIn) -> None:
    area = make_framework().areas[0]
    one, other = area.capabilities[0], area.capabilities[1]
    make_hours(make_coach("Amara", skills={one.id: 3}, languages=["en"]))
    zed = make_coach("Zed", skills={other.id: 3}, languages=["zh"])
    make_hours(zed)
    make_coach("Nobody")
    browser = log_in(make_user("Ann"))

    def names(query: str) -> list[str]:
        return re.findall(r'id="coach-(amara|zed)-\w+"', browser.get(f"/coaching/office-hours?{query}").text)

    assert names("") == ["amara", "zed"]
    assert names(f"capability={one.slug}") == ["amara"]
    assert names("language=zh") == ["zed"]
    assert names(f"coach={zed.slug}") == ["zed"]
    assert names(f"capability={one.slug}&language=zh") == []


def test_a_coach_cancels_with_a_reason_and_says_how_it_was(app: Flask, log_in: LogIn) -> None:
    hours, ann = make_hours(), make_user("Ann")
    first, second = book(hours, ann), book(hours, ann, WEDNESDAY_AT_TWO + HOUR)
    coach = log_in(hours.coach)
    refused = coach.post(f"/coaching/bookings/{first.id}/cancellation", data={"reason": " "})
    assert (refused.status_code, "Say why" in refused.text) == (422, True)
    assert coach.post(f"/coaching/bookings/{first.id}/cancellation", data={"reason": "Ill"}).status_code == 303
    assert coach.post(f"/coaching/bookings/{second.id}/outcome", data={"outcome": "held"}).status_code == 409
    with time_machine.travel(WEDNESDAY_AT_TWO + DAY, tick=False):
        assert "Was it held?" in coach.get("/coaching/office-hours/mine").text
        assert log_in(ann).post(f"/coaching/bookings/{second.id}/outcome", data={"outcome": "held"}).status_code == 403
        assert coach.post(f"/coaching/bookings/{second.id}/outcome", data={"outcome": "held"}).status_code == 303
    assert [reloaded(each).state for each in (first, second)] == ["cancelled", "held"]


def test_a_coach_keeps_changes_and_ends_hours(app: Flask, log_in: LogIn) -> None:
    profile = make_coach()
    slug, browser = profile.slug, log_in(profile.user)
    assert "No office hours yet" in browser.get("/coaching/office-hours/mine").text
    assert browser.post("/coaching/office-hours/new", data=typed(ends="13:00")).status_code == 422
    assert browser.post("/coaching/office-hours/new", data=typed()).status_code == 303
    assert browser.post("/coaching/office-hours/new", data=typed()).status_code == 422
    hours = db.session.execute(select(OfficeHours)).scalar_one()
    edit = f"/coaching/office-hours/{hours.id}/edit"
    assert 'value="14:00"' in browser.get(edit).text
    book(hours, make_user("Ann"))
    asked = browser.post(edit, data=typed(starts="15:00", revision="0"))
    assert (asked.status_code, "1 booking would lie outside" in asked.text) == (422, True)
    sent = typed(starts="15:00", revision="0", fate="cancel", reason="I teach then")
    assert browser.post(edit, data=sent).status_code == 303
    assert browser.post(edit, data=sent).status_code == 409
    assert db.session.execute(select(Booking.state)).scalar_one() == "cancelled"
    days = f"/coaching/office-hours/{hours.id}/days"
    assert browser.post(days, data={"day": "2026-11-19"}).status_code == 422
    other = {"day": "2026-11-25", "is_there": "y", "starts": "09:00", "ends": "10:00"}
    assert browser.post(days, data=other).status_code == 303
    assert browser.post(days, data=other).status_code == 303
    exception = db.session.execute(select(OfficeException)).scalar_one()
    assert (exception.day, exception.starts) == (date(2026, 11, 25), time(9))
    assert browser.post(f"/coaching/office-hours/days/{exception.id}/delete").status_code == 303
    assert (
        browser.post("/coaching/office-hours/away", data={"first": "2026-11-17", "last": "2026-11-30"}).status_code
        == 303
    )
    (away,) = db.session.execute(select(CoachAway)).scalars()
    assert (away.first, away.last) == (date(2026, 11, 17), date(2026, 11, 30))
    member = log_in(make_user("Bob"))
    for path in (f"/coaches/{slug}", f"/coaches/{slug}/office-hours"):
        assert "Away from November 17, 2026 to November 30, 2026." in member.get(path).text
    assert "November 17, 2026 to November 30, 2026" in browser.get("/coaching/office-hours/mine").text
    back = f"/coaching/office-hours/away/{away.id}/delete"
    assert log_in(make_coach("Zed").user).post(back).status_code == 403
    assert [browser.post(back).status_code for _twice in range(2)] == [303, 303]
    assert "Away from" not in member.get(f"/coaches/{slug}").text
    assert browser.post(f"/coaching/office-hours/{hours.id}/ending", data={"last": "2026-12-01"}).status_code == 303
    db.session.rollback()
    assert db.session.get_one(OfficeHours, hours.id).until == date(2026, 12, 1)


def test_hours_of_others_are_not_changed_and_members_keep_none(app: Flask, log_in: LogIn) -> None:
    hours, other = make_hours(), make_coach("Zed").user
    for path in ("edit", "ending", "days"):
        assert log_in(other).post(f"/coaching/office-hours/{hours.id}/{path}", data=typed()).status_code == 403
    assert log_in(make_user("Ann")).get("/coaching/office-hours/mine").status_code == 403
    assert log_in(make_user("Adam", Role.ADMINISTRATOR)).get("/coaching/office-hours/new").status_code == 403


def test_a_phone_stands_in_line_and_another_one_calls(app: Flask, log_in: LogIn) -> None:
    hours, ann, bob = make_hours(weekday=0, is_drop_in=True), make_user("Ann"), make_user("Bob")
    path = f"/coaching/office-hours/{hours.id}/queue"
    assert "opens an hour before" in log_in(ann).get(path).text
    with time_machine.travel(NOW + 4 * HOUR, tick=False):
        phone, desk = log_in(ann), log_in(hours.coach)
        stand_in_line(hours, bob, "Bob's topic")
        assert phone.post(path, data={"topic": "My topic"}).status_code == 303
        own = phone.get(path).text
        assert "1 is before you." in own
        assert "Bob" not in own
        first, second = db.session.execute(select(Ticket).order_by(Ticket.number)).scalars()
        assert "Bob&#39;s topic" in desk.get(path).text
        assert phone.post(f"/coaching/queue/{first.id}/call").status_code == 403
        assert desk.post(f"/coaching/queue/{first.id}/call").status_code == 303
        assert "Number 1 is inside." in phone.get(path).text
        assert desk.post(f"/coaching/queue/{first.id}/outcome", data={"outcome": "served"}).status_code == 303
        assert desk.post(f"/coaching/queue/{second.id}/call").status_code == 303
        assert "It is your turn" in phone.get(path).text
        assert log_in(bob).post(f"/coaching/queue/{second.id}/leaving").status_code == 404
        assert phone.post(f"/coaching/queue/{second.id}/leaving").status_code == 303
        assert "Stand in line" in phone.get(path).text


def test_a_booking_belongs_to_an_engagement_of_the_persons_team_with_that_coach(app: Flask, log_in: LogIn) -> None:
    hours, ann, eve = make_hours(), make_user("Ann"), make_user("Eve")
    team, other = make_team("Payments", ann), make_team("Other", eve)
    with transaction() as session:
        values = {"coach_id": hours.coach_id, "began_on": date(2026, 11, 1), "state_since": NOW, "created_at": NOW}
        ours, theirs = (Engagement(team_id=each.id, title=each.name, **values) for each in (team, other))
        session.add_all([ours, theirs])
    assert book(hours, ann, engagement_id=theirs.id).engagement_id is None
    found = book(hours, ann, WEDNESDAY_AT_TWO + HOUR, engagement_id=ours.id, topic="Not for the team")
    assert found.engagement_id == ours.id
    with app.test_request_context():
        (section,) = sections_for("engagement", ours, eve)
        assert [(item.title, item.url) for item in section.items] == [("Ann with Amara Osei", "")]
        assert sections_for("engagement", theirs, eve) == []


@pytest.mark.parametrize(
    "at",
    [
        "9999-12-31T23:59:59.999999+00:00",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+14:00",
        "2100-01-06T06:00+00:00",
    ],
)
def test_a_moment_at_the_end_of_the_calendar_is_nobodys(app: Flask, log_in: LogIn, at: str) -> None:
    hours, ann = make_hours(), make_user("Ann")
    found = book(hours, ann)
    browser = log_in(ann)
    assert browser.get(f"/coaching/office-hours/{hours.id}/booking?at={quote(at)}").status_code == 404
    assert browser.post(f"/coaching/office-hours/{hours.id}/booking?at={quote(at)}", data={}).status_code == 404
    sent = {"hours": str(hours.id), "at": at}
    assert browser.post(f"/coaching/bookings/{found.id}/time", data=sent).status_code == 404


def test_a_time_many_years_ahead_is_refused_without_looking_at_all_days_before(
    app: Flask, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    hours, browser, looked_at = make_hours(), log_in(make_user("Ann")), list[date]()

    def counted(hours: rules.Weekly, day: date, exceptions: rules.Exceptions) -> rules.Span | None:
        looked_at.append(day)
        return span_on(hours, day, exceptions)

    span_on = rules.span_on
    monkeypatch.setattr(rules, "span_on", counted)
    at = quote("2099-11-18T06:00:00+00:00")
    answer = browser.post(f"/coaching/office-hours/{hours.id}/booking?at={at}", data={})
    assert (answer.status_code, len(looked_at) < 50) == (409, True)
    assert "at most 28 days ahead" in answer.text


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_nobody_is_away_at_the_end_of_the_calendar(app: Flask, log_in: LogIn, day: str) -> None:
    hours = make_hours()
    browser = log_in(db.session.get_one(User, hours.coach_id))
    for path, sent in (
        ("away", {"first": day, "last": day}),
        (f"{hours.id}/days", {"day": day}),
        (f"{hours.id}/ending", {"last": day}),
        ("new", typed(since=day, weekday="4")),
    ):
        answer = browser.post(f"/coaching/office-hours/{path}", data=sent)
        assert (path, answer.status_code, "between 2000 and 2099" in answer.text) == (path, 422, True)
