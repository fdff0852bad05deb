"""The own shelf: what is kept and ticked is nobody else's to see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.community.shelves import service
from app.community.shelves.models import Bookmark, Collection, ReadTick
from app.community.shelves.rules import MAX_BOOKMARKS
from app.community.subjects import Ref
from app.kernel.db import current_revision, db, transaction
from app.kernel.errors import ConflictError
from tests.community.people import House
from tests.factories.people import make_user
from tests.factories.practices import make_practice

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
PAGE = "/practices/short-branches"
KEEP = "/shelf/bookmarks/practice/short-branches"
LogIn = Callable[[User], FlaskClient]


def count(row: type[Bookmark | ReadTick | Collection]) -> int:
    return db.session.execute(select(func.count()).select_from(row)).scalar_one()


def test_one_click_keeps_and_the_button_says_so(house: House, log_in: LogIn, client: FlaskClient) -> None:
    browser = log_in(house.outsider)
    assert 'aria-pressed="false"' in browser.get(PAGE).text
    assert browser.post(KEEP, data={"back": PAGE}).location == PAGE
    assert browser.post(KEEP, data={"back": "https://evil.example"}).location == PAGE
    assert count(Bookmark) == 1
    assert "On my shelf" in browser.get(PAGE).text
    assert "About short-branches" in browser.get("/shelf").text
    for other in (log_in(house.colleague), client):
        assert "On my shelf" not in other.get(PAGE).text
    assert "About short-branches" not in log_in(house.colleague).get("/shelf").text
    assert browser.post(f"{KEEP}/delete", data={"back": "/shelf"}).location == "/shelf"
    assert browser.post(f"{KEEP}/delete").status_code == 303
    assert "Your shelf is empty" in browser.get("/shelf").text
    assert client.get("/shelf").status_code == 303


def test_what_is_gone_is_said_to_be_gone_and_can_be_let_go(house: House, log_in: LogIn) -> None:
    browser = log_in(house.outsider)
    browser.post(KEEP)
    with transaction() as session:
        session.delete(session.merge(house.practice))
    page = browser.get("/shelf").text
    assert "This is gone." in page
    assert f'action="{KEEP}/delete"' in page
    assert browser.post(f"{KEEP}/delete").status_code == 303
    assert count(Bookmark) == 0


def test_what_is_not_there_cannot_be_kept(house: House, log_in: LogIn) -> None:
    assert log_in(house.outsider).post("/shelf/bookmarks/practice/none").status_code == 404
    assert log_in(house.outsider).post("/shelf/read/weather/rain").status_code == 404


def test_the_shelf_has_an_end(house: House) -> None:
    with transaction() as session:
        session.add_all(
            Bookmark(user_id=house.outsider.id, kind="tag", slug=f"tag-{number}", at=NOW)
            for number in range(MAX_BOOKMARKS)
        )
    with pytest.raises(ConflictError), transaction() as session:
        service.keep(session, Ref("practice", "short-branches"), actor=house.outsider, now=NOW)


def test_keeping_leaves_the_pages_of_everybody_as_they_are(house: House, log_in: LogIn) -> None:
    browser, before = log_in(house.outsider), current_revision()
    browser.post(KEEP)
    browser.post("/shelf/read/practice/short-branches")
    db.session.rollback()
    assert current_revision() == before


def test_a_shelf_of_many_asks_as_often_as_one_of_few(house: House, log_in: LogIn, count_queries: list[str]) -> None:
    browser = log_in(house.outsider)

    def queries() -> int:
        count_queries.clear()
        assert browser.get("/shelf").status_code == 200
        return len(count_queries)

    browser.post(KEEP)
    few = queries()
    for number in range(10):
        make_practice(f"practice-{number}")
        browser.post(f"/shelf/bookmarks/practice/practice-{number}")
    assert queries() == few


def test_from_the_article_into_a_new_collection_and_into_the_same_again(house: House, log_in: LogIn) -> None:
    browser = log_in(house.outsider)
    address = "/shelf/collect/practice/short-branches"
    assert f'href="{address}"' in browser.get(PAGE).text
    assert browser.post(address, data={"title": " "}).status_code == 422
    assert browser.post(address, data={"title": "x" * 121}).status_code == 422
    assert browser.post(address, data={"title": "First weeks"}).location == PAGE
    # Pressed twice: one collection, one entry.
    assert browser.post(address, data={"title": "First weeks"}).location == PAGE
    collection = db.session.execute(select(Collection)).scalar_one()
    assert [(entry.ref, entry.title) for entry in collection.entries] == [
        (Ref("practice", "short-branches"), "About short-branches")
    ]
    assert collection.sight == "private"
    assert "It is in there" in browser.get(address).text
    make_practice("more")
    assert browser.post("/shelf/collect/practice/more", data={"collection": collection.slug}).status_code == 303
    other = log_in(house.colleague)
    assert other.post("/shelf/collect/practice/more", data={"collection": collection.slug}).status_code == 404
    db.session.expire_all()
    assert [entry.slug for entry in collection.entries] == ["short-branches", "more"]


@pytest.mark.both_databases
def test_the_database_allows_one_bookmark_and_one_tick(app: Flask) -> None:
    user_id = make_user("Uma").id
    for row in (Bookmark, ReadTick):
        with transaction() as session:
            session.add(row(user_id=user_id, kind="practice", slug="a", at=NOW))
        db.session.expunge_all()
        with pytest.raises(IntegrityError), transaction() as session:
            session.add(row(user_id=user_id, kind="practice", slug="a", at=NOW))
