"""Who comes: the page and the sheet."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from tests.factories.people import make_team, make_user
from tests.factories.training import leave, make_coach, make_training, sign_up

pytestmark = pytest.mark.usefixtures("clock")
LogIn = Callable[[User], FlaskClient]


@pytest.fixture
def coach() -> User:
    """Of a session with two seats: one taken by Ada, one given back by Bo, then taken by Cem; Dai waits."""
    coach = make_coach()
    training = make_training(coach, slug="steps", capacity=2)
    ada, bo, cem, dai = (make_user(name, email=f"{name.lower()}@example.com") for name in ("Ada", "Bo", "Cem", "Dai"))
    make_team("Payments", ada, cem)
    make_team("Accounts", ada)
    sign_up(training, ada, bo, cem, dai)
    leave(training, bo)
    return coach


def rows(browser: FlaskClient) -> list[list[str]]:
    answer = browser.get("/training/steps/roster.csv")
    assert (answer.status_code, answer.mimetype, answer.data[:3]) == (200, "text/csv", b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))


def test_the_sheet_says_who_in_which_order_and_state(app: object, coach: User, log_in: LogIn) -> None:
    assert rows(log_in(coach)) == [
        ["State", "Number", "Name", "E-mail", "Team", "Signed up", "2026-11-20 14:00"],
        ["Seat", "1", "Ada", "ada@example.com", "Accounts, Payments", "2026-11-16 10:00", ""],
        ["Seat", "2", "Cem", "cem@example.com", "Payments", "2026-11-16 10:00", ""],
        ["Waiting", "1", "Dai", "dai@example.com", "", "2026-11-16 10:00", ""],
        ["Left", "", "Bo", "bo@example.com", "", "2026-11-16 10:00", ""],
    ]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\uff1d1+1", "\uff20SUM(A1)"])
def test_no_name_becomes_a_formula(app: object, name: str, coach: User, log_in: LogIn) -> None:
    training = make_training(coach, slug="other")
    sign_up(training, make_user(name))
    answer = log_in(coach).get("/training/other/roster.csv")
    (_head, row) = csv.reader(StringIO(answer.data.decode("utf-8-sig"), newline=""))
    assert row[2] == f"'{name}"


def test_the_page_shows_the_same_and_what_happened_when(app: object, coach: User, log_in: LogIn) -> None:
    page = " ".join(log_in(coach).get("/training/steps/roster").text.split())
    order = [page.index(f">{name}</a>") for name in ("Ada", "Cem", "Dai", "Bo")]
    assert order == sorted(order)
    for words in ("Seat 1", "Seat 2", "Waiting 1", "mailto:ada@example.com", "Accounts, Payments"):
        assert words in page
    history = page.split("What happened when", 1)[1]
    steps = [
        history.index(words) for words in ("Cem: got a seat from the waiting list", "Bo: left", "Ada: took a seat")
    ]
    assert steps == sorted(steps)


def test_an_empty_roster_says_what_to_do(app: object, log_in: LogIn) -> None:
    coach = make_coach()
    make_training(coach, slug="steps")
    assert "Nobody has signed up yet" in log_in(coach).get("/training/steps/roster").text


def test_a_long_roster_costs_as_many_queries_as_a_short_one(
    app: object, log_in: LogIn, count_queries: list[str]
) -> None:
    coach = make_coach()
    training = make_training(coach, slug="steps", capacity=50)

    def count(more: int) -> int:
        people = [make_user() for _ in range(more)]
        make_team(f"Team of {more}", *people)
        sign_up(training, *people)
        browser = log_in(coach)
        browser.get("/training/steps/roster")
        count_queries.clear()
        assert browser.get("/training/steps/roster").status_code == 200
        return len(count_queries)

    assert count(1) == count(29)
