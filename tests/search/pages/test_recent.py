"""Recent searches on the server: only of those who want it, only their own, and gone when they say so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select

from app.accounts.models import User
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.search.outbox import drain
from app.search.pages import recent
from app.search.pages.models import RecentSearch, RecentSearchKeeper
from tests.factories.people import make_user
from tests.factories.practices import make_practice

LogIn = Callable[[User], FlaskClient]
RECENT = "/search/recent"


def note(user: User, *texts: str) -> None:
    for text in texts:
        with transaction() as session:
            recent.note_search(session, user.id, text, now=utc_now())


def keep(user: User, *, wanted: bool = True) -> None:
    with transaction() as session:
        recent.keep_searches(session, user.id, keep=wanted)


def rows() -> int:
    return db.session.execute(select(func.count()).select_from(RecentSearch)).scalar_one()


@pytest.mark.both_databases
def test_nothing_is_kept_of_those_who_have_not_asked_for_it(app: Flask) -> None:
    user = make_user()
    note(user, "canary")
    assert rows() == 0


@pytest.mark.both_databases
def test_the_last_twenty_are_kept_each_once(app: Flask) -> None:
    user, other = make_user(), make_user("Other")
    keep(user)
    keep(other)
    note(other, "secret of the other")
    note(user, *(f"query {number}" for number in range(25)), " query   10 ", "  ", "x" * 999)
    kept = recent.list_recent(user.id, 100)
    assert kept == ["x" * 256, "query 10", *(f"query {number}" for number in range(24, 5, -1) if number != 10)]
    assert len(recent.list_recent(user.id)) == 8
    assert recent.list_recent(other.id) == ["secret of the other"]


@pytest.mark.both_databases
def test_to_stop_is_to_forget(app: Flask) -> None:
    user = make_user()
    keep(user)
    keep(user)
    note(user, "canary")
    keep(user, wanted=False)
    note(user, "pipeline")
    assert (rows(), recent.keeps_searches(user.id)) == (0, False)


@pytest.mark.both_databases
def test_they_go_with_the_person(app: Flask) -> None:
    user = make_user()
    keep(user)
    note(user, "canary")
    with transaction() as session:
        session.execute(delete(User).where(User.id == user.id))
    assert (rows(), db.session.execute(select(RecentSearchKeeper)).all()) == (0, [])


def test_a_person_switches_it_on_uses_it_and_switches_it_off(app: Flask, log_in: LogIn) -> None:
    make_practice("canary", title="Canary release")
    drain()
    user = make_user()
    browser = log_in(user)
    assert "data-keep" not in browser.get("/search?q=canary").get_data(as_text=True)
    answer = browser.post(RECENT, data={"keep": "yes"})
    assert (answer.status_code, answer.location) == (303, "/search")
    page = browser.get("/search?q=canary").get_data(as_text=True)
    assert "data-keep" in page
    assert rows() == 0, "to read a page writes nothing"
    assert browser.post(f"{RECENT}/note", data={"text": "canary <b>\x00"}).status_code == 303
    assert "canary &lt;b&gt;</a>" in browser.get("/search").get_data(as_text=True)
    assert browser.get("/search/suggest?q=").get_json()["recent"] == ["canary <b>"]
    assert browser.post(f"{RECENT}/delete").status_code == 303
    assert browser.get("/search/suggest?q=").get_json()["recent"] == []
    browser.post(f"{RECENT}/note", data={"text": "again"})
    browser.post(RECENT, data={"keep": "no"})
    assert (rows(), recent.keeps_searches(user.id)) == (0, False)


def test_nobody_sees_what_another_searched_for(app: Flask, client: FlaskClient, log_in: LogIn) -> None:
    user = make_user()
    keep(user)
    note(user, "redundancies")
    for browser in (log_in(make_user("Other")), client):
        assert "redundancies" not in browser.get("/search").get_data(as_text=True)
        assert "redundancies" not in browser.get("/search/suggest?q=").get_data(as_text=True)


@pytest.mark.parametrize("path", [RECENT, f"{RECENT}/note", f"{RECENT}/delete"])
def test_a_visitor_keeps_nothing(client: FlaskClient, path: str) -> None:
    answer = client.post(path, data={"keep": "yes", "text": "canary"})
    assert (answer.status_code, answer.location.startswith("/login")) == (303, True)
