"""What people are mentioned by, and what completes it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import downgrade, upgrade
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.handles import handle_for
from app.accounts.mentions import tell_mentioned
from app.accounts.models import User
from app.kernel.db import db, transaction
from app.search.outbox import rebuild
from tests.factories.coaches import make_coach
from tests.factories.people import EARLIER, make_user
from tests.factories.practices import make_practice
from tests.factories.training import make_training

LogIn = Callable[[User], FlaskClient]


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("Lin Yue", "lin-yue"),
        ("林岳", "lin-yue"),
        ("陈晓 喆", "chen-xiao-zhe"),
        ("João d'Ávila", "joao-d-avila"),
        ("O", "member-o"),
        ("محمد", "member"),
        ("", "member"),
        ("x" * 80, "x" * 32),
        ("欧阳 Anna 2", "ou-yang-anna-2"),
    ],
)
def test_a_handle_is_made_of_the_name(name: str, handle: str) -> None:
    assert handle_for(name) == handle


@pytest.mark.both_databases
def test_the_second_of_a_name_gets_a_number_also_at_the_same_moment(app: Flask, session: Session) -> None:
    assert [make_user(name).handle for name in ("Lin Yue", "林岳", "Lin Yu")] == ["lin-yue", "lin-yue-2", "lin-yu"]
    with transaction() as open_session:
        people = [
            User(email=f"m{number}@example.com", name="马丽", language="zh", time_zone="UTC", created_at=EARLIER)
            for number in range(3)
        ]
        open_session.add_all(people)
    assert sorted(person.handle for person in people) == ["ma-li", "ma-li-2", "ma-li-3"]


@pytest.mark.slow
def test_accounts_from_before_get_theirs_in_the_order_they_were_made(app: Flask) -> None:
    for name in ("Lin Yue", "林岳", "Ü", "Marta Oliveira"):
        make_user(name)
    before = [name for (name,) in db.session.execute(select(User.handle).order_by(User.id))]
    db.session.remove()
    downgrade(directory="migrations", revision="0013")
    upgrade(directory="migrations")

    assert list(db.session.execute(select(User.handle).order_by(User.id)).scalars()) == before
    assert before == ["lin-yue", "lin-yue-2", "member-u", "marta-oliveira"]


def complete(browser: FlaskClient, typed: str, what: str = "mention") -> list[str]:
    answer = browser.get("/complete.json", query_string={"q": typed, "for": what})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    return [each["insert"] for each in answer.get_json()["suggestions"]]


@pytest.mark.both_databases
def test_people_are_completed_by_name_handle_and_sound(app: Flask, log_in: LogIn) -> None:
    browser = log_in(make_user("Zoe"))
    make_user("林岳")
    make_user("Marta Oliveira")

    for typed in ("林", "岳", "lin", "lin-y", "linyue", "ly", "Lin Yue"):
        assert complete(browser, typed)[:1] == ["@lin-yue"], typed
    assert complete(browser, "oliv") == ["@marta-oliveira"]
    assert complete(browser, "%") == complete(browser, "_") == complete(browser, "") == []


def test_no_more_than_eight_and_nobody_whose_account_is_closed(app: Flask, log_in: LogIn) -> None:
    browser = log_in(make_user("Zoe"))
    people = [make_user(f"Anna {number}") for number in range(12)]
    with transaction() as session:
        session.merge(people[0]).disabled_at = EARLIER

    found = complete(browser, "anna")

    assert len(found) == 8
    assert "@anna-0" not in found


def test_links_are_completed_by_title_as_everybody_may_see_them(app: Flask, log_in: LogIn) -> None:
    coach = make_coach("Chen Xiao")
    make_practice("trunk", title="Work on the trunk")
    make_training(coach.user, slug="secret-trunk", title="Trunk in secret", state="draft")
    rebuild()

    assert complete(log_in(coach.user), "trunk", "link") == ["[[practice:trunk]]"]
    assert complete(log_in(coach.user), "chen", "link") == [f"[[coach:{coach.slug}]]"]


def test_without_an_index_nothing_is_suggested(app: Flask, log_in: LogIn) -> None:
    assert complete(log_in(make_user()), "trunk", "link") == []


def test_visitors_complete_nothing(client: FlaskClient) -> None:
    assert client.get("/complete.json?q=a&for=mention").status_code == 401
    assert client.get("/complete.json?q=a&for=link").status_code == 401


def test_completion_asks_as_often_for_many_as_for_one(app: Flask, log_in: LogIn, count_queries: list[str]) -> None:
    browser = log_in(make_user("Zoe"))
    asked = []
    for numbers in (range(1), range(1, 30)):
        for number in numbers:
            make_practice(f"small-{number}", title=f"Small {number}")
            make_user(f"Small {number}")
        rebuild()
        for what in ("link", "mention"):
            complete(browser, "small", what)
            count_queries.clear()
            complete(browser, "small", what)
            asked.append(len(count_queries))
    assert asked[:2] == asked[2:]


def test_whoever_is_newly_mentioned_is_told(app: Flask, log_in: LogIn, session: Session) -> None:
    anna, bert, carl = make_user("Anna"), make_user("Bert"), make_user("Carl", language="zh")
    with transaction() as open_session:
        told = tell_mentioned(
            open_session,
            old_text="@bert",
            new_text="@anna asks @bert, @carl and @nobody.",
            actor=open_session.merge(anna),
            about={"title": "Trunk", "path": "/practices/trunk"},
            now=EARLIER,
        )
        assert [person.name for person in told] == ["Carl"]

    assert "Anna 在" in log_in(carl).get("/notices").text
    assert "Trunk" not in log_in(bert).get("/notices").text
    assert "Trunk" not in log_in(anna).get("/notices").text


def test_whoever_may_not_read_it_hears_nothing(app: Flask, session: Session) -> None:
    anna, dora = make_user("Anna"), make_user("Dora")
    with transaction() as open_session:
        told = tell_mentioned(
            open_session,
            old_text="",
            new_text=f"@{dora.handle}",
            actor=open_session.merge(anna),
            about={"title": "Secret", "path": "/x"},
            now=EARLIER,
            may_read=lambda _person: False,
        )
    assert told == []
