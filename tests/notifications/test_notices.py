"""What a person is told in the application."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.jobs.messages import Message
from app.jobs.models import Mail
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.notifications.models import Notice
from app.notifications.queries import count_unread
from app.notifications.rules import Topic
from app.notifications.service import mark_all_read, notify
from app.web.i18n import language
from tests.factories.people import make_user


@pytest.fixture(autouse=True)
def kinds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def word(params: Mapping[str, Any]) -> Message:
        return Message(f"{language()}: {params['title']}", "", url_for("home.index", _external=True))

    monkeypatch.setitem(app.extensions["messages"], "test", word)


@pytest.fixture
def yue(app: Flask) -> User:
    return make_user("Lin Yue", email="yue@example.com")


@pytest.fixture
def browser(yue: User, log_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return log_in(yue)


def tell(person: User, title: str, kind: str = "test") -> None:
    with transaction() as session:
        notify(session, person, kind, {"title": title}, now=utc_now())


def titles(page: str) -> list[str]:
    return re.findall(r"(?:en|zh): ([\w ]+)", page)


def test_a_person_is_told_in_the_application_and_by_mail(yue: User) -> None:
    tell(yue, "Your seat")

    (notice,) = db.session.scalars(select(Notice))
    (mail,) = db.session.scalars(select(Mail))
    assert (notice.user_id, notice.kind, notice.params) == (yue.id, "test", {"title": "Your seat"})
    assert (mail.to, mail.kind, mail.params) == ("yue@example.com", "test", {"title": "Your seat"})


def test_notices_stand_newest_first_and_the_head_counts_them(
    clock: time_machine.Traveller, browser: FlaskClient, yue: User
) -> None:
    assert "Nothing new" in browser.get("/notices").text
    for title in ("First", "Second"):
        tell(yue, title)
        clock.shift(timedelta(hours=1))

    page = browser.get("/notices").text

    assert titles(page) == ["Second", "First"]
    assert page.count("data-unread") == 2
    assert "2 unread notices" in browser.get("/").text
    assert re.findall(r'action="(/notices/\d+/read)"', page) == ["/notices/2/read", "/notices/1/read"]


def test_a_notice_is_worded_when_it_is_read(browser: FlaskClient, yue: User) -> None:
    tell(yue, "Your seat")
    assert "en: Your seat" in browser.get("/notices").text

    with transaction():
        yue.language = "zh"

    assert "zh: Your seat" in browser.get("/notices").text


def test_reading_them_all(browser: FlaskClient, yue: User) -> None:
    tell(yue, "First")
    tell(yue, "Second")

    answer = browser.post("/notices/read")

    assert (answer.status_code, answer.location) == (303, "/notices")
    page = browser.get("/notices").text
    assert titles(page) == ["Second", "First"]
    assert "data-unread" not in page
    assert "unread" not in browser.get("/").text
    assert count_unread(yue.id) == 0


def test_to_follow_a_notice_is_to_read_it(browser: FlaskClient, yue: User) -> None:
    tell(yue, "First")
    tell(yue, "Second")

    answer = browser.post("/notices/1/read")

    assert (answer.status_code, answer.location) == (303, "http://localhost/")
    page = browser.get("/notices").text
    assert (page.count("data-unread"), count_unread(yue.id)) == (1, 1)
    assert '<a href="http://localhost/">en: First</a>' in page


def test_nobody_follows_the_notice_of_another(browser: FlaskClient, yue: User) -> None:
    tell(make_user("Chen Xiao"), "For Chen")

    assert browser.post("/notices/1/read").status_code == 404
    assert browser.post("/notices/2/read").status_code == 404
    assert db.session.scalars(select(Notice.read_at)).all() == [None]


def test_notices_stand_under_their_days_and_can_be_filtered_by_topic(
    app: Flask, clock: time_machine.Traveller, browser: FlaskClient, yue: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(yue, "First")
    clock.shift(timedelta(days=1))
    monkeypatch.setitem(app.extensions["topics"], "test", Topic.MENTIONS)
    tell(yue, "Second")

    page = browser.get("/notices").text
    assert re.findall(r'<h2 id="day-\d">([^<]+)</h2>', page) == ["Today", "Yesterday"]
    assert titles(browser.get("/notices?topic=mentions").text) == ["Second"]
    assert titles(browser.get("/notices?topic=nonsense").text) == ["Second", "First"]


def test_looking_at_them_is_not_reading_them(browser: FlaskClient, yue: User) -> None:
    tell(yue, "First")

    browser.get("/notices")

    assert count_unread(yue.id) == 1


def test_the_time_of_reading_stays(yue: User, clock: time_machine.Traveller) -> None:
    tell(yue, "First")
    read_at = utc_now()
    with transaction() as session:
        mark_all_read(session, yue.id, now=read_at)
    clock.shift(timedelta(days=1))

    with transaction() as session:
        mark_all_read(session, yue.id, now=utc_now())

    assert db.session.scalars(select(Notice.read_at)).one() == read_at


def test_nobody_sees_or_reads_what_others_are_told(
    browser: FlaskClient, yue: User, log_in: Callable[[User], FlaskClient]
) -> None:
    tell(yue, "For Yue")
    chen = log_in(make_user("Chen Xiao"))

    assert titles(chen.get("/notices").text) == []
    chen.post("/notices/read")

    assert count_unread(yue.id) == 1


def test_a_kind_that_is_no_longer_known_does_not_hide_the_others(browser: FlaskClient, yue: User) -> None:
    tell(yue, "First")
    tell(yue, "Second", kind="of an older version")
    with transaction() as session:
        notify(session, yue, "test", {"a parameter of an older version": 1}, now=utc_now())

    page = browser.get("/notices").text

    assert titles(page) == ["First"]
    assert page.count("that this version can no longer show") == 2


def test_many_notices_come_in_pages_with_the_same_queries(
    browser: FlaskClient, yue: User, count_queries: list[str]
) -> None:
    tell(yue, "Number")
    browser.get("/notices")
    count_queries.clear()
    browser.get("/notices")
    few = len(count_queries)
    for number in range(30):
        tell(yue, f"Number {number}")

    count_queries.clear()
    page = browser.get("/notices").text

    assert len(count_queries) == few
    assert len(titles(page)) == 24
    assert len(titles(browser.get("/notices?page=2").text)) == 7


def test_visitors_are_told_nothing(client: FlaskClient) -> None:
    assert client.get("/notices").status_code == 303
    assert client.post("/notices/read").status_code == 303


def test_what_was_rolled_back_was_never_told(yue: User) -> None:
    def tell_and_fail() -> None:
        with transaction() as session:
            notify(session, yue, "test", {"title": "Never"}, now=utc_now())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        tell_and_fail()

    assert count_unread(yue.id) == 0
    assert db.session.scalars(select(Mail)).all() == []
