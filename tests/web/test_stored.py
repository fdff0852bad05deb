"""Pages kept for visitors: never stale, never somebody's own, and not sent twice."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_login import encode_cookie
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.notifications.service import notify
from app.web.stored import SECONDS, Store, stored
from tests.factories.people import make_user

PAGE = "/coaches/"
BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd", "Accept-Language": "en"}


@pytest.fixture
def get(app: Flask) -> Callable[..., TestResponse]:
    """A page as a visitor's fresh browser gets it."""
    return lambda path=PAGE, **headers: app.test_client(use_cookies=False).get(path, headers={**BROWSER, **headers})


def queries_of(count_queries: list[str], ask: Callable[[], TestResponse]) -> int:
    count_queries.clear()
    assert ask().status_code in {200, 304}
    return sum(statement.startswith("SELECT") for statement in count_queries)


def test_the_second_visitor_costs_one_query(get: Callable[..., TestResponse], count_queries: list[str]) -> None:
    make_user()
    first = get()

    assert queries_of(count_queries, get) == 1
    assert get().data == first.data


def test_a_change_shows_at_once(get: Callable[..., TestResponse], count_queries: list[str]) -> None:
    make_user()
    get()
    few = queries_of(count_queries, get)

    make_user()

    assert queries_of(count_queries, get) > few
    assert queries_of(count_queries, get) == few


def test_what_no_page_shows_leaves_pages_valid(get: Callable[..., TestResponse], count_queries: list[str]) -> None:
    yue = make_user()
    get()

    with transaction() as session:
        notify(session, yue, "test", {}, now=utc_now())

    assert queries_of(count_queries, get) == 1


def test_what_was_rolled_back_leaves_pages_valid(get: Callable[..., TestResponse], count_queries: list[str]) -> None:
    yue = make_user()
    get()

    def change_and_fail() -> None:
        with transaction() as session:
            yue.name = "Changed"
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()

    assert queries_of(count_queries, get) == 1


def test_a_page_is_made_anew_after_a_minute(
    get: Callable[..., TestResponse], count_queries: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user()
    get()
    later = time.monotonic() + SECONDS + 1
    monkeypatch.setattr("app.web.stored.time.monotonic", lambda: later)

    assert queries_of(count_queries, get) > 1


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
def test_an_unchanged_page_answers_304(get: Callable[..., TestResponse], encoding: str) -> None:
    headers = {"Accept-Encoding": encoding}
    first = get(**headers)

    again = get(**headers, **{"If-None-Match": first.headers["ETag"]})

    assert first.status_code == 200
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_a_changed_page_does_not(get: Callable[..., TestResponse]) -> None:
    first = get()

    other = get(PAGE, **{"If-None-Match": first.headers["ETag"], "Accept-Language": "zh"})

    assert other.status_code == 200
    assert other.headers["ETag"] != first.headers["ETag"]


def test_an_unchanged_page_of_a_member_answers_304(log_in: Callable[[User], FlaskClient]) -> None:
    browser = log_in(make_user("Lin Yue"))
    browser.get(PAGE)
    first = browser.get(PAGE)

    again = browser.get(PAGE, headers={"If-None-Match": first.headers["ETag"]})

    assert "Lin Yue" in first.text
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/", PAGE, "/practices/", "/training/", "/case-studies/"])
def test_pages_ask_again_each_time_and_vary_by_reader(get: Callable[..., TestResponse], path: str) -> None:
    for answer in (get(path), get(path)):
        assert answer.headers["Cache-Control"] == "private, no-cache"
        varies = {name.strip().lower() for name in answer.headers["Vary"].split(",")}
        assert {"cookie", "accept-language", "accept-encoding"} <= varies
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/", PAGE, "/practices/", "/training/", "/case-studies/"])
def test_nothing_of_a_member_is_shown_to_visitors(
    get: Callable[..., TestResponse], log_in: Callable[[User], FlaskClient], path: str
) -> None:
    browser = log_in(make_user("Lin Yue", email="yue@example.com"))
    assert "yue@example.com" in browser.get(path, headers=BROWSER | {"Accept-Encoding": "identity"}).text

    page = get(path, **{"Accept-Encoding": "identity"}).text

    for secret in ("Lin Yue", "yue@example.com", "csrf_token", "/logout"):
        assert secret not in page


@pytest.mark.parametrize("path", ["/", PAGE, "/practices/", "/training/", "/case-studies/", "/capabilities/"])
def test_members_do_not_see_each_others_pages(log_in: Callable[[User], FlaskClient], path: str) -> None:
    yue, chen = log_in(make_user("Lin Yue")), log_in(make_user("Chen Xiao"))

    for _ in range(2):
        pages = [browser.get(path, headers={"Accept-Language": "en"}).text for browser in (yue, chen)]
        assert [("Lin Yue" in page, "Chen Xiao" in page) for page in pages] == [(True, False), (False, True)]
        tokens = [set(re.findall(r'name="csrf_token" value="([^"]+)"', page)) for page in pages]
        assert [len(found) for found in tokens] == [1, 1]
        assert tokens[0] != tokens[1]


@pytest.mark.parametrize("name", ["<!--part person -->", "<!--part csrf -->", "<!--part nonsense x-->"])
def test_a_gap_in_a_name_is_text(log_in: Callable[[User], FlaskClient], name: str) -> None:
    page = log_in(make_user(name)).get(PAGE)

    assert page.status_code == 200
    assert name not in page.text
    assert "&lt;!--part" in page.text


def test_a_member_does_not_get_the_visitors_page(
    get: Callable[..., TestResponse], log_in: Callable[[User], FlaskClient]
) -> None:
    get(**{"Accept-Encoding": "identity"})

    assert "Lin Yue" in log_in(make_user("Lin Yue")).get(PAGE, headers={"Accept-Language": "en"}).text


def test_a_remembered_member_gets_the_own_page(app: Flask, get: Callable[..., TestResponse]) -> None:
    yue = make_user("Lin Yue")
    get()
    browser = app.test_client()
    with app.test_request_context():
        browser.set_cookie(app.config["REMEMBER_COOKIE_NAME"], encode_cookie(yue.get_id()))

    assert "Lin Yue" in browser.get(PAGE, headers={"Accept-Language": "en"}).text
    assert "Lin Yue" not in get(**{"Accept-Encoding": "identity"}).text


def test_what_was_flashed_is_not_kept_for_others(app: Flask, get: Callable[..., TestResponse]) -> None:
    browser = app.test_client()
    browser.get("/profile")

    assert "Please log in first." in browser.get(PAGE, headers={"Accept-Language": "en"}).text
    assert "Please log in first." not in get(**{"Accept-Encoding": "identity"}).text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"Accept-Language": "en"}, {"Accept-Language": "zh-CN"}),
        ({"Cookie": "theme=light"}, {"Cookie": "theme=dark"}),
        ({"Cookie": "language=en"}, {"Cookie": "language=zh"}),
        ({"Accept-Encoding": "br"}, {"Accept-Encoding": "gzip"}),
        ({"Accept-Encoding": "gzip"}, {"Accept-Encoding": "identity"}),
    ],
)
def test_readers_who_differ_get_different_pages(
    get: Callable[..., TestResponse], one: dict[str, str], other: dict[str, str]
) -> None:
    assert get(**one).data != get(**other).data
    assert get(**one).data == get(**one).data


def test_an_encoding_that_is_refused_is_not_sent(get: Callable[..., TestResponse]) -> None:
    assert get(**{"Accept-Encoding": "br"}).headers["Content-Encoding"] == "br"

    assert get(**{"Accept-Encoding": "br;q=0, gzip"}).headers["Content-Encoding"] == "gzip"


def test_a_page_is_kept_for_its_address_only(get: Callable[..., TestResponse]) -> None:
    get("/coaches/?q=one")

    assert 'value="two"' in get("/coaches/?q=two", **{"Accept-Encoding": "identity"}).text


def test_head_is_told_what_get_would_be(app: Flask, get: Callable[..., TestResponse]) -> None:
    body = get()
    for _ in range(2):
        head = app.test_client().head(PAGE, headers=BROWSER)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["Content-Type"] == body.headers["Content-Type"]
    assert get().data == body.data


def test_what_is_not_found_is_not_kept(get: Callable[..., TestResponse]) -> None:
    assert get("/coaches/nobody").status_code == 404
    assert "ETag" not in get("/coaches/nobody").headers


def test_a_stored_piece_is_made_once_for_a_revision_and_language(app: Flask) -> None:
    made: list[str] = []

    def make() -> str:
        made.append("made")
        return f"piece {len(made)}"

    def ask(language: str) -> str:
        with app.app_context(), app.test_request_context(headers={"Accept-Language": language}):
            return stored("piece", make)

    assert [ask(language) for language in ("en", "en", "zh", "en", "zh")] == [
        f"piece {number}" for number in (1, 1, 2, 1, 2)
    ]
    make_user()
    assert [ask(language) for language in ("en", "zh", "en")] == ["piece 3", "piece 4", "piece 3"]


def test_the_store_forgets_the_least_used_first() -> None:
    store = Store(max_bytes=30)
    for name in ("a", "b", "c"):
        store.put(name, 1, 10, name)
    store.get("a", 1)

    store.put("d", 1, 10, "d")

    assert [store.get(name, 1) for name in ("a", "b", "c", "d")] == ["a", None, "c", "d"]


def test_the_store_replaces_and_bounds_by_size() -> None:
    store = Store(max_bytes=30)
    for revision in range(10):
        store.put("a", revision, 25, revision)
    assert (store.get("a", 9), store.get("a", 8)) == (9, None)

    store.put("huge", 9, 31, "huge")

    assert store.get("huge", 9) is None
    assert store.get("a", 9) is None


def test_the_revision_counts_what_pages_show(app: Flask) -> None:
    before = db.session.connection().exec_driver_sql("SELECT value FROM revision").scalar() or 0
    yue = make_user()
    with transaction() as session:
        notify(session, yue, "test", {}, now=utc_now())

    db.session.rollback()
    assert db.session.connection().exec_driver_sql("SELECT value FROM revision").scalar() == before + 1
