"""Articles are looked at again: who may say so, what the lists show, who is reminded, and what a file has to say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, ForbiddenError
from app.notifications.models import Notice
from app.practices.models import Practice
from app.practices.upkeep.jobs import nudge
from app.practices.upkeep.models import UpkeepCheck
from app.practices.upkeep.queries import count_views
from app.practices.upkeep.rules import View, next_date, usual_months
from app.practices.upkeep.service import confirm, give
from tests.factories.people import make_user
from tests.factories.practices import make_practice

pytestmark = pytest.mark.usefixtures("clock")
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
TODAY = NOW.date()
LogIn = Callable[[User], FlaskClient]


@pytest.fixture
def owner(app: Flask) -> User:
    return make_user("Owner")


@pytest.fixture
def editor(app: Flask) -> User:
    return make_user("Editor", Role.EDITOR)


def still_right(slug: str, actor: User, months: int = 6) -> None:
    with transaction() as session:
        confirm(session, slug, months=months, note="Links work.", actor=actor, today=TODAY, now=NOW)


def practice(slug: str, language: str = "en") -> Practice:
    db.session.rollback()
    return db.session.execute(select(Practice).filter_by(slug=slug, language=language)).scalar_one()


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 11, 16), 12, date(2027, 11, 16)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int, then: date) -> None:
    assert next_date(day, months) == then


@pytest.mark.parametrize(("days", "months"), [(None, 12), (90, 3), (170, 6), (366, 12), (800, 24), (10, 3)])
def test_the_choice_begins_with_what_it_was_given_the_last_time(days: int | None, months: int) -> None:
    by = TODAY + timedelta(days=days) if days is not None else None
    assert usual_months(TODAY, by) == months


def test_still_right_counts_for_every_language(owner: User) -> None:
    make_practice("short-branches", owner_id=owner.id, review_by=date(2026, 1, 1))
    make_practice("short-branches", language="zh", translation_of="en", review_by=date(2026, 1, 1))
    still_right("short-branches", owner)
    for language in ("en", "zh"):
        found = practice("short-branches", language)
        assert (found.reviewed_on, found.review_by) == (TODAY, date(2027, 5, 16))


def test_only_the_owner_and_editors_say_so(owner: User, editor: User) -> None:
    make_practice("short-branches", owner_id=owner.id)
    with pytest.raises(ForbiddenError):
        still_right("short-branches", make_user("Outsider"))
    still_right("short-branches", editor)
    assert db.session.execute(select(func.count()).select_from(UpkeepCheck)).scalar_one() == 1


def test_the_views_hold_what_they_say(owner: User) -> None:
    gone = make_user("Gone")
    with transaction() as session:
        session.get_one(User, gone.id).disabled_at = NOW
    make_practice("late", owner_id=owner.id, review_by=TODAY - timedelta(days=1))
    make_practice("today", owner_id=owner.id, review_by=TODAY)
    make_practice("soon", owner_id=gone.id, review_by=TODAY + timedelta(days=30))
    make_practice("far", owner_name="Somebody", review_by=TODAY + timedelta(days=31))
    make_practice("undated", owner_id=owner.id)
    everything = {View.OVERDUE: 1, View.DUE: 2, View.ORPHANED: 2, View.UNDATED: 1}
    assert count_views("en", today=TODAY) == everything
    assert count_views("zh", today=TODAY) == everything
    mine = {View.OVERDUE: 1, View.DUE: 1, View.ORPHANED: 0, View.UNDATED: 1}
    assert count_views("en", today=TODAY, owner_id=owner.id) == mine


def test_the_list_is_for_owners_theirs_and_for_editors_all(owner: User, editor: User, log_in: LogIn) -> None:
    make_practice("mine", title="Mine", owner_id=owner.id, review_by=TODAY - timedelta(days=1))
    make_practice("theirs", title="Theirs", review_by=TODAY - timedelta(days=1))
    page = log_in(owner).get("/practices/upkeep").text
    assert ("Mine" in page, "Theirs" in page) == (True, False)
    page = log_in(editor).get("/practices/upkeep").text
    assert ("Mine" in page, "Theirs" in page) == (True, True)
    assert "Nothing is overdue" in log_in(editor).get("/practices/upkeep?whose=mine").text


def test_the_list_asks_as_many_questions_for_thirty_as_for_one(
    owner: User, editor: User, log_in: LogIn, count_queries: list[str]
) -> None:
    make_practice("first", owner_id=owner.id, review_by=TODAY - timedelta(days=1))
    browser = log_in(editor)
    browser.get("/practices/upkeep")
    count_queries.clear()
    browser.get("/practices/upkeep")
    one = len(count_queries)
    for number in range(29):
        make_practice(f"more-{number}", owner_id=make_user(f"Owner {number}").id, review_by=TODAY - timedelta(days=1))
    count_queries.clear()
    browser.get("/practices/upkeep")
    assert len(count_queries) == one


def test_one_click_on_the_article_says_that_it_is_still_right(owner: User, log_in: LogIn, client: FlaskClient) -> None:
    make_practice("short-branches", owner_id=owner.id, review_by=TODAY - timedelta(days=1))
    assert "should have been looked at again" in client.get("/practices/short-branches").text
    browser = log_in(owner)
    assert "You look after this article" in browser.get("/practices/short-branches").text
    assert browser.post("/practices/short-branches/upkeep", data={"months": "12"}).status_code == 303
    assert "should have been looked at again" not in client.get("/practices/short-branches").text
    assert "You look after" not in client.get("/practices/short-branches").text


def test_strangers_are_told_that_they_may_not(log_in: LogIn, client: FlaskClient) -> None:
    make_practice("short-branches")
    stranger = log_in(make_user("Outsider"))
    assert stranger.get("/practices/short-branches/upkeep").status_code == 403
    assert stranger.post("/practices/upkeep/owner", data={}).status_code == 403
    assert stranger.get("/practices/nothing/upkeep").status_code == 404
    assert client.get("/practices/upkeep").status_code == 303


def test_an_editor_gives_several_articles_to_somebody(owner: User, editor: User, log_in: LogIn) -> None:
    for slug in ("one", "two", "three"):
        make_practice(slug, origin=f"import:tree:{slug}", owner_name="Nobody here")
    browser = log_in(editor)
    answer = browser.post("/practices/upkeep/owner", data={"slug": ["one", "two"], "owner": owner.email.upper()})
    assert answer.status_code == 303
    assert [practice(slug).owner_id for slug in ("one", "two", "three")] == [owner.id, owner.id, None]
    assert browser.post("/practices/upkeep/owner", data={"owner": owner.email}).status_code == 422
    answer = browser.post("/practices/upkeep/owner", data={"slug": "three", "owner": "nobody@example.com"})
    assert (answer.status_code, "Nobody has an account" in answer.text) == (422, True)


def test_the_owner_of_an_article_in_a_file_is_named_by_the_file(owner: User, editor: User) -> None:
    make_practice("short-branches")
    with pytest.raises(ConflictError), transaction() as session:
        give(session, ["short-branches"], owner, actor=editor)


@pytest.mark.both_databases
def test_owners_are_told_once_when_it_is_due_and_once_when_it_is_overdue(owner: User) -> None:
    make_practice("due", owner_id=owner.id, review_by=TODAY + timedelta(days=14))
    make_practice("due", language="zh", translation_of="en", owner_id=owner.id, review_by=TODAY + timedelta(days=14))
    make_practice("late", owner_id=owner.id, review_by=TODAY - timedelta(days=1))
    make_practice("later", owner_id=owner.id, review_by=TODAY + timedelta(days=15))
    make_practice("nobodys", review_by=TODAY - timedelta(days=1))
    assert (nudge(), nudge()) == (2, 0)
    told = db.session.execute(select(Notice.kind).order_by(Notice.kind)).scalars().all()
    assert told == ["upkeep due", "upkeep overdue"]
    still_right("late", owner)
    assert nudge() == 0
