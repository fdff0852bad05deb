"""What is typed and not saved is kept for whoever typed it, and for nobody else; and who else is there is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.config import Config
from app.factory import create_app
from app.kernel.db import current_revision, db, transaction
from app.practices.content import blank
from app.practices.kind import PracticeKind
from app.web.security import limiter
from app.writing.authors import name_author
from app.writing.desk.jobs import tidy
from app.writing.desk.models import Begun, Presence, Unsaved
from app.writing.models import Manuscript
from app.writing.queries import content_of
from app.writing.service import begin
from tests.conftest import NOW
from tests.factories.people import make_team, make_user

LogIn = Callable[[User], FlaskClient]

KIND = PracticeKind()
KEY = "k" * 20
PATH = "/practices/on-branches/edit?lang=en"
CONTENT = {**blank(), "title": "On branches", "body": "Keep them short.\n\nMerge each day."}

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def author(app: Flask) -> User:
    return make_user("Ada Author")


@pytest.fixture
def other(app: Flask) -> User:
    return make_user("Otto Other")


@pytest.fixture
def manuscript(author: User, other: User) -> Manuscript:
    """A draft that both of them write."""
    with transaction() as session:
        made = begin(session, KIND, CONTENT, slug="on-branches", language="en", actor=author, now=NOW)
    with transaction() as session:
        name_author(session, made, other, actor=author, now=NOW)
    return made


def typed(manuscript: Manuscript | None = None, **changes: Any) -> dict[str, Any]:
    """What the page sends while somebody types."""
    return {
        "title": "On branches",
        "body": "Words that were not saved.",
        "base": "1",
        "desk-kind": "practice",
        "desk-address": PATH if manuscript else "/practices/new",
        "desk-manuscript": manuscript.id if manuscript else "",
        "desk-typed": "1",
        "csrf_token": "not kept",
        "action": "not kept",
        **({} if manuscript else {"key": KEY}),
        **changes,
    }


def unsaved() -> list[Unsaved]:
    return list(db.session.execute(select(Unsaved).order_by(Unsaved.id)).scalars())


def test_words_are_kept_and_it_says_when(log_in: LogIn, manuscript: Manuscript, author: User) -> None:
    before = current_revision()
    answer = log_in(author).post("/writing/autosave", data=typed(manuscript))
    (kept,) = unsaved()
    assert answer.json == {"id": kept.id, "kept": "Kept at 10:00", "others": [], "newer": ""}
    assert kept.typed == {"title": ["On branches"], "body": ["Words that were not saved."], "base": ["1"]}
    assert (kept.user_id, kept.manuscript_id, kept.address) == (author.id, manuscript.id, PATH)
    assert current_revision() == before


def test_the_last_words_take_the_place_of_those_before(
    log_in: LogIn, manuscript: Manuscript, author: User, clock: time_machine.Traveller
) -> None:
    browser = log_in(author)
    browser.post("/writing/autosave", data=typed(manuscript))
    clock.shift(60)
    browser.post("/writing/autosave", data=typed(manuscript, body="More words."))
    (kept,) = unsaved()
    assert (kept.typed["body"], kept.saved_at) == (["More words."], NOW + timedelta(seconds=60))


def test_unsaved_words_are_offered_and_taken_up(log_in: LogIn, manuscript: Manuscript, author: User) -> None:
    browser = log_in(author)
    browser.post("/writing/autosave", data=typed(manuscript))
    page = browser.get(PATH).text
    assert "You have unsaved words from Today, 10:00." in page
    assert "Words that were not saved." not in page
    page = browser.get(f"{PATH}&unsaved={unsaved()[0].id}").text
    assert "Words that were not saved." in page
    assert "Keep them short." not in page


def test_unsaved_words_are_thrown_away(log_in: LogIn, manuscript: Manuscript, author: User) -> None:
    browser = log_in(author)
    browser.post("/writing/autosave", data=typed(manuscript))
    answer = browser.post(f"/writing/unsaved/{unsaved()[0].id}/removal", data={"back": PATH})
    assert (answer.status_code, answer.headers["Location"]) == (303, PATH)
    assert unsaved() == []
    assert "unsaved words from" not in browser.get(PATH).text


def test_nobody_else_sees_or_removes_them(log_in: LogIn, manuscript: Manuscript, author: User, other: User) -> None:
    log_in(author).post("/writing/autosave", data=typed(manuscript))
    (kept,) = unsaved()
    for person in (other, make_user("Root", Role.ADMINISTRATOR), make_user("Edda", Role.EDITOR)):
        browser = log_in(person)
        assert "Words that were not saved." not in browser.get(f"{PATH}&unsaved={kept.id}").text
        browser.post(f"/writing/unsaved/{kept.id}/removal")
    assert unsaved() == [kept]


def test_saving_in_earnest_ends_it(log_in: LogIn, manuscript: Manuscript, author: User) -> None:
    browser = log_in(author)
    browser.post("/writing/autosave", data=typed(manuscript))
    assert browser.post(PATH, data={"title": "On branches", "body": "Saved.", "base": "1"}).status_code == 303
    assert (unsaved(), content_of(manuscript)["body"]) == ([], "Saved.")


def test_words_as_they_are_saved_are_not_offered(log_in: LogIn, manuscript: Manuscript, author: User) -> None:
    """A late message of the page, which came after the save."""
    browser = log_in(author)
    browser.post("/writing/autosave", data=typed(manuscript, body=CONTENT["body"]))
    assert "unsaved words" not in browser.get(PATH).text


def test_words_taken_up_after_others_have_saved_are_merged(
    log_in: LogIn, manuscript: Manuscript, author: User, other: User
) -> None:
    browser = log_in(author)
    body = "Keep them short.\n\nMerge each hour."
    browser.post("/writing/autosave", data=typed(manuscript, body=body))
    log_in(other).post(PATH, data={"title": "On branches", "body": "Keep them tiny.\n\nMerge each day.", "base": "1"})
    page = browser.get(f"{PATH}&unsaved={unsaved()[0].id}").text
    assert 'name="base" type="hidden" value="1"' in page
    browser.post(PATH, data={"title": "On branches", "body": body, "base": "1"})
    assert content_of(manuscript)["body"] == "Keep them tiny.\n\nMerge each hour."


def test_new_words_are_kept_under_the_key_of_their_form(log_in: LogIn, author: User) -> None:
    browser = log_in(author)
    browser.post("/writing/autosave", data=typed(title="A new one"))
    (kept,) = unsaved()
    page = browser.get("/practices/new").text
    assert "“A new one”" in page
    page = browser.get(f"/practices/new?unsaved={kept.id}").text
    assert "Words that were not saved." in page
    assert f'value="{KEY}"' in page
    browser.post("/practices/new", data={"title": "A new one", "body": "Saved.", "key": KEY, "language": "en"})
    assert unsaved() == []


def test_what_was_begun_is_listed_where_one_writes(log_in: LogIn, author: User) -> None:
    browser = log_in(author)
    browser.post("/writing/autosave", data=typed(title="A new one"))
    page = browser.get("/writing/").text
    assert "A new one" in page
    assert f"/practices/new?unsaved={unsaved()[0].id}" in page


def test_at_most_twenty_are_begun_at_a_time(log_in: LogIn, author: User, clock: time_machine.Traveller) -> None:
    browser = log_in(author)
    for number in range(22):
        clock.shift(1)
        browser.post("/writing/autosave", data=typed(key=f"{number:020}", title=f"Text {number}"))
    assert [kept.title for kept in unsaved()] == [f"Text {number}" for number in range(2, 22)]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"key": "short"}, 422),
        ({"key": ""}, 422),
        ({"desk-address": "https://elsewhere.example/"}, 422),
        ({"desk-address": "//elsewhere.example/"}, 422),
        ({"desk-address": ""}, 422),
        ({"desk-kind": "nonsense"}, 404),
        ({"desk-manuscript": "999"}, 404),
    ],
)
def test_nonsense_is_refused(log_in: LogIn, author: User, changes: dict[str, str], status: int) -> None:
    assert log_in(author).post("/writing/autosave", data={**typed(), **changes}).status_code == status
    assert unsaved() == []


def test_who_may_not_write_keeps_nothing(log_in: LogIn, manuscript: Manuscript, client: FlaskClient) -> None:
    assert log_in(make_user("Outsider")).post("/writing/autosave", data=typed(manuscript)).status_code == 404
    headers = {"Accept": "application/json"}
    assert client.post("/writing/autosave", data=typed(manuscript), headers=headers).status_code == 401
    assert unsaved() == []


def test_signs_that_no_database_takes_are_left_out(log_in: LogIn, manuscript: Manuscript, author: User) -> None:
    log_in(author).post("/writing/autosave", data=typed(manuscript, body="a\x00b", title="c\x00d"))
    assert (unsaved()[0].typed["body"], unsaved()[0].title) == (["ab"], "cd")


def test_too_much_to_be_kept_is_said(log_in: LogIn, manuscript: Manuscript, author: User) -> None:
    answer = log_in(author).post(
        "/writing/autosave", data=typed(manuscript, body="x" * 3_000_000), headers={"Accept": "application/json"}
    )
    assert answer.status_code == 413
    assert answer.json is not None
    assert answer.json["error"]


def test_who_else_is_there_is_said(
    log_in: LogIn, manuscript: Manuscript, author: User, other: User, clock: time_machine.Traveller
) -> None:
    log_in(author).post("/writing/autosave", data=typed(manuscript))
    clock.shift(30)
    answer = log_in(other).post("/writing/autosave", data=typed(manuscript))
    assert answer.json is not None
    assert answer.json["others"] == ["Ada Author is editing this, too (since 10:00)"]
    assert "Ada Author is editing this, too (since 10:00)" in log_in(other).get(PATH).text
    clock.shift(66)
    assert "Ada Author is editing" not in log_in(other).get(PATH).text


def test_whoever_closes_the_page_is_gone_at_once(
    log_in: LogIn, manuscript: Manuscript, author: User, other: User
) -> None:
    browser = log_in(author)
    browser.post("/writing/autosave", data=typed(manuscript))
    answer = browser.post("/writing/autosave", data=typed(manuscript, **{"desk-left": "1"}))
    assert (answer.status_code, answer.data) == (204, b"")
    assert "is editing" not in log_in(other).get(PATH).text
    assert len(unsaved()) == 1


def test_whoever_comes_back_has_come_anew(
    log_in: LogIn, manuscript: Manuscript, author: User, other: User, clock: time_machine.Traveller
) -> None:
    browser = log_in(author)
    browser.post("/writing/autosave", data=typed(manuscript))
    clock.shift(3600)
    browser.post("/writing/autosave", data=typed(manuscript))
    assert "(since 11:00)" in log_in(other).get(PATH).text


def test_what_was_saved_meanwhile_is_said(log_in: LogIn, manuscript: Manuscript, author: User, other: User) -> None:
    log_in(other).post(PATH, data={"title": "On branches", "body": "Otto's.", "base": "1"})
    answer = log_in(author).post("/writing/autosave", data=typed(manuscript))
    assert answer.json is not None
    assert answer.json["newer"].startswith("Otto Other has saved version 2 since you began.")


def test_what_nobody_came_back_for_goes_after_sixty_days(
    log_in: LogIn, manuscript: Manuscript, author: User, clock: time_machine.Traveller
) -> None:
    browser = log_in(author)
    browser.post("/practices/new", data={"title": "Another", "key": KEY, "language": "en"})
    browser.post("/writing/autosave", data=typed(manuscript))
    clock.shift(timedelta(days=59))
    tidy()
    assert [len(unsaved()), len(rows(Presence)), len(rows(Begun))] == [1, 0, 1]
    clock.shift(timedelta(days=2))
    tidy()
    assert [len(unsaved()), len(rows(Presence)), len(rows(Begun))] == [0, 0, 0]


def rows(model: type[Any]) -> list[Any]:
    return list(db.session.execute(select(model)).scalars())


@pytest.fixture
def braked(app: Flask, config: Config) -> Iterator[Flask]:
    """The same site with the brake on."""
    other = create_app(replace(config, testing=False))
    other.config["WTF_CSRF_ENABLED"] = False
    yield other
    limiter.enabled = False
    with other.app_context():
        db.engine.dispose()


def test_a_page_that_sends_without_end_is_slowed_down(braked: Flask, manuscript: Manuscript, author: User) -> None:
    data, browser = typed(manuscript), braked.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = author.get_id(), True
    statuses = [browser.post("/writing/autosave", data=data).status_code for _ in range(92)]
    assert statuses == [200] * 90 + [429] * 2


def test_only_ones_own_team_is_told(log_in: LogIn, author: User) -> None:
    """A team sees the drafts of its members' texts only where the text is the team's: words not saved are nobody's else."""
    make_team("Payments", author, colleague := make_user("Colleague"))
    log_in(author).post("/writing/autosave", data=typed(title="A new one"))
    assert "A new one" not in log_in(colleague).get("/writing/").text
