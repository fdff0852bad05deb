"""The frame of every page: who sees what in it, what it costs, and what it promises to browsers."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.accounts.rules import Role
from app.config import Config
from app.jobs import messages
from app.kernel.db import transaction
from app.notifications.models import Notice
from tests.factories.people import make_user


def test_the_search_page_of_a_visitor_sets_no_cookie(client: FlaskClient) -> None:
    assert "Set-Cookie" not in client.get("/search").headers


def test_a_visitor_costs_no_question_about_notices(client: FlaskClient, count_queries: list[str]) -> None:
    client.get("/search")

    assert [statement for statement in count_queries if "notice" in statement or '"user"' in statement] == []


def test_unread_notices_are_counted_in_the_head_once(
    log_in: Callable[[User], FlaskClient], count_queries: list[str]
) -> None:
    yue = make_user("Lin Yue")
    with transaction() as session:
        session.add_all(Notice(user_id=yue.id, kind="x", params={}, created_at=datetime.now(UTC)) for _ in range(2))
    browser = log_in(yue)
    count_queries.clear()

    page = browser.get("/search").text

    assert "2 unread notices" in page
    assert len([statement for statement in count_queries if "notice" in statement]) == 1


def test_the_page_of_a_server_error_asks_nothing_about_the_person(
    log_in: Callable[[User], FlaskClient], monkeypatch: pytest.MonkeyPatch, count_queries: list[str]
) -> None:
    """It may be shown because the database is away."""
    browser = log_in(make_user("Lin Yue"))

    def break_down(*_: object, **__: object) -> None:
        count_queries.clear()
        raise RuntimeError

    monkeypatch.setattr("app.search.pages.views.run_search", break_down)
    page = browser.get("/search?q=deploy")

    assert page.status_code == 500
    assert "Something broke" in page.text
    assert "Lin Yue" not in page.text
    assert count_queries == []


def test_a_member_is_not_led_to_people(log_in: Callable[[User], FlaskClient]) -> None:
    assert 'href="/people/"' not in log_in(make_user("Lin Yue")).get("/search").text


def test_an_administrator_is_led_to_people(log_in: Callable[[User], FlaskClient]) -> None:
    assert 'href="/people/"' in log_in(make_user("Marta", Role.ADMINISTRATOR)).get("/search").text


def test_style_and_script_stay_within_their_budget(client: FlaskClient, app: Flask) -> None:
    asset: Callable[[str], str] = app.jinja_env.globals["asset"]  # type: ignore[assignment]
    sizes = {}
    for name in ("app.css", "app.js"):
        with client.get(asset(name)) as answer:
            sizes[name] = len(gzip.compress(answer.data))

    assert sizes["app.css"] < 14_000
    assert sizes["app.js"] < 5_000


def test_the_living_page_of_components(client: FlaskClient) -> None:
    page = client.get("/_components")

    assert page.status_code == 200
    assert len(gzip.compress(page.data)) < 15_000


def test_production_has_no_page_of_components(client: FlaskClient, app: Flask) -> None:
    config: Config = app.config["GUILDHALL"]
    app.config["GUILDHALL"] = replace(config, environment="production")
    try:
        assert client.get("/_components").status_code == 404
    finally:
        app.config["GUILDHALL"] = config


def test_notices_are_worded_when_they_are_read(app: Flask, log_in: Callable[[User], FlaskClient]) -> None:
    app.extensions["messages"]["sample seat"] = lambda params: messages.Message(params["title"], "", "/training/")
    yue = make_user("Lin Yue")
    with transaction() as session:
        session.add(
            Notice(user_id=yue.id, kind="sample seat", params={"title": "A seat"}, created_at=datetime.now(UTC))
        )
    browser = log_in(yue)
    try:
        page = browser.get("/notices").text
        assert '<button class="notice-link" type="submit">A seat</button>' in page
        assert "Mark all as read" in page
        browser.post("/notices/read")
        page = browser.get("/notices").text
        assert "Mark all as read" not in page
        assert '<a href="/training/">A seat</a>' in page
    finally:
        del app.extensions["messages"]["sample seat"]
