"""Reading case studies in a browser: the list with its facets, the page, its source, and what others see of them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.case_studies.models import CaseStudy
from app.case_studies.rules import PARTS
from app.kernel.db import transaction
from app.writing.queries import find_manuscript
from app.writing.rules import State, Step
from tests.case_studies.conftest import House
from tests.factories.case_studies import LEAD_TIME, change, make_case_study, make_manuscript, move
from tests.factories.people import make_team, make_user

LogIn = Callable[[User], FlaskClient]


def titles(client: FlaskClient, query: str = "", headers: dict[str, str] | None = None) -> list[str]:
    page = client.get(f"/case-studies/{query}", headers=headers).get_data(as_text=True)
    return re.findall(r'<h3 class="card-title"[^>]*>\s*<a[^>]*>(.*?)</a>', page)


def counts(client: FlaskClient, query: str = "") -> dict[str, int]:
    """Label and count of every choice beside the list."""
    page = client.get(f"/case-studies/{query}").get_data(as_text=True)
    found = re.findall(r'facet-label">\s*(.*?)\s*</span>.*?facet-count">(\d+)<', page, re.DOTALL)
    return {label: int(number) for label, number in found}


def publish(house: House, title: str, **changes: object) -> CaseStudy:
    return make_case_study(house.owner, house.story(title=title, **changes), house.editor)


@pytest.fixture
def translated(house: House) -> CaseStudy:
    """A story in English and in Chinese."""
    english = publish(house, "In English")
    story = house.story(title="中文版", language="zh", parts=dict.fromkeys(PARTS, "中文。"))
    chinese = make_case_study(house.owner, story, house.editor, slug=english.slug)
    with transaction():
        chinese.translation_of = "en"
    return english


@pytest.mark.both_databases
def test_the_list_shows_what_is_published_newest_first(house: House, client: FlaskClient) -> None:
    publish(house, "Beta")
    publish(house, "alpha")
    make_manuscript(house.owner, house.story(title="Hidden"), State.SUBMITTED)
    assert titles(client) == ["alpha", "Beta"]
    assert titles(client, "?sort=title") == ["alpha", "Beta"]
    publish(house, "Gamma")
    assert titles(client, "?sort=nonsense") == ["Gamma", "alpha", "Beta"]
    assert titles(client, "?sort=title") == ["alpha", "Beta", "Gamma"]


def test_an_empty_list_teaches_the_next_step(house: House, client: FlaskClient) -> None:
    assert "No case study is published yet" in client.get("/case-studies/").get_data(as_text=True)
    publish(house, "One")
    assert "No case study fits" in client.get("/case-studies/?area=test-management").get_data(as_text=True)
    assert "No case study fits" in client.get("/case-studies/?page=9").get_data(as_text=True)


@pytest.mark.both_databases
def test_facets_narrow_the_list_and_count_without_themselves(house: House, client: FlaskClient) -> None:
    publish(house, "One")
    publish(house, "Two", capability="test-automation")
    other = make_user("Other")
    team = make_team("Ledger", other)
    make_case_study(other, house.story(title="Three", team=team.slug), house.editor)
    assert counts(client) == {
        "Configuration management": 2, "Test management": 1, "Version control": 2, "Test automation": 1,
        "Ledger": 1, "Payments": 2, "English": 3,
    }  # fmt: skip
    assert titles(client, "?capability=version-control") == ["Three", "One"]
    assert titles(client, f"?team={house.team.slug}&area=test-management") == ["Two"]
    assert titles(client, f"?team={house.team.slug}&team={team.slug}") == ["Three", "Two", "One"]
    assert counts(client, f"?team={team.slug}") == {
        "Configuration management": 1, "Version control": 1, "Ledger": 1, "Payments": 2, "English": 1,
    }  # fmt: skip


@pytest.mark.both_databases
def test_a_story_is_listed_once_in_the_language_of_the_reader(translated: CaseStudy, client: FlaskClient) -> None:
    assert titles(client) == ["In English"]
    assert titles(client, headers={"Accept-Language": "zh-CN"}) == ["中文版"]
    assert titles(client, "?language=zh") == ["中文版"]
    assert counts(client) == {
        "Configuration management": 1, "Version control": 1, "Payments": 1, "English": 1, "中文": 1,
    }  # fmt: skip


def test_the_page_opens_with_the_numbers(house: House, client: FlaskClient) -> None:
    study = publish(house, "One", byline="Lin Yue and team")
    page = client.get(f"/case-studies/{study.slug}").get_data(as_text=True)
    places = [page.index(text) for text in ("<h1>One</h1>", "Change lead time", 'id="h-context"', 'id="h-next-steps"')]
    assert places == sorted(places)
    for text in (
        "Lin Yue and team",
        'datetime="2026-11-02"',
        "Payments",
        "Version control",
        "Build server",
        'href="#h-results"',
    ):
        assert text in page
    assert f'href="/writing/history/case-study/{study.slug}?lang=en"' in page
    assert "csrf_token" not in re.sub(r"<header.*?</header>|<footer.*?</footer>", "", page, flags=re.DOTALL)


def test_the_languages_lead_to_each_other(translated: CaseStudy, client: FlaskClient) -> None:
    url = f"/case-studies/{translated.slug}"
    assert f'href="{url}?lang=zh"' in client.get(url).get_data(as_text=True)
    assert "<h1>中文版</h1>" in client.get(f"{url}?lang=zh").get_data(as_text=True)
    assert "<h1>中文版</h1>" in client.get(url, headers={"Accept-Language": "zh"}).get_data(as_text=True)
    assert "<h1>In English</h1>" in client.get(f"{url}?lang=xx").get_data(as_text=True)


def test_the_source_is_a_file_for_the_same_readers(house: House, client: FlaskClient) -> None:
    study = publish(house, "One")
    answer = client.get(f"/case-studies/{study.slug}.md")
    assert answer.mimetype == "text/markdown"
    assert answer.get_data(as_text=True).startswith("---\ntitle: One\n")
    draft = make_manuscript(house.owner, house.story())
    assert client.get(f"/case-studies/{draft.slug}.md").status_code == 404


@pytest.mark.parametrize("state", [state for state in State if state is not State.ACCEPTED])
def test_what_is_not_published_is_not_there(house: House, client: FlaskClient, log_in: LogIn, state: State) -> None:
    manuscript = make_manuscript(house.owner, house.story(), state, house.editor)
    url = f"/case-studies/{manuscript.slug}"
    for browser in (client, *map(log_in, (house.outsider, house.colleague, house.editor))):
        assert browser.get(url).status_code == browser.get(f"{url}.md").status_code == 404
    assert log_in(house.colleague).get(f"/writing/{manuscript.id}").status_code == 200


def test_the_team_has_the_way_to_its_desk_on_the_page_of_its_story(
    house: House, log_in: LogIn, client: FlaskClient
) -> None:
    study = publish(house, "One")
    manuscript = find_manuscript("case-study", study.slug, "en")
    assert manuscript is not None
    url, edit = f"/case-studies/{study.slug}", f'href="/case-studies/{study.slug}/edit?lang=en"'

    def page(browser: FlaskClient) -> str:
        return browser.get(url).get_data(as_text=True)

    team = log_in(house.colleague)
    for said in ("Your team wrote this.", edit, f'href="/writing/{manuscript.id}"'):
        assert said in page(team)
    for others in (client, log_in(house.outsider), log_in(house.editor)):
        assert edit not in page(others)
        assert "/writing/1" not in page(others)
    change(manuscript, house.story(title="Anew"), house.owner)
    assert "Version 2 is being written; readers see version 1." in page(team)
    assert "Anew" not in page(team)
    move(manuscript, Step.SUBMIT, house.owner)
    assert "In review" in page(team)
    assert edit not in page(team)


def test_what_hangs_on_a_capability_and_on_home(house: House, client: FlaskClient, log_in: LogIn) -> None:
    publish(house, "One")
    waiting = make_manuscript(house.owner, house.story(title="Waiting"), State.SUBMITTED)
    capability = client.get("/capabilities/continuous-delivery/version-control").get_data(as_text=True)
    assert "One" in capability
    assert waiting.title not in capability
    assert "What other teams got out of it" in client.get("/").get_data(as_text=True)
    assert "Waiting" in log_in(house.colleague).get("/").get_data(as_text=True)
    assert "Waiting" not in log_in(house.outsider).get("/").get_data(as_text=True)


def test_a_page_read_again_costs_few_queries(house: House, log_in: LogIn, count_queries: list[str]) -> None:
    url = f"/case-studies/{publish(house, 'One', practices=('a', 'b')).slug}"
    browser = log_in(house.outsider)
    browser.get(url)
    count_queries.clear()
    browser.get(url)
    # The revision, the person, their unread notices, their teams, the story, what they keep, whether it was helpful to them.
    assert len([statement for statement in count_queries if statement.startswith("SELECT")]) <= 7


def test_a_page_asks_equally_often_for_the_team(house: House, log_in: LogIn, count_queries: list[str]) -> None:
    url = f"/case-studies/{publish(house, 'One').slug}"
    browser = log_in(house.owner)
    browser.get(url)
    count_queries.clear()
    browser.get(url)
    # The same, and the manuscript with its authors, their teams, whoever ever wrote on it and whoever was asked to review it.
    assert len([statement for statement in count_queries if statement.startswith("SELECT")]) <= 12


@pytest.mark.slow
def test_a_list_asks_the_database_equally_often_for_one_and_for_thirty(
    app: Flask, house: House, log_in: LogIn, count_queries: list[str]
) -> None:
    browser = log_in(house.owner)

    def queries() -> int:
        app.extensions["store"].__init__(1_000_000)
        count_queries.clear()
        assert browser.get("/case-studies/").status_code == 200
        return len(count_queries)

    publish(house, "One", metrics=(LEAD_TIME, LEAD_TIME))
    queries()
    few = queries()
    for number in range(29):
        publish(house, f"Story {number}")
    assert queries() == few <= 16


def test_every_reader_sees_what_changed_between_two_publications(house: House, client: FlaskClient) -> None:
    study = publish(house, "One")
    history = f"/writing/history/case-study/{study.slug}"
    assert client.get(history).status_code == 200
    page = client.get(f"{history}/differences").text
    assert "only this one version" in page
    assert 'id="h-next-steps"' in client.get(f"{history}/1").text
