"""What and whom a case study credits, and what their pages say of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.case_studies.contents import story_of
from app.case_studies.models import CaseStudy
from app.coaches.models import Coach
from app.kernel.db import db
from app.training.models import TrainingSession
from app.writing.models import Manuscript
from app.writing.queries import content_of
from app.writing.rules import State
from tests.case_studies.conftest import House
from tests.factories.case_studies import make_case_study, make_manuscript
from tests.factories.coaches import make_coach
from tests.factories.practices import make_practice
from tests.factories.training import make_training

LogIn = Callable[[User], FlaskClient]


@pytest.fixture
def coach(house: House) -> Coach:
    make_practice("short-branches", title="Short branches")
    make_practice("short-branches", title="短分支", language="zh")
    return make_coach("Amara Osei")


@pytest.fixture
def session_held(coach: Coach) -> TrainingSession:
    return make_training(coach.user, title="Small steps")


@pytest.fixture
def study(house: House, coach: Coach, session_held: TrainingSession) -> CaseStudy:
    story = house.story(
        practices=("gone", "short-branches"), coaches=(coach.slug,), sessions=(session_held.slug, "gone")
    )
    return make_case_study(house.owner, story, house.editor)


def text(client: FlaskClient, url: str, language: str = "en") -> str:
    return client.get(url, headers={"Accept-Language": language}).get_data(as_text=True)


def credits_on(page: str) -> list[tuple[str, str]]:
    """(address, name) of everything credited."""
    lists = re.findall(r'<section class="case-credits">.*?</section>', page, re.DOTALL)
    return [
        (url, name.split(" (")[0]) for part in lists for url, name in re.findall(r'<a href="(.*?)">(.*?)</a>', part)
    ]


def test_credits_lead_to_what_they_name_and_skip_what_is_gone(
    study: CaseStudy, session_held: TrainingSession, coach: Coach, client: FlaskClient
) -> None:
    url = f"/case-studies/{study.slug}"
    people_and_sessions = [
        (f"/coaches/{coach.slug}", "Amara Osei"),
        (f"/training/{session_held.slug}", "Small steps"),
    ]
    assert credits_on(text(client, url)) == [("/practices/short-branches", "Short branches"), *people_and_sessions]
    assert credits_on(text(client, url, "zh")) == [("/practices/short-branches", "短分支"), *people_and_sessions]


def test_what_is_credited_shows_the_story(
    study: CaseStudy, coach: Coach, session_held: TrainingSession, client: FlaskClient
) -> None:
    for url in ("/practices/short-branches", f"/coaches/{coach.slug}", f"/training/{session_held.slug}"):
        assert study.title in text(client, url), url


def test_what_is_not_published_shows_nowhere(house: House, coach: Coach, client: FlaskClient) -> None:
    story = house.story(practices=("short-branches",), coaches=(coach.slug,))
    hidden = make_manuscript(house.owner, story, State.SUBMITTED)
    capability = "/capabilities/continuous-delivery/version-control"
    for url in ("/practices/short-branches", f"/coaches/{coach.slug}", capability, "/"):
        assert hidden.title not in text(client, url), url


def test_the_form_offers_what_there_is_and_keeps_what_is_chosen(
    house: House, coach: Coach, session_held: TrainingSession, log_in: LogIn
) -> None:
    make_training(coach.user, title="Secret", state="draft")
    story = house.story(practices=("short-branches",), coaches=(coach.slug,), sessions=(session_held.slug,))
    draft = make_manuscript(house.owner, story)
    page = text(log_in(house.owner), f"/case-studies/{draft.slug}/edit")
    assert "Secret" not in page
    for name, value in (
        ("practices", "short-branches"),
        ("coaches", coach.slug),
        ("sessions", session_held.slug),
    ):
        (box,) = re.findall(rf'<input[^>]*name="{name}"[^>]*value="{value}"[^>]*>', page)
        assert "checked" in box
    answer = log_in(house.owner).post(
        f"/case-studies/{draft.slug}/edit",
        data={
            "title": "T", "team": house.team.slug, "language": "en", "capability": "", "base": "1",
            "practices": ["short-branches"], "sessions": [session_held.slug],
        },
    )  # fmt: skip
    assert answer.status_code == 303
    kept = story_of(content_of(draft))
    assert (kept.practices, kept.coaches, kept.sessions) == (
        ("short-branches",), (), (session_held.slug,),
    )  # fmt: skip


def test_nobody_can_credit_what_does_not_exist(house: House, log_in: LogIn) -> None:
    data = {"title": "T", "team": house.team.slug, "language": "en", "capability": "", "practices": ["invented"]}
    assert log_in(house.owner).post("/case-studies/new?form=story", data=data).status_code == 422
    assert db.session.execute(select(Manuscript)).first() is None


def test_the_byline_leads_to_the_profiles_of_whoever_wrote(house: House, client: FlaskClient) -> None:
    coach = make_coach(user=house.owner)
    study = make_case_study(house.owner, house.story(byline="Payments team: Owner & Colleague"), house.editor)
    page = text(client, f"/case-studies/{study.slug}")
    assert f'Payments team: <a href="/coaches/{coach.slug}">Owner</a> &amp; Colleague' in page


def test_the_form_offers_the_authors_as_the_byline(house: House, log_in: LogIn) -> None:
    draft = make_manuscript(house.owner, house.story())
    page = text(log_in(house.colleague), f"/case-studies/{draft.slug}/edit")
    assert '<option value="Payments: Owner"></option>' in page
