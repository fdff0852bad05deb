"""The impact page: what counts, who sees it, its filters, its sheets."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.case_studies.models import CaseStudy, Metric
from app.case_studies.rules import PARTS, MetricValues
from app.kernel.db import transaction
from app.web.stored import MAX_BYTES, Store
from app.writing.rules import State
from tests.case_studies.conftest import House
from tests.factories.case_studies import make_case_study, make_manuscript, make_story
from tests.factories.people import make_team, make_user

LEAD_TIME = MetricValues("Lead time", 20, 5, "days", "lower", "Q2 2026", "Build server", "change-lead-time")


def publish(house: House, number: int, *metrics: MetricValues, **changes: object) -> CaseStudy:
    """A story of a team of its own."""
    author = make_user(f"Author {number}")
    story = make_story(
        make_team(f"Team {number}", author), house.capabilities["version-control"],
        title=f"Story {number}", metrics=metrics, **changes,
    )  # fmt: skip
    return make_case_study(author, story, house.editor)


@pytest.fixture
def three(house: House) -> list[CaseStudy]:
    """Ratios 4, 10 and 2."""
    pairs = ((20, 5), (30, 3), (8, 4))
    return [publish(house, n, replace(LEAD_TIME, before=b, after=a)) for n, (b, a) in enumerate(pairs)]


def page(client: FlaskClient, query: str = "") -> str:
    answer = client.get(f"/case-studies/impact{query}")
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


def test_before_anything_can_be_compared_the_page_says_what_is_needed(house: House, client: FlaskClient) -> None:
    publish(house, 1, replace(LEAD_TIME, measure=""))
    assert "No number can be compared yet" in page(client)


@pytest.mark.both_databases
def test_three_teams_make_a_statistic(three: list[CaseStudy], client: FlaskClient) -> None:
    text = page(client)
    assert "4 times better Medians 20 before, 4 after, in: days" in text
    assert "from 2 times better to 10 times better Behind it 3 teams The 3 stories behind it" in text
    # Over all, and on the one capability.
    assert text.count("4 times better Medians") == 2


def test_of_two_teams_only_the_stories_stand_there(house: House, three: list[CaseStudy], client: FlaskClient) -> None:
    with transaction() as session:
        session.delete(session.get_one(CaseStudy, three[0].id))
    text = page(client)
    assert "Behind it" not in text
    assert "2 teams tell it: too few for a statistic. Story 1 Team 1 · 30 → 3 days" in text


def test_drafts_and_what_is_reviewed_never_count(
    house: House, three: list[CaseStudy], log_in: Callable[..., FlaskClient]
) -> None:
    for state in (State.DRAFT, State.SUBMITTED, State.CHANGES_REQUESTED, State.REJECTED):
        make_manuscript(house.owner, house.story(title=f"Hidden {state}", metrics=(LEAD_TIME,)), state, house.editor)
    for person in (house.owner, house.editor):
        text = page(log_in(person))
        assert "Hidden" not in text
        assert "Behind it 3 teams" in text


def test_a_story_counts_once_whatever_languages_it_is_in(house: House, client: FlaskClient) -> None:
    english = publish(house, 1, LEAD_TIME)
    chinese = publish(house, 2, replace(LEAD_TIME, unit="天"), language="zh", parts=dict.fromkeys(PARTS, "中文。"))
    with transaction():
        chinese.slug, chinese.translation_of, chinese.team_id = english.slug, "en", english.team_id
    assert "Case studies 1 Measures 1" in page(client)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?measure=change-lead-time", True),
        ("?measure=availability", False),
        ("?measure=" + "x" * 500, False),
        ("?area=configuration-management", True),
        ("?area=data-management", False),
        ("?year=2026", True),
        ("?year=1999", False),
        ("?kind=other", True),
        ("?kind=benchmark", False),
        ("?kind=", True),
    ],
)
def test_the_address_filters(three: list[CaseStudy], client: FlaskClient, query: str, shown: bool) -> None:
    text = page(client, query)
    assert ("Behind it 3 teams" in text, "No number fits" in text) == (shown, not shown)


def test_an_address_is_made_of_nothing_that_was_sent(three: list[CaseStudy], client: FlaskClient) -> None:
    text = client.get("/case-studies/impact?_scheme=javascript&_external=1&area=%22%3E%3Cb%3E").get_data(as_text=True)
    assert "javascript:" not in text
    assert "<b>" not in text


def test_every_figure_leads_to_the_stories_behind_it(three: list[CaseStudy], client: FlaskClient) -> None:
    text = client.get("/case-studies/impact").get_data(as_text=True)
    links = set(re.findall(r'<a href="(/case-studies/story-[^"]+)"', text))
    assert links == {f"/case-studies/{story.slug}" for story in three}
    assert {client.get(link).status_code for link in links} == {200}


def test_the_sheets_say_the_same(three: list[CaseStudy], client: FlaskClient) -> None:
    rows = list(csv.reader(StringIO(client.get("/case-studies/impact.csv").get_data().decode("utf-8-sig"))))
    assert rows[1] == ["All", "Change lead time", "days", "3", "3", "20.0", "4.0", "4.0", "2.0", "10.0", "0"]
    assert [row[2:4] for row in rows if row[:1] == ["Version control"] and len(row) == 13] == [
        ["Team 2", "Story 2"], ["Team 1", "Story 1"], ["Team 0", "Story 0"],
    ] or len(rows) == 8  # fmt: skip
    answer = client.get("/case-studies/impact.xlsx")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="impact.xlsx"'
    with ZipFile(BytesIO(answer.get_data())) as book:
        assert len([name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]) == 3


def test_what_teams_wrote_is_no_formula_in_a_sheet(house: House, client: FlaskClient) -> None:
    publish(house, 1, replace(LEAD_TIME, source="=1+1"))
    assert "'=1+1" in client.get("/case-studies/impact.csv").get_data(as_text=True)


def test_numbers_beyond_all_measure_break_nothing(house: House, three: list[CaseStudy], client: FlaskClient) -> None:
    with transaction() as session:
        for before, after in ((1e308, 1e-308), (0, 5), (-3, 5), (5, 0), (1e-300, 1e-300)):
            number = Metric(
                case_study_id=three[0].id, position=7, name="<b>x</b>", before=before, after=after, unit="days",
                better="lower", window="<i>", source="", measure="recovery-time",
            )  # fmt: skip
            session.add(number)
    for path in ("/case-studies/impact", "/case-studies/impact.csv", "/case-studies/impact.xlsx"):
        assert client.get(path).status_code == 200
    text = client.get(f"/case-studies/{three[0].slug}").get_data(as_text=True)
    assert "&lt;b&gt;x&lt;/b&gt;" in text
    assert "<b>x</b>" not in text


def test_a_capability_shows_what_came_of_it(three: list[CaseStudy], client: FlaskClient) -> None:
    text = client.get("/capabilities/continuous-delivery/version-control").get_data(as_text=True)
    assert "/case-studies/impact?area=configuration-management#version-control" in text
    assert "4 times better." in text


@pytest.mark.slow
def test_the_number_of_queries_stays_the_same(
    app: Flask, house: House, three: list[CaseStudy], client: FlaskClient, count_queries: list[str]
) -> None:
    def queries() -> int:
        app.extensions["store"] = Store(MAX_BYTES)
        count_queries.clear()
        assert client.get("/case-studies/impact").status_code == 200
        return len(count_queries)

    with_three = queries()
    for number in range(10, 30):
        publish(house, number, LEAD_TIME, replace(LEAD_TIME, measure="build-time", unit="minutes"))
    assert queries() == with_three
