"""The exhibition in a browser without script: what hangs there, the round, choosing, paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.case_studies.models import CaseStudy
from app.case_studies.rules import PARTS
from app.kernel.db import transaction
from app.web.stored import MAX_BYTES, Store
from app.writing.rules import State
from tests.case_studies.conftest import House
from tests.factories.case_studies import LEAD_TIME, make_case_study, make_manuscript, make_story
from tests.factories.people import make_team, make_user

HERE = "/case-studies/exhibition"


def publish(house: House, title: str, **changes: object) -> CaseStudy:
    return make_case_study(house.owner, house.story(title=title, **changes), house.editor)


def get(client: FlaskClient, url: str = HERE) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def titles(page: str) -> list[str]:
    return re.findall(r'class="poster-title"[^>]*>(.*?)</h[12]>', page)


def way(page: str, name: str) -> str:
    found = re.search(rf'data-{name}="([^"]*)"', page)
    assert found
    return unescape(found[1])


def round_from(client: FlaskClient, url: str = HERE, most: int = 9) -> list[str]:
    """The titles of the posters, following the ways to the next until the first comes again."""
    found: list[str] = []
    while len(found) < most:
        page = get(client, url)
        (title,) = titles(page)
        if title in found:
            break
        found.append(title)
        url = way(page, "next")
    return found


def test_before_anything_is_published_nothing_hangs_there(house: House, client: FlaskClient) -> None:
    make_manuscript(house.owner, house.story(), State.SUBMITTED)
    assert "Nothing hangs here yet" in get(client)


@pytest.mark.both_databases
def test_the_posters_take_turns_the_newest_first(house: House, client: FlaskClient) -> None:
    for title in ("First", "Second", "Third"):
        publish(house, title)
    assert round_from(client) == ["Third", "Second", "First"]
    page = get(client)
    assert titles(get(client, way(page, "previous"))) == ["First"]
    assert "1 of 3" in page


def test_only_what_is_published_hangs_there_whoever_looks(house: House, log_in: Callable[..., FlaskClient]) -> None:
    study = publish(house, "Shown")
    drafts = [
        make_manuscript(house.owner, house.story(title=f"Hidden {state}"), state, house.editor)
        for state in State
        if state is not State.ACCEPTED
    ]
    for person in (house.owner, house.editor):
        assert round_from(log_in(person)) == ["Shown"]
        for draft in drafts:
            assert titles(get(log_in(person), f"{HERE}?story={draft.slug}&lang=en")) == ["Shown"]
            assert titles(get(log_in(person), f"{HERE}?story={draft.slug}&print=a4")) == ["Shown"]
    assert study.slug in way(get(log_in(house.owner)), "next")


def test_what_is_published_meanwhile_takes_its_turn(house: House, client: FlaskClient) -> None:
    publish(house, "First")
    following = way(get(client), "next")
    publish(house, "New")
    page = get(client, following)
    assert titles(page) == ["First"]
    assert titles(get(client, way(page, "next"))) == ["New"]


def test_a_poster_says_the_best_number_and_leads_to_the_story(house: House, client: FlaskClient) -> None:
    study = publish(house, "Shown", metrics=(replace(LEAD_TIME, before=20, after=19), LEAD_TIME))
    page = get(client)
    assert '<p class="poster-after" data-size="l"><strong>5</strong> <span>days</span></p>' in page
    assert "4.2 times as fast" in page
    assert f"/case-studies/{study.slug}?lang=en</span>" in page
    assert re.search(r'<svg viewBox="[^"]+" class="qr">', page)
    assert "style=" not in page


def test_a_story_without_numbers_is_a_poster_too(house: House, client: FlaskClient) -> None:
    study = publish(house, "Shown")
    with transaction():
        study.metrics = []
    assert 'data-numbers="no"' in get(client)


def test_the_exhibition_can_be_chosen(house: House, client: FlaskClient) -> None:
    publish(house, "Ours")
    other = make_user("Other")
    team = make_team("Ledger", other)
    story = make_story(team, house.capabilities["test-automation"], title="Theirs")
    make_case_study(other, story, house.editor)
    assert round_from(client, f"{HERE}?team={team.slug}") == ["Theirs"]
    assert round_from(client, f"{HERE}?capability=version-control") == ["Ours"]
    assert round_from(client, f"{HERE}?area=test-management") == ["Theirs"]
    assert "No case study fits" in get(client, f"{HERE}?team=nobody")
    page = get(client, f"{HERE}?area=test-management&seconds=45")
    assert 'data-seconds="45"' in page
    assert "area=test-management&seconds=45" in way(page, "next")


@pytest.mark.parametrize("seconds", ["", "0", "-5", "1e9", "x" * 400])
def test_nonsense_is_what_is_usual(house: House, client: FlaskClient, seconds: str) -> None:
    publish(house, "Shown")
    assert 'data-seconds="20"' in get(client, f"{HERE}?seconds={seconds}&shade=red&print=a0&lang=xx&story=%00x"[:-3])


def test_an_address_is_made_of_nothing_that_was_sent(house: House, client: FlaskClient) -> None:
    publish(house, "Shown")
    said = "_scheme=javascript&_external=1&_anchor=x&next=//evil.example"
    for page in (get(client, f"{HERE}?{said}"), get(client, f"{HERE}?print=a4&{said}")):
        assert "javascript:" not in page
        assert '"//evil' not in page


def test_both_languages_and_both_themes_take_turns(house: House, client: FlaskClient) -> None:
    english = publish(house, "In English")
    chinese = publish(house, "中文版", language="zh", parts=dict.fromkeys(PARTS, "中文。"))
    with transaction():
        chinese.slug, chinese.translation_of = english.slug, "en"
    assert round_from(client) == ["In English"]
    first = get(client, f"{HERE}?languages=both&themes=both")
    second = get(client, way(first, "next"))
    assert (titles(first), titles(second)) == (["In English"], ["中文版"])
    assert ('data-theme="light"' in first, 'data-theme="dark"' in second) == (True, True)
    assert 'lang="zh-Hans"' in second
    assert titles(get(client, way(second, "next"))) == ["In English"]


def test_posters_can_be_printed(house: House, client: FlaskClient) -> None:
    for title in ("First", "Second"):
        publish(house, title)
    page = get(client, f"{HERE}?print=a3")
    assert titles(page) == ["Second", "First"]
    assert 'data-paper="a3"' in page
    (alone,) = titles(get(client, way(get(client), "next") + "&print=a4"))
    assert alone == "First"


def test_what_people_write_is_text(house: House, client: FlaskClient) -> None:
    hostile = '<img src=x onerror="alert(1)">'
    metric = replace(LEAD_TIME, name=hostile, unit=hostile[:40], window=hostile)
    publish(house, hostile, summary=hostile, metrics=(metric,), byline=hostile)
    for url in (HERE, f"{HERE}?print=a4"):
        assert "<img" not in get(client, url)


def test_numbers_beyond_all_measure_break_nothing(house: House, client: FlaskClient) -> None:
    study = publish(house, "Shown")
    for before, after in ((1e308, 1e-308), (0, 5), (-3, 5), (5, 0), (0, 0)):
        with transaction():
            study.metrics[0].before, study.metrics[0].after = before, after
        assert titles(get(client)) == ["Shown"]


@pytest.mark.slow
def test_the_number_of_queries_stays_the_same(
    app: Flask, house: House, client: FlaskClient, count_queries: list[str]
) -> None:
    def queries(url: str) -> int:
        app.extensions["store"] = Store(MAX_BYTES)
        count_queries.clear()
        get(client, url)
        return len(count_queries)

    publish(house, "One")
    publish(house, "Two")
    urls = (HERE, f"{HERE}?languages=both", f"{HERE}?print=a4")
    before = [queries(url) for url in urls]
    for number in range(12):
        publish(house, f"More {number}")
    assert [queries(url) for url in urls] == before
