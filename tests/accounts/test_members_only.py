"""VISITORS=none: nothing of the site is read without an account; the same pages are open with VISITORS=read."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.accounts.models import User
from app.web.access import access_of
from tests.factories.people import make_user


def addresses(app: Flask, *marks: str) -> dict[str, str]:
    """An address for every page to GET with one of these marks, by endpoint and rule."""
    return {
        f"{rule.endpoint} {rule.rule}": _fill(app, rule)
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and access_of(app, rule.endpoint).name in marks
    }


def _fill(app: Flask, rule: Rule) -> str:
    built = rule.build(dict.fromkeys(rule.arguments, "1"))
    assert built is not None
    return str(built[1])


@pytest.fixture
def members_only(configure: Callable[..., None]) -> None:
    configure(visitors="none")


# Who asks for JSON is told so, and not sent to a page with a form.
FOR_PROGRAMS = ("search.results ", "search.completions ", "completing.complete ")


@pytest.mark.usefixtures("members_only")
def test_every_page_asks_to_log_in(app: Flask) -> None:
    pages = addresses(app, "readers", "member", "requires")
    assert {"home.index /", "search.index /search", "practices.show /practices/<slug>"} <= pages.keys()

    open_pages = {}
    for name, address in pages.items():
        answer = app.test_client().get(address)
        if answer.status_code == 401 and name.startswith(FOR_PROGRAMS):
            continue
        if answer.status_code != 303 or not str(answer.location).startswith("/login?next="):
            open_pages[name] = answer.status

    assert open_pages == {}


@pytest.mark.usefixtures("members_only")
@pytest.mark.parametrize("path", ["/practices/trunk.md", "/search?q=trunk", "/training/trunk.ics", "/"])
def test_sources_search_and_calendars_obey(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 303
    assert answer.location.startswith("/login?next=")


@pytest.mark.usefixtures("members_only")
def test_a_program_is_told(app: Flask) -> None:
    for address in addresses(app, "readers").values():
        answer = app.test_client().get(address, headers={"Accept": "application/json"})
        assert (answer.status_code, answer.is_json) == (401, True), address


@pytest.mark.usefixtures("members_only")
def test_a_page_stored_for_visitors_is_not_shown_any_more(client: FlaskClient, configure: Callable[..., None]) -> None:
    configure(visitors="read")
    assert client.get("/coaches/").status_code == 200
    configure(visitors="none")

    assert client.get("/coaches/").status_code == 303


@pytest.mark.usefixtures("members_only")
@pytest.mark.parametrize("path", ["/login", "/join", "/password/forgotten", "/healthz", "/favicon.ico"])
def test_the_way_in_stays_open(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code in {200, 302}


@pytest.mark.usefixtures("members_only")
def test_members_read(log_in: Callable[[User], FlaskClient]) -> None:
    browser = log_in(make_user())

    assert [browser.get(path).status_code for path in ("/", "/practices/", "/coaches/", "/training/")] == [200] * 4


def test_with_open_doors_visitors_read(client: FlaskClient) -> None:
    assert [client.get(path).status_code for path in ("/", "/practices/", "/coaches/", "/training/")] == [200] * 4
