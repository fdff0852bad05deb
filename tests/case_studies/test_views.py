"""Reading case studies in a browser: the list with its facets, the page, its source, and what others see of them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.case_studies.models import CaseStudy
from app.case_studies.rules import PARTS, State
from app.kernel.db import transaction
from tests.case_studies.conftest import House
from tests.factories.case_studies import LEAD_TIME, make_case_study
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
    return make_case_study(house.owner, house.story(title=title, **changes), State.PUBLISHED, house.editor)


@pytest.fixture
def translated(house: House) -> CaseStudy:
    """A story in English and in Chinese."""
    english = publish(house, "In English")
    chinese = publish(house, "中文版", language="zh", parts=dict.fromkeys(PARTS, "中文。"))
    with transaction():
        chinese.slug, chinese.translation_of = english.slug, "en"
    return english


@pytest.mark.both_databases
def test_the_list_shows_what_is_published_newest_first(house: House, client: FlaskClient) -> None:
    publish(house, "Beta")
    publish(house, "alpha")
    make_case_study(house.owner, house.story(title="Hidden"), State.SUBMITTED)
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
    publish(house, "Two", capability_id=house.capabilities["test-automation"].id)
    other = make_user("Other")
    team = make_team("Ledger", other)
    make_case_study(other, house.story(title="Three", team_id=team.id), State.PUBLISHED, house.editor)
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
    assert "History" not in page
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
    draft = make_case_study(house.owner, house.story())
    assert client.get(f"/case-studies/{draft.slug}.md").status_code == 404


@pytest.mark.parametrize("state", [state for state in State if state is not State.PUBLISHED])
def test_what_is_not_published_is_not_there(house: House, client: FlaskClient, log_in: LogIn, state: State) -> None:
    study = make_case_study(house.owner, house.story(), state, house.editor)
    url = f"/case-studies/{study.slug}"
    assert client.get(url).status_code == log_in(house.outsider).get(url).status_code == 404
    assert log_in(house.colleague).get(url).status_code == 200


def test_the_team_sees_what_is_missing_and_the_history(house: House, log_in: LogIn) -> None:
    study = make_case_study(house.owner, house.story(summary="", metrics=()))
    page = log_in(house.colleague).get(f"/case-studies/{study.slug}").get_data(as_text=True)
    assert "Before it can be submitted, it needs:" in page
    assert "At least one number before and after" in page
    assert "Submit for review" not in page
    study = make_case_study(house.owner, house.story(), State.CHANGES_REQUESTED, house.editor)
    page = log_in(house.colleague).get(f"/case-studies/{study.slug}").get_data(as_text=True)
    assert page.count("A word on it.") == 2
    for text in ("Submit for review", "Withdraw", "Edit", "Submitted for review", "Begun"):
        assert text in page


def test_what_hangs_on_a_capability_and_on_home(house: House, client: FlaskClient, log_in: LogIn) -> None:
    publish(house, "One")
    waiting = make_case_study(house.owner, house.story(title="Waiting"), State.SUBMITTED)
    capability = client.get("/capabilities/continuous-delivery/version-control").get_data(as_text=True)
    assert "One" in capability
    assert waiting.title not in capability
    assert "What other teams got out of it" in client.get("/").get_data(as_text=True)
    assert "Waiting" in log_in(house.colleague).get("/").get_data(as_text=True)
    assert "Case studies to review" in log_in(house.editor).get("/").get_data(as_text=True)
    assert "Waiting" not in log_in(house.outsider).get("/").get_data(as_text=True)


def test_a_page_read_again_costs_few_queries(house: House, log_in: LogIn, count_queries: list[str]) -> None:
    url = f"/case-studies/{publish(house, 'One', practices=('a', 'b')).slug}"
    browser = log_in(house.outsider)
    browser.get(url)
    count_queries.clear()
    browser.get(url)
    # The revision, the person, their unread notices, their teams, the story, what they keep, whether it was helpful to them.
    assert len([statement for statement in count_queries if statement.startswith("SELECT")]) <= 7


@pytest.mark.parametrize("url", ["/case-studies/", "/case-studies/mine", "/case-studies/review"])
def test_a_list_asks_the_database_equally_often_for_one_and_for_thirty(
    app: Flask, house: House, log_in: LogIn, count_queries: list[str], url: str
) -> None:
    reader = house.editor if url.endswith("review") else house.owner
    state = State.SUBMITTED if url.endswith("review") else State.PUBLISHED
    browser = log_in(reader)

    def queries() -> int:
        app.extensions["store"].__init__(1_000_000)
        count_queries.clear()
        assert browser.get(url).status_code == 200
        return len(count_queries)

    make_case_study(house.owner, house.story(metrics=(LEAD_TIME, LEAD_TIME)), state, house.editor)
    queries()
    few = queries()
    for number in range(29):
        make_case_study(house.owner, house.story(title=f"Story {number}"), state, house.editor)
    assert queries() == few <= 16
