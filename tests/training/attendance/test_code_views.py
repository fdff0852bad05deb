"""The code on the wall and personal codes, from the picture to the tick."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.config import Config
from app.factory import create_app
from app.kernel.db import db
from app.web.security import limiter
from tests.factories.people import make_user
from tests.training.attendance.day import HOUR, START, Day, history

LogIn = Callable[[User], FlaskClient]


@pytest.fixture
def day(app: Flask, clock: time_machine.Coordinates) -> Day:
    """Friday, ten minutes before the workshop."""
    made = Day()
    clock.move_to(START - timedelta(minutes=10))
    return made


def code_on_the_wall(browser: FlaskClient, day: Day) -> str:
    found = re.search(r"<strong>([A-Z2-7]{4}-[A-Z2-7]{4})</strong>", browser.get(f"{day.path}/wall").text)
    assert found
    return found[1]


def ticket_on(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(ticket|mark)" value="([^"]+)"', page))


def personal_code_of(browser: FlaskClient) -> str:
    found = re.search(r'own-text"><strong>([A-Z2-7-]{9})</strong>', browser.get("/training/steps").text)
    assert found
    return found[1]


def test_whoever_scans_the_wall_confirms_and_is_there(day: Day, log_in: LogIn) -> None:
    code = code_on_the_wall(log_in(day.coach), day).replace("-", "")
    browser = log_in(day.ada)
    page = browser.get(f"/here/{code}").text
    assert "Yes, I am there" in page
    assert day.known() == {}
    for _ in range(2):
        answer = browser.post("/here/confirmation", data=ticket_on(page))
        assert (answer.status_code, answer.location) == (303, "/training/steps")
    assert history() == [("Ada", "present", "wall")]
    assert "You were there" in browser.get("/training/steps").text
    assert "written down already" in browser.get(f"/here/{code}").text


def test_the_code_can_be_typed(day: Day, log_in: LogIn) -> None:
    code = code_on_the_wall(log_in(day.coach), day).lower()
    browser = log_in(day.ada)
    assert "Small steps" in browser.get("/here").text
    answer = browser.post("/here", data={"code": f" {code} "})
    assert answer.status_code == 303
    assert "Yes, I am there" in browser.get(answer.location).text
    answer = browser.post("/here", data={"code": ""}, follow_redirects=True)
    assert (answer.status_code, "This code has changed" in answer.text) == (422, True)


def test_a_forwarded_photo_is_worth_nothing_after_a_minute(
    day: Day, log_in: LogIn, clock: time_machine.Coordinates
) -> None:
    code = code_on_the_wall(log_in(day.coach), day)
    clock.shift(61)
    answer = log_in(day.ada).get(f"/here/{code}")
    assert (answer.status_code, "This code has changed" in answer.text) == (422, True)


def test_whoever_has_scanned_has_time_to_confirm(day: Day, log_in: LogIn, clock: time_machine.Coordinates) -> None:
    code = code_on_the_wall(log_in(day.coach), day)
    browser = log_in(day.ada)
    data = ticket_on(browser.get(f"/here/{code}").text)
    clock.shift(4 * 60)
    assert browser.post("/here/confirmation", data=data).status_code == 303
    assert day.known() == {"Ada": "present"}


def test_a_ticket_is_of_no_use_to_anybody_else_and_not_for_ever(
    day: Day, log_in: LogIn, clock: time_machine.Coordinates
) -> None:
    code = code_on_the_wall(log_in(day.coach), day)
    data = ticket_on(log_in(day.ada).get(f"/here/{code}").text)
    assert log_in(day.bo).post("/here/confirmation", data=data).status_code == 409
    assert log_in(day.ada).post("/here/confirmation", data={**data, "ticket": "forged"}).status_code == 409
    clock.shift(6 * 60)
    assert log_in(day.ada).post("/here/confirmation", data=data).status_code == 409
    assert history() == []


def test_without_a_seat_the_code_opens_nothing(day: Day, log_in: LogIn, client: FlaskClient) -> None:
    code = code_on_the_wall(log_in(day.coach), day)
    for person in (day.dai, make_user("Eve"), day.coach):
        answer = log_in(person).get(f"/here/{code}")
        assert (answer.status_code, "Small steps" in answer.text) == (422, False)
    assert client.get(f"/here/{code}").status_code == 303


def test_whoever_is_late_stays_late_and_whoever_was_missing_is_there(day: Day, log_in: LogIn) -> None:
    coach = log_in(day.coach)
    coach.post(day.path, data=day.tap(day.ada, "late"))
    coach.post(day.path, data=day.tap(day.bo, "absent"))
    for person in (day.ada, day.bo):
        browser = log_in(person)
        code = code_on_the_wall(coach, day)
        data = ticket_on(browser.get(f"/here/{code}").text)
        if data:
            browser.post("/here/confirmation", data=data)
    assert day.known() == {"Ada": "late", "Bo": "present"}


@pytest.mark.parametrize(
    ("at", "is_shown"), [(START - 2 * HOUR, False), (START + 3 * HOUR, True), (START + 4 * HOUR, False)]
)
def test_codes_are_there_around_the_meeting_only(
    day: Day, log_in: LogIn, clock: time_machine.Coordinates, at: datetime, is_shown: bool
) -> None:
    clock.move_to(at)
    coach, ada = log_in(day.coach), log_in(day.ada)
    wall = coach.get(f"{day.path}/wall").text
    assert ("data-wall-code" in wall, 'http-equiv="refresh"' in wall) == (is_shown, is_shown)
    assert ("to show to the coach" in ada.get("/training/steps").text) is is_shown


def test_the_wall_is_not_kept_and_comes_again_by_itself(
    day: Day, log_in: LogIn, clock: time_machine.Coordinates
) -> None:
    browser = log_in(day.coach)
    first = browser.get(f"{day.path}/wall")
    assert first.headers["Cache-Control"] == "no-store"
    assert '<noscript><meta http-equiv="refresh" content="30"></noscript>' in first.text
    code = code_on_the_wall(browser, day)
    clock.shift(30)
    assert code_on_the_wall(browser, day) != code


def test_a_personal_code_is_typed_by_the_coach(day: Day, log_in: LogIn) -> None:
    code = personal_code_of(log_in(day.ada))
    coach = log_in(day.coach)
    answer = coach.post(f"{day.path}/scan", data={"code": code.lower()})
    assert (answer.status_code, answer.location) == (303, f"{day.path}/scan")
    assert history() == [("Ada", "present", "personal")]
    said = coach.post(f"{day.path}/scan", data={"code": code}, headers={"Accept": "application/json"})
    assert said.get_json() == {"words": "Ada is there."}
    assert history() == [("Ada", "present", "personal")]


def test_the_picture_of_it_leads_a_coach_to_the_person(day: Day, log_in: LogIn) -> None:
    code = personal_code_of(log_in(day.bo)).replace("-", "")
    page = log_in(day.coach).get(f"{day.path}/person/{code}").text
    assert "This is the personal code of Bo" in page
    assert history() == []
    assert log_in(day.bo).get(f"{day.path}/person/{code}").status_code == 403


def test_nobodys_code_says_so(day: Day, log_in: LogIn) -> None:
    coach = log_in(day.coach)
    assert coach.get(f"{day.path}/person/AAAAAAAA").status_code == 404
    answer = coach.post(f"{day.path}/scan", data={"code": "AAAAAAAA"}, headers={"Accept": "application/json"})
    assert (answer.status_code, "Nobody with a seat" in answer.get_json()["error"]) == (404, True)
    typed = coach.post(f"{day.path}/scan", data={"code": "AAAAAAAA"})
    assert (typed.status_code, 'data-first-invalid="code"' in typed.text) == (422, True)
    assert "Nobody with a seat" in typed.text.split('id="code-error"')[1].split("</p>")[0]


def test_only_the_page_that_scans_may_ask_for_the_camera(day: Day, log_in: LogIn) -> None:
    browser = log_in(day.coach)
    allowed = {
        path: browser.get(path).headers["Permissions-Policy"] for path in (f"{day.path}/scan", day.path, "/here")
    }
    assert "camera=(self)" in allowed[f"{day.path}/scan"]
    assert "camera=()" in allowed[day.path]
    assert "camera=()" in allowed["/here"]


def excuse(browser: FlaskClient, day: Day, **data: str) -> int:
    return browser.post(f"{day.path}/excuse", data={"mark": str(uuid4()), **data}).status_code


def test_a_person_excuses_themselves_before_the_start_and_can_come_after_all(day: Day, log_in: LogIn) -> None:
    browser = log_in(day.ada)
    assert "Excuse yourself" in browser.get("/training/steps").text
    assert excuse(browser, day, note="On call") == 303
    assert day.known() == {"Ada": "excused"}
    assert "You are excused" in browser.get("/training/steps").text
    assert "“On call”" in log_in(day.coach).get(day.path).text
    assert excuse(browser, day, back="1") == 303
    assert day.known() == {}


def test_an_excuse_needs_a_word_a_seat_and_to_come_before_the_start(
    day: Day, log_in: LogIn, clock: time_machine.Coordinates
) -> None:
    ada = log_in(day.ada)
    assert excuse(ada, day, note=" ") == 422
    assert excuse(ada, day, note="x" * 501) == 422
    for person in (day.dai, make_user("Eve"), day.coach):
        assert excuse(log_in(person), day, note="Ill") == 403
    log_in(day.coach).post(day.path, data=day.tap(day.bo, "present"))
    assert excuse(log_in(day.bo), day, note="Ill") == 409
    clock.move_to(START)
    assert excuse(ada, day, note="Ill") == 409
    assert day.known() == {"Bo": "present"}


def test_nobody_excuses_anybody_else(day: Day, log_in: LogIn) -> None:
    excuse(log_in(day.ada), day, note="Ill", who=str(day.place(day.bo)), user=str(day.bo.id))
    assert day.known() == {"Ada": "excused"}


def test_afterwards_the_page_says_what_was(day: Day, log_in: LogIn, clock: time_machine.Coordinates) -> None:
    coach = log_in(day.coach)
    for person, state in ((day.ada, "late"), (day.bo, "absent")):
        coach.post(day.path, data=day.tap(person, state))
    clock.move_to(START + 24 * HOUR)
    for person, words in ((day.ada, "You were there (late)"), (day.bo, "You were not there")):
        assert words in log_in(person).get("/training/steps").text
    assert "own-meetings" not in log_in(day.cem).get("/training/steps").text


@pytest.fixture
def braked(app: Flask, config: Config) -> Iterator[LogIn]:
    """Browsers at the same site, with the brake on, all at one address."""
    other = create_app(replace(config, testing=False))

    def logged_in(user: User) -> FlaskClient:
        browser = other.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = user.get_id(), True
        return browser

    yield logged_in
    limiter.enabled = False
    with other.app_context():
        db.engine.dispose()


def test_guessing_is_braked_for_each_person_and_not_for_a_whole_room(day: Day, log_in: LogIn, braked: LogIn) -> None:
    code = code_on_the_wall(log_in(day.coach), day)
    guesser, scanner = braked(day.bo), braked(day.ada)
    statuses = [guesser.get("/here/AAAAAAAA").status_code for _ in range(22)]
    assert statuses == [422] * 20 + [429] * 2
    assert scanner.get(f"/here/{code}").status_code == 200
