"""Forged forms: every form needs the token of the session it was made for."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, Rule

from app.accounts.models import User
from tests.accounts.keys import HASH, PASSWORD, is_logged_in
from tests.factories.people import make_user

# These hold no token, because their pages are kept for all visitors or have no session: the origin is what is checked.
BY_ORIGIN = {"web.language", "web.theme", "search_desk.clicked", "signup.place", "notice_choices.way_out"}
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture(autouse=True)
def checked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)


@pytest.fixture
def yue(app: Flask) -> User:
    return make_user("Lin Yue", email="yue@example.com", password_hash=HASH)


def token_on(client: FlaskClient, path: str) -> str:
    tokens = set(TOKEN.findall(client.get(path).text))
    assert len(tokens) == 1
    return str(tokens.pop())


def log_in(client: FlaskClient, email: str = "yue@example.com") -> None:
    sent = {"email": email, "password": PASSWORD, "csrf_token": token_on(client, "/login")}
    assert client.post("/login", data=sent).status_code == 303


def forms(app: Flask) -> dict[str, str]:
    return {
        rule.endpoint: str((rule.build({name: _some_value(rule, name) for name in rule.arguments}) or ("", ""))[1])
        for rule in app.url_map.iter_rules()
        if (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
    }


def _some_value(rule: Rule, name: str) -> str:
    """Something that the address takes in this place."""
    converter = rule._converters[name]
    return min(converter.items) if isinstance(converter, AnyConverter) else "1"


@pytest.mark.parametrize("token", [None, "", "made-up", "ImZha2Ui.aaaaaa.bbbbbbbb"])
@pytest.mark.slow
def test_every_form_without_its_token_is_refused(app: Flask, client: FlaskClient, yue: User, token: str | None) -> None:
    log_in(client)
    assert len(forms(app)) > 20

    answers = {
        endpoint: client.post(address, data={} if token is None else {"csrf_token": token}).status_code
        for endpoint, address in forms(app).items()
        if endpoint not in BY_ORIGIN
    }

    assert {endpoint: status for endpoint, status in answers.items() if status != 400} == {}
    assert is_logged_in(client)


def test_the_refusal_says_what_to_do(client: FlaskClient) -> None:
    answer = client.post("/join", data={"email": "yue@example.com"})

    assert answer.status_code == 400
    assert "Go back, load the page again and send it once more." in answer.text


@pytest.mark.parametrize("path", ["/language", "/theme", "/search/clicked"])
def test_forms_without_token_are_refused_from_elsewhere(client: FlaskClient, path: str) -> None:
    elsewhere = {"Origin": "https://evil.example"}

    assert client.post(path, data={"language": "zh", "theme": "dark"}, headers=elsewhere).status_code == 403


def test_the_forms_of_a_member_work_after_logging_in(client: FlaskClient, yue: User) -> None:
    log_in(client)

    sent = {"name": "Yue", "language": "en", "time_zone": "UTC", "csrf_token": token_on(client, "/profile")}
    assert client.post("/profile", data=sent).status_code == 303
    assert client.post("/logout", data={"csrf_token": token_on(client, "/")}).status_code == 303
    log_in(client)


def test_logging_in_and_out_changes_the_token(client: FlaskClient, yue: User) -> None:
    before = token_on(client, "/login")
    log_in(client)
    inside = token_on(client, "/profile")
    client.post("/logout", data={"csrf_token": inside})
    after = token_on(client, "/login")

    assert len({before, inside, after}) == 3
    assert client.post("/join", data={"email": "a@example.com", "csrf_token": inside}).status_code == 400


def test_a_token_from_before_the_log_in_is_worth_nothing_after_it(client: FlaskClient, yue: User) -> None:
    before = token_on(client, "/login")
    log_in(client)

    assert client.post("/logout", data={"csrf_token": before}).status_code == 400
    assert is_logged_in(client)


def test_the_token_of_somebody_else_is_worth_nothing(app: Flask, client: FlaskClient, yue: User) -> None:
    make_user("Eve", email="eve@example.com", password_hash=HASH)
    attacker = app.test_client()
    log_in(attacker, "eve@example.com")
    log_in(client)

    assert client.post("/logout", data={"csrf_token": token_on(attacker, "/profile")}).status_code == 400


def test_the_token_stays_for_the_session_so_that_pages_stay_the_same(client: FlaskClient, yue: User) -> None:
    log_in(client)

    assert token_on(client, "/profile") == token_on(client, "/teams/")


def test_the_token_may_come_in_a_header(client: FlaskClient, yue: User) -> None:
    log_in(client)

    assert client.post("/logout", headers={"X-CSRFToken": token_on(client, "/profile")}).status_code == 303
