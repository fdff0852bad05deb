"""The library's pages."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.capabilities.models import Capability, Framework
from app.config import Config
from app.kernel.db import db, transaction
from app.kernel.report import Report
from app.practices.sync import sync_practices
from tests.factories.frameworks import make_framework
from tests.factories.people import make_user
from tests.factories.practices import PARTS, THEN, make_practice, write_practice

MAIN = re.compile(r'<main id="main".*?</main>', re.DOTALL)


def main(client: FlaskClient, address: str, language: str = "en", status: int = 200) -> str:
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == status
    found = MAIN.search(answer.get_data(as_text=True))
    assert found
    return found[0]


def titles(page: str) -> list[str]:
    return re.findall(r'<h3 class="card-title"[^>]*>\s*<a [^>]*>([^<]+)</a>', page)


def facet(page: str, name: str) -> dict[str, str]:
    """{value: count} of a facet, as the page says."""
    return dict(re.findall(rf'id="facet-{name}-([^"]+)".*?class="facet-count">(\d+)<', page, re.DOTALL))


@pytest.fixture
def capabilities(app: Flask) -> dict[str, Capability]:
    make_framework()
    framework: Framework = db.session.execute(db.select(Framework)).scalar_one()
    return {each.slug: each for area in framework.areas for each in area.capabilities}


@pytest.fixture
def library(capabilities: dict[str, Capability]) -> None:
    version_control, automation = capabilities["version-control"], capabilities["test-automation"]
    make_practice("branches", title="Branches", capability=version_control, level=3, tags=("git", "flow"))
    make_practice("branches", language="zh", title="分支", capability=version_control, level=3, tags=("分支",))
    make_practice("commits", title="Commits", capability=version_control, level=2, tags=("git",))
    make_practice("tests", title="Tests", capability=automation, level=4, created_at=THEN + timedelta(days=1))
    make_practice("loose", language="zh", title="随笔")


@pytest.mark.usefixtures("library")
def test_the_list_shows_one_card_an_article(client: FlaskClient) -> None:
    assert titles(main(client, "/practices/")) == ["Commits", "Branches", "Tests", "随笔"]
    assert titles(main(client, "/practices/", "zh-CN")) == ["Commits", "分支", "Tests", "随笔"]


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("area=configuration-management", ["Commits", "Branches"]),
        ("capability=test-automation", ["Tests"]),
        ("capability=test-automation&capability=version-control", ["Commits", "Branches", "Tests"]),
        ("level=3&level=4", ["Branches", "Tests"]),
        ("tag=git&level=2", ["Commits"]),
        ("language=zh", ["分支", "随笔"]),
        ("language=zh&language=en", ["Commits", "Branches", "分支", "Tests", "随笔"]),
        ("sort=title", ["Branches", "Commits", "Tests", "随笔"]),
        ("sort=newest", ["Tests", "随笔", "Commits", "Branches"]),
        ("sort=nonsense", ["Commits", "Branches", "Tests", "随笔"]),
        ("level=12", []),
        ("area=nowhere", []),
        ("page=99", []),
        ("page=-1", ["Commits", "Branches", "Tests", "随笔"]),
    ],
)
def test_the_address_says_what_is_shown(client: FlaskClient, query: str, found: list[str]) -> None:
    assert titles(main(client, f"/practices/?{query}")) == found


@pytest.mark.usefixtures("library")
def test_facets_count_what_a_choice_would_show(client: FlaskClient) -> None:
    page = main(client, "/practices/")
    assert facet(page, "level") == {"2": "1", "3": "1", "4": "1"}
    assert facet(page, "area") == {"configuration-management": "2", "test-management": "1"}
    assert facet(page, "language") == {"en": "3", "zh": "2"}
    assert facet(page, "tag") == {"git": "2", "flow": "1"}
    narrowed = main(client, "/practices/?capability=version-control&level=2")
    assert facet(narrowed, "tag") == {"git": "1"}
    # A second level would add to the first; another capability would have nothing on this level.
    assert re.search(r'href="[^"]*capability=version-control[^"]*level=2[^"]*level=3', narrowed)
    assert "capability=test-automation" not in narrowed


def test_lists_take_as_many_queries_for_thirty_as_for_one(
    client: FlaskClient, capabilities: dict[str, Capability], count_queries: list[str]
) -> None:
    make_practice("first", capability=capabilities["version-control"], level=1, tags=("a",))
    main(client, "/practices/")
    count_queries.clear()
    main(client, "/practices/?sort=title")
    one = len(count_queries)
    for number in range(29):
        make_practice(
            f"more-{number}", capability=capabilities["test-automation"], level=number % 5 + 1, tags=("a", "b")
        )
    count_queries.clear()
    main(client, "/practices/?sort=title")
    assert (len(count_queries), one <= 13) == (one, True)


def test_a_long_list_has_pages(client: FlaskClient, capabilities: dict[str, Capability]) -> None:
    for number in range(30):
        make_practice(f"p-{number:02}", title=f"P {number:02}", capability=capabilities["test-automation"], level=3)
    first, second = main(client, "/practices/?level=3"), main(client, "/practices/?level=3&page=2")
    assert titles(first) + titles(second) == [f"P {number:02}" for number in range(30)]
    assert len(titles(first)) == 24
    assert re.search(r'href="/practices/\?level=3&amp;page=2"', first)
    assert not re.search(r'href="[^"]*page=3"', second)


def test_an_empty_library_says_what_to_do(client: FlaskClient) -> None:
    assert "No practice fits these filters" in main(client, "/practices/")


def test_an_article_shows_all_it_has(client: FlaskClient, capabilities: dict[str, Capability]) -> None:
    owner = make_user("Lin Yue")
    make_practice(
        "branches",
        title="Branches & <flow>",
        body=f"{PARTS['en']}\n### A closer look\n\n```python\nprint('x')\n```\n",
        capability=capabilities["version-control"],
        level=3,
        tags=("git",),
        time="A week",
        difficulty="hard",
        participants=["the team", "a reviewer"],
        owner_id=owner.id,
        reviewed_on=date(2026, 11, 2),
        review_by=date(2999, 5, 2),
    )
    page = main(client, "/practices/branches")
    assert "<h1>Branches &amp; &lt;flow&gt;</h1>" in page
    for text in (
        "Version control",
        "1 min read",
        "A week",
        "Hard",
        "the team, a reviewer",
        "Lin Yue",
        "November 2, 2026",
    ):
        assert text in page, text
    assert re.findall(r'data-level="(\d)"><a href="#([\w-]+)"', page)[-2:] == [
        ("2", "h-evidence"),
        ("3", "h-a-closer-look"),
    ]
    assert '<span class="nb">print</span>' in page
    assert 'href="/practices/?tag=git"' in page
    assert "should have been looked at" not in page


def test_a_stale_article_says_so(client: FlaskClient, clock: time_machine.Coordinates) -> None:
    make_practice("fresh", review_by=date(2026, 11, 16))
    make_practice("stale", review_by=date(2026, 11, 15))
    assert "should have been looked at" not in main(client, "/practices/fresh")
    assert "should have been looked at" in main(client, "/practices/stale")


def test_the_language_is_that_of_the_address_else_of_the_reader(client: FlaskClient) -> None:
    make_practice("branches", title="Branches")
    make_practice("branches", language="zh", title="分支")
    assert "<h1>Branches</h1>" in main(client, "/practices/branches")
    assert "<h1>分支</h1>" in main(client, "/practices/branches", "zh-CN,zh;q=0.9,en;q=0.8")
    chosen = main(client, "/practices/branches?lang=zh")
    assert "<h1>分支</h1>" in chosen
    assert 'href="/practices/branches?lang=en"' in chosen
    assert "<h1>Branches</h1>" in main(client, "/practices/branches?lang=fr")


def test_an_article_in_one_language_is_shown_to_everybody(client: FlaskClient) -> None:
    make_practice("only", language="zh", title="只有中文")
    assert "<h1>只有中文</h1>" in main(client, "/practices/only?lang=en")


def test_an_article_leads_on(client: FlaskClient, capabilities: dict[str, Capability]) -> None:
    here, other = capabilities["version-control"], capabilities["test-automation"]
    make_practice("one", title="One", capability=here, level=1, tags=("git",))
    make_practice("three", title="Three", capability=here, level=3)
    make_practice("three", language="zh", title="三", capability=here, level=3)
    make_practice("five", title="Five", capability=here, level=5)
    make_practice("tagged", title="Tagged", capability=other, level=2, tags=("git",))
    make_practice("apart", title="Apart", capability=other, level=2)
    page = main(client, "/practices/one")
    next_level, _, related = page.partition("Related practices")
    assert titles(next_level.partition("The next level")[2]) == ["Three"]
    assert titles(related) == ["Five", "Tagged"]
    assert "The next level" not in main(client, "/practices/five")


@pytest.mark.parametrize("address", ["/practices/nowhere", "/practices/nowhere.md", "/practices/Nowhere/"])
def test_what_is_not_there_is_a_page_that_helps(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert "<form" in answer.get_data(as_text=True)


def test_the_source_can_be_read_again(app: Flask, client: FlaskClient, config: Config, tmp_path: Path) -> None:
    make_framework()
    folder = tmp_path / "practices"
    path = write_practice(folder, time="A week", difficulty="easy", participants=["all"], review_by=date(2027, 1, 1))
    with transaction() as session:
        sync_practices(session, folder, config.media_dir, Report(), now=THEN)
    answer = client.get("/practices/short-branches.md")
    assert (answer.status_code, answer.content_type) == (200, "text/markdown; charset=utf-8")
    path.write_bytes(answer.data)
    again = Report()
    with transaction() as session:
        sync_practices(session, folder, config.media_dir, again, now=THEN)
    assert again.refused == []
    assert client.get("/practices/short-branches.md").data == answer.data
    assert (
        client.get("/practices/short-branches.md", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    )
