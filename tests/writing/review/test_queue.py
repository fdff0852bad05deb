"""The queue: what waits, until when, for whom."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from flask.testing import FlaskClient

from app.accounts.models import User
from app.kernel.db import transaction
from app.writing.models import Manuscript
from app.writing.review.service import assign
from app.writing.rules import Step
from app.writing.service import begin, take_step
from tests.factories.frameworks import make_framework
from tests.writing.review.conftest import House, now

LogIn = Callable[[User], FlaskClient]
DAY = 24 * 3600


def submitted(house: House, title: str) -> Manuscript:
    with transaction() as session:
        content = {"title": title, "body": "Words.", "team": "Payments"}
        slug = title.lower().replace(" ", "-")
        letter = begin(session, house.kind, content, slug=slug, language="en", actor=house.anna, now=now())
        take_step(session, house.kind, letter, Step.SUBMIT, actor=house.anna, now=now())
        return letter


def titles(page: str) -> list[str]:
    return re.findall(r'<a href="/writing/\d+/review">([^<]+)</a>', page)


def test_what_is_due_first_comes_first_with_its_age(
    house: House, log_in: LogIn, clock: time_machine.Coordinates
) -> None:
    submitted(house, "First")
    clock.shift(2 * DAY)
    second = submitted(house, "Second")
    with transaction() as session:
        for assignment in session.get_one(Manuscript, second.id).assignments:
            assignment.due_on = date(2026, 11, 19)
    clock.shift(2 * DAY)
    page = log_in(house.edda).get("/writing/review").text
    assert titles(page) == ["Second", "First"]
    assert page.count("Overdue</span>") == 1
    assert "waits for 4 working days" in page
    assert "due November 23, 2026" in page


def test_the_queue_can_be_narrowed(house: House, log_in: LogIn) -> None:
    first = submitted(house, "First")
    submitted(house, "Second")
    third = submitted(house, "Third")
    capability = make_framework().areas[0].capabilities[0]
    with transaction() as session:
        session.get_one(Manuscript, third.id).capability_id = capability.id
        session.get_one(Manuscript, first.id).assignments.clear()
    edda = log_in(house.edda)
    assert titles(edda.get("/writing/review").text) == ["First", "Second", "Third"]
    assert titles(edda.get("/writing/review?whose=unassigned").text) == ["First"]
    assert titles(log_in(house.emil).get("/writing/review?whose=mine").text) == ["Second"]
    assert titles(edda.get(f"/writing/review?capability={capability.slug}").text) == ["Third"]
    assert titles(edda.get("/writing/review?kind=letter").text) == ["First", "Second", "Third"]
    assert "Nothing fits" in edda.get("/writing/review?kind=nothing").text


def test_nobody_sees_in_it_what_is_near_or_none_of_theirs(house: House, log_in: LogIn) -> None:
    first = submitted(house, "First")
    for person in (house.anna, house.ben, house.near, house.reader):
        page = log_in(person).get("/writing/review").text
        assert titles(page) == []
        assert "Nothing waits for you" in page
    with transaction() as session:
        assign(session, first, house.reader, actor=house.edda, due_on=date(2026, 11, 23), now=now())
    assert titles(log_in(house.reader).get("/writing/review").text) == ["First"]


def test_the_load_of_reviewers_stands_beside_it(house: House, log_in: LogIn, clock: time_machine.Coordinates) -> None:
    for title in ("First", "Second", "Third"):
        submitted(house, title)
    house.submit()
    house.decide(Step.REJECT, house.emil)
    clock.shift(9 * DAY)
    page = log_in(house.edda).get("/writing/review").text
    rows = re.findall(r'<th scope="row">([^<]+)</th>\s*<td class="num">(\d+)</td>', page)
    assert rows == [("Edda Editor", "2"), ("Emil Editor", "1"), ("Nina Near", "0")]
    assert page.count("review-late") == 2


def test_home_and_lists_say_that_something_waits(house: House, log_in: LogIn) -> None:
    assert "To review (" not in log_in(house.edda).get("/case-studies/").text
    submitted(house, "First")
    assert "To review (1)" in log_in(house.edda).get("/case-studies/").text
    home = log_in(house.edda).get("/").text
    assert titles(home) == ["First"]
    assert "To review" not in log_in(house.reader).get("/case-studies/").text


@pytest.mark.slow
def test_the_queue_asks_the_database_as_often_for_many(house: House, log_in: LogIn, count_queries: list[str]) -> None:
    def asked(path: str) -> int:
        count_queries.clear()
        assert log_in(house.edda).get(path).status_code == 200
        return len(count_queries)

    paths = ("/writing/review", "/writing/reviewers", "/writing/guarded/live")
    first = submitted(house, "Number 0")
    few = [asked(path) for path in (*paths, f"/writing/{first.id}/review")]
    for number in range(1, 12):
        submitted(house, f"Number {number}")
    assert [asked(path) for path in (*paths, f"/writing/{first.id}/review")] == few
