"""An error ends in a page that helps, whatever else is broken."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import TemplateNotFound
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from app.accounts.models import User
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.web.access import public
from tests.factories.people import make_user


@pytest.fixture
def break_with(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], None]:
    """Let the page `/healthz` fail with an error, as any page might."""

    def arrange(error: Exception) -> None:
        def broken() -> str:
            raise error

        public(broken)
        monkeypatch.setitem(app.view_functions, "health.healthz", broken)

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    return arrange


SENTENCE = "Ask an administrator for it."


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotFoundError(SENTENCE), 404),
        (ForbiddenError(SENTENCE), 403),
        (ConflictError(SENTENCE), 409),
        (InvalidInputError(SENTENCE), 422),
    ],
)
def test_a_rule_of_the_house_says_its_sentence(
    client: FlaskClient, break_with: Callable[[Exception], None], error: Exception, status: int
) -> None:
    break_with(error)

    answer = client.get("/healthz")

    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert SENTENCE in answer.text
    assert 'href="/"' in answer.text
    assert 'action="/search"' in answer.text


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OperationalError("SELECT 1", {}, Exception("database is locked")), 503, "try again in a few seconds"),
        (OperationalError("INSERT", {}, Exception("database or disk is full")), 503, "The disk of the site is full"),
        (IntegrityError("INSERT", {}, Exception("UNIQUE")), 409, "Load the page again"),
        (StaleDataError(), 409, "Load the page again"),
        (ZeroDivisionError("a secret of the inside"), 500, "Something broke on our side."),
        (TemplateNotFound("x.html"), 500, "Something broke on our side."),
    ],
)
def test_a_failure_tells_what_to_do_and_nothing_of_the_inside(
    client: FlaskClient, break_with: Callable[[Exception], None], error: Exception, status: int, words: str
) -> None:
    break_with(error)

    answer = client.get("/healthz")

    assert answer.status_code == status
    assert words in answer.text
    assert answer.headers["X-Request-ID"] in answer.text
    for secret in ("Traceback", "SELECT 1", "UNIQUE", "a secret of the inside", "x.html"):
        assert secret not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("get", "/nothing-here", 404), ("post", "/healthz", 405), ("get", "/people/abc", 404), ("put", "/login", 405)],
)
def test_a_wrong_address_helps_on(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = getattr(client, method)(path)

    assert answer.status_code == status
    assert 'action="/search"' in answer.text
    if status == 405:
        assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "headers", [{"Accept": "application/json"}, {"Accept": "application/json, text/plain, */*"}, {}]
)
def test_a_program_gets_json(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.get("/nothing-here.json" if not headers else "/nothing-here", headers=headers)

    assert (answer.status_code, answer.mimetype) == (404, "application/json")
    body = json.loads(answer.data)
    assert body["status"] == 404
    assert body["error"].startswith("There is nothing at this address")
    assert body["request_id"] == answer.headers["X-Request-ID"]


@pytest.mark.parametrize("accept", ["", "*/*", "text/html", "text/html,application/xhtml+xml,*/*;q=0.8", "image/png"])
def test_anybody_else_gets_a_page(client: FlaskClient, accept: str) -> None:
    assert client.get("/nothing-here", headers={"Accept": accept}).mimetype == "text/html"


def test_the_page_is_in_the_readers_language(client: FlaskClient) -> None:
    page = client.get("/nothing-here", headers={"Accept-Language": "zh-CN"}).text

    assert '<html lang="zh-Hans"' in page
    assert "There is nothing at this address" not in page


def test_a_member_stays_logged_in_on_the_page(log_in: Callable[[User], FlaskClient]) -> None:
    assert "Lin Yue" in log_in(make_user("Lin Yue")).get("/nothing-here").text


def test_without_the_database_a_member_gets_the_page(
    log_in: Callable[[User], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = log_in(make_user("Lin Yue", language="zh"))
    away = OperationalError("SELECT", {}, Exception("unable to open database file"))

    def fail(*_: object, **__: object) -> None:
        raise away

    monkeypatch.setattr("sqlalchemy.orm.Session.execute", fail)
    monkeypatch.setattr("sqlalchemy.orm.Session.get", fail)
    answer = browser.get("/profile", headers={"Accept-Language": "en"})

    assert answer.status_code == 503
    assert "try again in a few seconds" in answer.text
    assert "site-head" in answer.text


def test_even_without_its_template_an_error_is_a_page(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> str:
        raise TemplateNotFound("errors/error.html")

    monkeypatch.setattr("app.web.errors.render_template", fail)

    answer = client.get("/nothing-here", headers={"X-Request-ID": "number-1234"})

    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "There is nothing at this address" in answer.text
    assert "number-1234" in answer.text
    assert "Content-Security-Policy" in answer.headers


def test_even_without_translations_an_error_is_a_page(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no catalogue")

    monkeypatch.setattr("flask_babel.get_translations", fail)
    monkeypatch.setattr("flask_babel.Domain.get_translations", fail)

    answer = client.get("/nothing-here")

    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "<h1>404</h1>" in answer.text


def test_markup_in_a_sentence_is_text(
    client: FlaskClient, break_with: Callable[[Exception], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    break_with(ConflictError("<script>alert(1)</script>"))
    assert "&lt;script&gt;" in client.get("/healthz").text

    monkeypatch.setattr("app.web.errors.render_template", lambda *_, **__: 1 / 0)
    page = client.get("/healthz").text

    assert "&lt;script&gt;" in page
    assert "<script>" not in page


def test_what_was_half_done_is_undone(
    app: Flask, client: FlaskClient, log_in: Callable[[User], FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    yue = make_user("Lin Yue")

    def rename_and_fail() -> str:
        with transaction():
            db.session.get_one(User, yue.id).name = "Changed"
            db.session.flush()
            raise ZeroDivisionError

    public(rename_and_fail)
    monkeypatch.setitem(app.view_functions, "health.healthz", rename_and_fail)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

    assert client.get("/healthz").status_code == 500
    db.session.rollback()
    assert yue.name == "Lin Yue"
