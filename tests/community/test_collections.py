"""Collections: whose they are, who finds them, and what their readers tick."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.community.shelves import service
from app.community.shelves.models import Collection, CollectionEntry
from app.community.shelves.policy import can_delete, can_edit, can_see
from app.community.shelves.queries import visible_to
from app.community.shelves.rules import MAX_COLLECTIONS, MAX_ENTRIES, Sight
from app.community.subjects import Ref, get_subject
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, ForbiddenError
from app.search.outbox import rebuild
from tests.community.people import House
from tests.factories.people import make_user
from tests.factories.practices import make_practice

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
LogIn = Callable[[User], FlaskClient]


def make_collection(
    owner: User,
    *slugs: str,
    title: str = "First weeks",
    sight: Sight = Sight.LISTED,
    team_id: int | None = None,
    about: str = "What to read first.",
) -> Collection:
    """A collection of these practices."""
    owner_id = owner.id
    details = service.Details(title=title, about=about, language="en", sight=sight, team_id=team_id)
    with transaction() as session:
        actor = session.get_one(User, owner_id)
        collection = service.create(session, details, actor=actor, now=NOW)
        collection.entries = [
            CollectionEntry(kind="practice", slug=slug, title=f"About {slug}", position=number)
            for number, slug in enumerate(slugs)
        ]
    return collection


def entries(collection: Collection) -> list[str]:
    db.session.expire_all()
    return [entry.slug for entry in collection.entries]


def test_who_may_do_what(house: House) -> None:
    people = (house.owner, house.colleague, house.outsider, house.editor)
    for sight in Sight:
        collection = make_collection(house.owner, sight=sight, team_id=house.team.id, title=sight)
        listed = sight is Sight.LISTED
        assert [can_see(user, collection) for user in people] == [True, True, listed, listed]
        assert can_see(None, collection) is listed
        assert can_see(None, collection, collection.key) is (sight is not Sight.PRIVATE)
        assert can_see(None, collection, "guess") is listed
        assert [can_edit(user, collection) for user in people] == [True, True, False, False]
        assert [can_delete(user, collection) for user in people] == [True, False, False, False]
    for user in (*people, None):
        rows = db.session.execute(select(Collection)).scalars().all()
        visible = set(db.session.execute(visible_to(user)).scalars())
        assert visible == {row for row in rows if can_see(user, row)}


def test_a_private_collection_is_in_no_list_no_count_and_no_search(
    house: House, log_in: LogIn, client: FlaskClient
) -> None:
    private = make_collection(house.owner, "short-branches", title="Zebrafish private", sight=Sight.PRIVATE)
    shared = make_collection(house.owner, "short-branches", title="Zebrafish shared", sight=Sight.LINK)
    rebuild()
    for browser in (client, log_in(house.outsider), log_in(house.editor)):
        for address in ("/collections/", "/search?q=zebrafish", "/practices/short-branches", "/shelf"):
            answer = browser.get(address)
            assert "Zebrafish" not in answer.text
        assert "Zebrafish" not in browser.get("/search/suggest?q=zebraf").text
        assert browser.get(f"/collections/{private.slug}").status_code == 404
        assert browser.get(f"/collections/{private.slug}?key={private.key}").status_code == 404
        assert browser.get(f"/collections/{shared.slug}").status_code == 404
        assert browser.get(f"/collections/{shared.slug}?key=guess").status_code == 404
        assert "Zebrafish shared" in browser.get(f"/collections/{shared.slug}?key={shared.key}").text
    outsider = log_in(house.outsider)
    assert outsider.post(f"/collections/{private.slug}/copy").status_code == 404
    assert outsider.get(f"/collections/{private.slug}/edit").status_code == 404
    assert outsider.post(f"/collections/{private.slug}/delete").status_code == 404
    owner = log_in(house.owner)
    assert "Zebrafish private" in owner.get(f"/collections/{private.slug}").text
    assert f"key={shared.key}" in owner.get(f"/collections/{shared.slug}").text


def test_a_listed_collection_is_found_until_it_is_private_again(
    house: House, log_in: LogIn, client: FlaskClient
) -> None:
    collection = make_collection(house.owner, "short-branches", title="Zebrafish for all")
    rebuild()
    assert "Zebrafish for all" in client.get("/collections/").text
    assert f'href="/collections/{collection.slug}"' in client.get("/search?q=zebrafish").text
    data = {"title": "Zebrafish for all", "language": "en", "sight": "private", "team": ""}
    assert log_in(house.owner).post(f"/collections/{collection.slug}/edit", data=data).status_code == 303
    assert "Zebrafish for all" not in client.get("/collections/").text
    assert "Zebrafish for all" not in client.get("/search?q=zebrafish").text
    rebuild()
    assert f"/collections/{collection.slug}" not in client.get("/search?q=zebrafish").text


def test_entries_are_ordered_annotated_and_taken_out(house: House, log_in: LogIn) -> None:
    for slug in ("b", "c"):
        make_practice(slug)
    collection = make_collection(house.owner, "short-branches", "b", "c")
    ids = {entry.slug: entry.id for entry in collection.entries}
    base, browser = f"/collections/{collection.slug}", log_in(house.owner)
    moved = browser.post(f"{base}/entries/{ids['c']}/place", data={"direction": "up"})
    assert moved.location == f"{base}/edit#entry-{ids['c']}"
    assert entries(collection) == ["short-branches", "c", "b"]
    browser.post(f"{base}/entries/{ids['short-branches']}/place", data={"direction": "up"})
    browser.post(f"{base}/entries/{ids['short-branches']}/place", data={"direction": "down"})
    browser.post(f"{base}/entries/{ids['b']}/place", data={"direction": "down"})
    assert entries(collection) == ["c", "short-branches", "b"]
    browser.post(f"{base}/entries/{ids['c']}/note", data={"note": "Begin here."})
    assert "Begin here." in browser.get(base).text
    assert browser.post(f"{base}/entries/{ids['c']}/note", data={"note": "x" * 301}).status_code == 422
    browser.post(f"{base}/entries/{ids['b']}/delete")
    browser.post(f"{base}/entries/{ids['b']}/delete")
    assert entries(collection) == ["c", "short-branches"]
    assert browser.post(f"{base}/entries/{ids['b']}/place", data={"direction": "up"}).status_code == 404


def test_whoever_only_reads_changes_nothing(house: House, log_in: LogIn, client: FlaskClient) -> None:
    collection = make_collection(house.owner, "short-branches")
    entry_id, base = collection.entries[0].id, f"/collections/{collection.slug}"
    browser = log_in(house.outsider)
    for address in (
        f"{base}/delete",
        f"{base}/entries/{entry_id}/delete",
        f"{base}/entries/{entry_id}/place",
        f"{base}/entries/{entry_id}/note",
        f"{base}/edit",
    ):
        assert browser.post(address, data={"note": "x", "title": "x"}).status_code == 403
        assert client.post(address).location.startswith("/login")
    assert entries(collection) == ["short-branches"]
    assert f"{base}/edit" not in browser.get(base).text


def test_a_team_edits_together_and_the_owner_says_which(house: House, log_in: LogIn) -> None:
    collection = make_collection(house.owner, team_id=house.team.id)
    base, colleague = f"/collections/{collection.slug}", log_in(house.colleague)
    data = {"title": "Second weeks", "language": "en", "sight": "listed", "team": str(house.team.id)}
    assert colleague.post(f"{base}/edit", data=data).status_code == 303
    assert colleague.post(f"{base}/edit", data={**data, "team": ""}).status_code == 403
    assert colleague.post(f"{base}/delete").status_code == 403
    with pytest.raises(ForbiddenError):
        make_collection(house.outsider, title="Not my team", team_id=house.team.id)
    db.session.expire_all()
    assert (collection.title, collection.team_id) == ("Second weeks", house.team.id)
    assert log_in(house.owner).post(f"{base}/delete").location == "/shelf"
    assert db.session.execute(select(CollectionEntry)).scalars().all() == []


def test_readers_tick_what_they_have_read(house: House, log_in: LogIn, client: FlaskClient) -> None:
    make_practice("b")
    collection = make_collection(house.owner, "short-branches", "b", "gone")
    base, browser = f"/collections/{collection.slug}", log_in(house.outsider)
    assert "You have read 0 of 2" in browser.get(base).text
    tick = "/shelf/read/practice/b"
    assert browser.post(tick, data={"back": base}).location == base
    browser.post(tick)
    assert "You have read 1 of 2" in browser.get(base).text
    assert "You have read 0 of 2" in log_in(house.colleague).get(base).text
    page = client.get(base).text
    assert ("You have read" in page, "Mark as read" in page) == (False, False)
    browser.post(f"{tick}/delete")
    assert "You have read 0 of 2" in browser.get(base).text


def test_what_is_gone_is_named_and_said_to_be_gone(house: House, client: FlaskClient) -> None:
    collection = make_collection(house.owner, "gone", "short-branches")
    page = client.get(f"/collections/{collection.slug}").text
    assert re.findall(r'collection-title"[^>]*>(?:<a [^>]*>)?([^<]+)<', page) == ["About gone", "About short-branches"]
    assert "This is gone, or not yours to see." in page


def test_entries_are_shown_in_the_readers_language(house: House, client: FlaskClient) -> None:
    make_practice("short-branches", language="zh", title="短分支")
    collection = make_collection(house.owner, "short-branches")
    page = client.get(f"/collections/{collection.slug}", headers={"Accept-Language": "zh"}).text
    assert "短分支" in page


def test_a_copy_is_ones_own(house: House, log_in: LogIn) -> None:
    original = make_collection(house.owner, "short-branches", "gone", sight=Sight.LINK)
    browser = log_in(house.outsider)
    assert browser.post(f"/collections/{original.slug}/copy").status_code == 404
    answer = browser.post(f"/collections/{original.slug}/copy", data={"key": original.key})
    copy = db.session.execute(select(Collection).where(Collection.owner_id == house.outsider.id)).scalar_one()
    assert answer.location == f"/collections/{copy.slug}/edit"
    assert (copy.sight, [entry.slug for entry in copy.entries]) == ("private", ["short-branches", "gone"])
    assert copy.key != original.key
    browser.post(f"/collections/{original.slug}/copy", data={"key": original.key})
    assert len(db.session.execute(select(Collection)).scalars().all()) == 2


def test_there_is_an_end_to_entries_and_collections(house: House, clock: time_machine.Coordinates, app: Flask) -> None:
    collection = make_collection(house.owner, *(f"practice-{number}" for number in range(MAX_ENTRIES)))
    slug = collection.slug
    with app.test_request_context():
        subject = get_subject(Ref("practice", "short-branches"), None, "en")
    with pytest.raises(ConflictError), transaction() as session:
        service.add(session, slug, subject, actor=house.owner, now=NOW)
    for number in range(MAX_COLLECTIONS - 1):
        make_collection(house.owner, title=f"Number {number}")
    with pytest.raises(ConflictError):
        make_collection(house.owner, title="One too many")


def test_new_ones_are_begun_with_a_form_that_comes_back(house: House, log_in: LogIn) -> None:
    browser = log_in(house.owner)
    assert browser.get("/collections/new").status_code == 200
    bad = browser.post("/collections/new", data={"title": "", "about": "kept", "language": "en", "sight": "private"})
    assert (bad.status_code, "kept</textarea>" in bad.text) == (422, True)
    good = {"title": "Mine", "language": "en", "sight": "listed", "team": str(house.team.id)}
    assert browser.post("/collections/new", data=good).status_code == 303
    collection = db.session.execute(select(Collection)).scalar_one()
    assert (collection.title, collection.sight, collection.team_id) == ("Mine", "listed", house.team.id)


def test_a_collection_of_many_asks_as_often_as_one_of_few(
    house: House, log_in: LogIn, count_queries: list[str]
) -> None:
    for number in range(12):
        make_practice(f"practice-{number}")
    few = make_collection(house.owner, "practice-0", "practice-1").slug
    many = make_collection(house.owner, *(f"practice-{number}" for number in range(12)), title="Many").slug
    browser = log_in(make_user("Rita Reader"))

    def queries(slug: str) -> int:
        count_queries.clear()
        assert browser.get(f"/collections/{slug}").status_code == 200
        return len(count_queries)

    assert queries(few) == queries(many)
