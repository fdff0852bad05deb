"""The search page: a page for whatever is typed, for whoever may read."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.capabilities.models import Capability
from app.kernel.db import db
from app.search.outbox import drain, the_index
from tests.factories.case_studies import make_manuscript, make_story
from tests.factories.coaches import make_coach
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.factories.practices import PARTS, make_practice

LogIn = Callable[[User], FlaskClient]


@pytest.fixture
def library(app: Flask) -> None:
    make_framework()
    capability = db.session.execute(select(Capability).where(Capability.slug == "version-control")).scalar_one()
    body = f"{PARTS['en']}\nThe deployment pipeline <runs> on Jenkins.\n"
    make_practice("pipeline", title="Deployment pipeline", body=body, capability=capability, level=3)
    make_practice(
        "pipeline",
        language="zh",
        title="部署流水线",
        summary="一条路走到生产。",
        body=f"{PARTS['zh']}\n用Jenkins搭流水线。\n",
    )
    make_coach("Amara Osei", bio="I build a deployment pipeline with you.", skills={capability.id: 4})
    drain()


def text(client: FlaskClient, address: str, status: int = 200, language: str = "en") -> str:
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def hits(page: str) -> list[str]:
    found = re.findall(r'<h2 class="hit-title"[^>]*><a href="[^"]*">(.*?)</a></h2>', page)
    return [re.sub(r"</?mark>", "", title) for title in found]


def tabs(page: str) -> dict[str, int]:
    nav = re.search(r'<nav class="tabs".*?</nav>', page, re.DOTALL)
    found = re.findall(r"<a [^>]*>\s*(.*?)\s*<span class=\"count\">(\d+)</span>", nav[0], re.DOTALL) if nav else []
    return {name: int(count) for name, count in found}


@pytest.mark.usefixtures("library")
def test_hits_have_a_marked_passage_and_counts_by_kind(client: FlaskClient) -> None:
    page = text(client, "/search?q=deployment+pipeline")
    assert hits(page) == ["Deployment pipeline", "Amara Osei"]
    assert tabs(page) == {"All": 2, "Practices": 1, "Coaches": 1}
    assert "<mark>Deployment</mark> <mark>pipeline</mark>" in page
    assert (
        "The <mark>deployment</mark> <mark>pipeline</mark> &lt;runs&gt; on Jenkins." in page
        or "&lt;runs&gt;" not in page
    )
    assert "2 results" in page


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("流水线", ["部署流水线", "Amara Osei"]),
        ("部署", ["部署流水线", "Amara Osei"]),
        ("Jenkins 流水线", ["部署流水线", "Amara Osei"]),
        ("osei", ["Amara Osei"]),
        ("deploym*", ["Deployment pipeline", "Amara Osei"]),
        ('"pipeline deployment"', []),
    ],
)
def test_words_of_both_languages_are_found(client: FlaskClient, query: str, found: list[str]) -> None:
    assert hits(text(client, f"/search?q={quote(query)}")) == found


@pytest.mark.usefixtures("library")
def test_the_state_is_in_the_address(client: FlaskClient) -> None:
    page = text(client, "/search?q=pipeline&kind=practice&level=3")
    assert hits(page) == ["Deployment pipeline"]
    assert '<input type="hidden" name="kind" value="practice">' in page
    assert tabs(page) == {"All": 1, "Practices": 1}
    assert "Nothing found" in text(client, "/search?q=pipeline&level=1")
    assert "some of them, the closest first" in text(client, "/search?q=pipeline+lighthouse")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "*",
        "-",
        '"',
        "(((",
        "AND OR NOT",
        "a:b",
        "x" * 2000,
        "%00",
        "🙂",
        "the",
        "-deploy",
        "'; DROP TABLE",
        "*:*",
        "[a TO z]",
        "~~",
        "<b>",
    ],
)
def test_a_wild_query_has_a_page(client: FlaskClient, library: None, query: str) -> None:
    page = text(client, f"/search?q={quote(query)}&kind=nonsense&level=99&page=-3&page=x&language=%F0%9F%99%82")
    assert "<h1>" in page
    assert "<b>" not in page


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("number", ["0", "2", "99999", "abc", "1e9"])
def test_any_page_number_has_a_page(client: FlaskClient, number: str) -> None:
    assert "2 results" in text(client, f"/search?q=pipeline&page={number}")


def test_a_long_result_has_pages(app: Flask, client: FlaskClient) -> None:
    for number in range(12):
        make_practice(f"p{number}", title=f"Canary {number}")
    drain()
    first, second = text(client, "/search?q=canary"), text(client, "/search?q=canary&page=2")
    assert (len(hits(first)), len(hits(second)), len({*hits(first), *hits(second)})) == (10, 2, 12)
    assert 'href="/search?q=canary&amp;page=2"' in first


def test_a_page_of_results_takes_as_many_queries_for_ten_hits_as_for_one(
    client: FlaskClient, library: None, count_queries: list[str]
) -> None:
    text(client, "/search?q=osei")
    for number in range(9):
        make_practice(f"p{number}", title=f"Canary {number}")
    make_practice("p9", title="Lonely canary")
    drain()
    count_queries.clear()
    assert len(hits(text(client, "/search?q=lonely"))) == 1
    one = len(count_queries)
    count_queries.clear()
    assert len(hits(text(client, "/search?q=canary"))) == 10
    assert (len(count_queries), one <= 5) == (one, True)


def test_without_an_index_the_page_says_so(client: FlaskClient) -> None:
    assert "Search is being rebuilt" in text(client, "/search?q=anything", 503)
    assert "How to search" in text(client, "/search")
    drain()
    assert "Nothing found" in text(client, "/search?q=anything")


def test_a_draft_is_found_by_its_team_only(app: Flask, client: FlaskClient, log_in: LogIn) -> None:
    """Nothing on the page tells others that there is something."""
    author, colleague, outsider = make_user("Author"), make_user("Colleague"), make_user("Outsider")
    team = make_team("Payments", author, colleague)
    make_manuscript(author, make_story(team, None, title="Confidential gateway"))
    drain()
    assert the_index().count_by_kind()["manuscript"] == 1
    seen = {
        name: (hits(page), tabs(page).get("All", 0))
        for name, browser in {
            "author": log_in(author),
            "colleague": log_in(colleague),
            "outsider": log_in(outsider),
            "visitor": client,
        }.items()
        for page in [text(browser, "/search?q=confidential")]
    }
    assert seen == {
        "author": (["Confidential gateway"], 1),
        "colleague": (["Confidential gateway"], 1),
        "outsider": ([], 0),
        "visitor": ([], 0),
    }


@pytest.mark.usefixtures("library")
def test_members_only_is_for_members_only(app: Flask, client: FlaskClient, log_in: LogIn) -> None:
    config = app.config["GUILDHALL"]
    app.config["GUILDHALL"] = dataclasses.replace(config, visitors="none")
    try:
        for address in (
            "/search?q=pipeline",
            "/practices/",
            "/practices/pipeline.md",
            "/coaches/",
            "/capabilities/",
            "/",
        ):
            assert client.get(address).status_code == 303
        assert hits(text(log_in(make_user()), "/search?q=pipeline")) == ["Deployment pipeline", "Amara Osei"]
    finally:
        app.config["GUILDHALL"] = config


@pytest.mark.usefixtures("library")
def test_a_page_is_in_the_language_of_the_reader(client: FlaskClient) -> None:
    page = text(client, "/search?q=pipeline", language="zh-CN")
    assert 'lang="zh' in page
    assert set(hits(page)) == {"Amara Osei", "部署流水线"}
