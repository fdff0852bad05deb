"""The own profile: name, language, time zone, teams."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.db import db
from tests.factories.people import make_team, make_user


@pytest.fixture
def yue(app: Flask) -> User:
    return make_user("Lin Yue", Role.COACH)


@pytest.fixture
def browser(yue: User, log_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return log_in(yue)


def test_a_member_changes_name_language_and_zone(browser: FlaskClient, yue: User) -> None:
    answer = browser.post("/profile", data={"name": " 林岳 ", "language": "zh", "time_zone": "Europe/Lisbon"})

    assert (answer.status_code, answer.location) == (303, "/profile")
    db.session.refresh(yue)
    assert (yue.name, yue.language, yue.time_zone) == ("林岳", "zh", "Europe/Lisbon")
    assert '<html lang="zh-Hans"' in browser.get("/profile").text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"name": ""}, "Please fill this in."),
        ({"name": "\t "}, "Please fill this in."),
        ({"name": "x" * 81}, "Use at most 80 characters."),
        ({"time_zone": "../../etc/passwd"}, "Choose a time zone from the list"),
        ({"time_zone": "Etc/GMT+8"}, "Choose a time zone from the list"),
    ],
)
def test_what_cannot_be_taken_is_said(browser: FlaskClient, yue: User, typed: dict[str, str], message: str) -> None:
    answer = browser.post("/profile", data={"name": "Yue", "language": "en", "time_zone": "UTC", **typed})

    assert answer.status_code == 422
    assert message in answer.text
    db.session.refresh(yue)
    assert (yue.name, yue.time_zone) == ("Lin Yue", "Asia/Shanghai")


def test_markup_in_a_name_is_shown_as_typed(browser: FlaskClient) -> None:
    browser.post("/profile", data={"name": "<b>Yue</b>", "language": "en", "time_zone": "UTC"})

    page = browser.get("/profile").text
    assert "&lt;b&gt;Yue&lt;/b&gt;" in page
    assert "<b>Yue" not in page


def test_the_profile_shows_roles_and_teams(browser: FlaskClient, yue: User) -> None:
    assert "You are in no team yet." in browser.get("/profile").text
    team = make_team("Payments", yue)

    page = browser.get("/profile").text

    assert f'href="/teams/{team.slug}">Payments</a>' in page
    assert ">Coach</span>" in page


def test_the_profile_leads_to_password_and_devices(browser: FlaskClient) -> None:
    page = browser.get("/profile").text

    assert 'href="/profile/password"' in page
    assert 'action="/profile/sessions/end"' in page


def test_the_time_zone_field_offers_the_zones(browser: FlaskClient) -> None:
    page = browser.get("/profile").text

    assert 'list="time-zones"' in page
    assert '<option value="Asia/Shanghai">' in page
