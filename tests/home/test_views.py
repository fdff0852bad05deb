"""The first page: one look at everything, and what is mine."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.capabilities.queries import list_main_capabilities
from tests.factories.case_studies import make_case_study, make_manuscript, make_story
from tests.factories.coaches import make_coach
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.factories.practices import make_practice

LogIn = Callable[[User], FlaskClient]


def text(client: FlaskClient, language: str = "en") -> str:
    answer = client.get("/", headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_an_empty_house_has_a_first_page(client: FlaskClient) -> None:
    page = text(client)
    assert 'action="/search"' in page
    assert "map-areas" not in page


def test_one_look_at_everything(app: Flask, client: FlaskClient) -> None:
    make_framework()
    first, *_others = list_main_capabilities()
    author = make_user("Author")
    make_practice("short", title="Short branches", capability=first, level=3)
    make_coach("Amara Osei", skills={first.id: 4})
    story = make_story(make_team("Gateway", author), first, title="From six weeks to one")
    make_case_study(author, story)
    page = text(client)
    for said in ("Short branches", "Amara Osei", "From six weeks to one", "Version control", "Test automation"):
        assert said in page, said
    entry = re.search(r"/capabilities/continuous-delivery/version-control\">.*?</li>", page, re.DOTALL)
    assert entry
    assert "1 practice" in " ".join(re.sub(r"<[^>]+>", " ", entry[0]).split())
    chinese = text(client, "zh-CN")
    assert "版本控制" in chinese
    assert 'lang="zh' in chinese


def test_what_is_mine_is_shown_to_me_only(client: FlaskClient, log_in: LogIn) -> None:
    author = make_user("Author")
    make_manuscript(author, make_story(make_team("Gateway", author), None, title="Still being written"))
    assert "Still being written" in text(log_in(author))
    assert "Still being written" not in text(client)
    assert "Still being written" not in text(log_in(make_user("Other")))


def test_the_page_changes_as_soon_as_something_does(client: FlaskClient) -> None:
    assert "Short branches" not in text(client)
    make_practice("short", title="Short branches")
    assert "Short branches" in text(client)


def test_more_of_everything_takes_no_more_queries(client: FlaskClient, count_queries: list[str]) -> None:
    make_framework()
    capability = list_main_capabilities()[0]

    def fill(number: int) -> None:
        make_practice(f"p{number}", capability=capability, level=1)
        make_coach(f"Coach {number}", skills={capability.id: 3})

    fill(0)
    text(client)
    fill(1)
    count_queries.clear()
    text(client)
    few = len(count_queries)
    for number in range(2, 8):
        fill(number)
    count_queries.clear()
    text(client)
    assert len(count_queries) == few
