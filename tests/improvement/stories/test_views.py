"""Starting a case study from two snapshots: what it says, what it does not, who may, and that it is begun once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.db import db, transaction
from app.writing.models import Manuscript
from app.writing.queries import content_of
from tests.factories.frameworks import make_framework
from tests.factories.loop import MARCH, SECRET, SEPTEMBER, Loop, make_loop
from tests.factories.maturity import make_snapshot
from tests.factories.people import make_team, make_user

LogIn = Callable[[User], FlaskClient]
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def loop(app: Flask) -> Loop:
    return make_loop()


def start(client: FlaskClient, loop: Loop) -> Any:
    return client.post(f"/teams/{loop.team.slug}/story", data={"before": loop.first.id, "after": loop.second.id})


def begun() -> dict[str, Any]:
    """The content of the one manuscript."""
    manuscript = db.session.execute(select(Manuscript)).unique().scalar_one()
    return content_of(manuscript)


@pytest.mark.both_databases
def test_what_is_known_is_written_down(loop: Loop, log_in: LogIn) -> None:
    answer = start(log_in(loop.mate), loop)
    assert answer.status_code == 303
    content = begun()
    assert answer.headers["Location"].startswith("/case-studies/payments-from-level-1-to-level-3-in-version-control-")
    assert content["title"] == "Payments: from level 1 to level 3 in Version control"
    assert content["summary"] == (
        "From March 2026 to September 2026, 2 capabilities of Continuous delivery rose. "
        "The score over everything went from 1.8 to 2.8."
    )
    assert content["team"] == loop.team.slug
    assert content["capability"] == "version-control"
    assert "Its score was 1.8 on a scale from 1 to 5." in content["context"]
    assert content["challenge"] == (
        "This stood lowest at the beginning:\n\n- **Version control**: level 1. Version control at level 1"
    )
    assert content["approach"] == (
        "The team took up these practices:\n\n- [[short-branches|Short branches]] since May 2026: Using it\n\n"
        "Of its plan it did:\n\n- Cut the long branches\n\n"
        "Chen Coach of Payments coached the team from April 2026 to July 2026.\n\n"
        "Several people of the team went to these sessions:\n\n- Branching well"
    )
    assert "| Version control | 1 | 3 |\n| Test automation | 2 | 3 |" in content["results"]
    assert content["next_steps"] == "Still open:\n\n- Change management is at level 2; the target is 3."
    assert content["practices"] == ["short-branches"]
    assert [slug.rpartition("-")[0] for slug in content["coaches"]] == ["chen-coach-of-payments"]
    assert content["sessions"] == [loop.training.slug]


def test_what_was_measured_twice_becomes_numbers(loop: Loop, log_in: LogIn) -> None:
    start(log_in(loop.lead), loop)
    score, lead_time = begun()["metrics"]
    assert (score["name"], score["before"], score["after"], score["better"]) == (
        "Maturity score, Continuous delivery", 1.8, 2.8, "higher",
    )  # fmt: skip
    assert score["source"] == "Assessment “Autumn”, verified by Vera Verifier of Payments"
    assert (lead_time["name"], lead_time["before"], lead_time["after"], lead_time["unit"]) == (
        "Change lead time", 20, 5, "days",
    )  # fmt: skip
    assert (lead_time["window_before"], lead_time["window"], lead_time["source"], lead_time["measure"]) == (
        "Q1 2026", "Q3 2026", "https://dashboards.example/lead", "change-lead-time",
    )  # fmt: skip


def test_nothing_private_is_in_it_or_on_the_page_before(loop: Loop, log_in: LogIn) -> None:
    client = log_in(loop.lead)
    assert SECRET not in client.get(f"/teams/{loop.team.slug}/story").get_data(as_text=True)
    start(client, loop)
    assert SECRET not in json.dumps(begun())


def test_it_is_written_in_the_language_of_whoever_leads_the_team(app: Flask, log_in: LogIn) -> None:
    loop = make_loop(language="zh")
    start(log_in(loop.mate), loop)
    content = begun()
    assert content["language"] == "zh"
    assert "版本控制" in content["challenge"]
    assert "2026年3月" in content["summary"]


@pytest.mark.both_databases
def test_a_second_press_leads_to_the_same_story(loop: Loop, log_in: LogIn) -> None:
    first = start(log_in(loop.lead), loop).headers["Location"]
    assert start(log_in(loop.mate), loop).headers["Location"] == first
    assert len(db.session.execute(select(Manuscript)).unique().scalars().all()) == 1
    page = log_in(loop.mate).get(f"/teams/{loop.team.slug}/story").get_data(as_text=True)
    assert "Go on writing" in page
    assert "Start the case study</button>" not in page


def test_the_page_shows_what_the_draft_will_say(loop: Loop, log_in: LogIn) -> None:
    page = log_in(loop.lead).get(f"/teams/{loop.team.slug}/story").get_data(as_text=True)
    assert "Payments: from level 1 to level 3 in Version control" in page
    assert "Change lead time" in page


def test_the_baseline_of_the_plan_is_where_it_begins(loop: Loop, log_in: LogIn) -> None:
    earlier = MARCH - timedelta(days=300)
    make_snapshot(loop.team, loop.framework, {"version-control": 1}, taken_at=earlier, title="Long ago")
    page = log_in(loop.lead).get(f"/teams/{loop.team.slug}/story").get_data(as_text=True)
    assert f'<option value="{loop.first.id}" selected>' in page
    assert f'<option value="{loop.second.id}" selected>' in page


def test_after_one_assessment_it_is_too_early(app: Flask, log_in: LogIn) -> None:
    lead = make_user("Lea")
    team = make_team("Ledger", lead=lead)
    client = log_in(lead)
    assert "First find out where you stand" in client.get(f"/teams/{team.slug}/story").get_data(as_text=True)
    make_snapshot(team, make_framework(), {"version-control": 1}, taken_at=SEPTEMBER)
    assert "One more assessment" in client.get(f"/teams/{team.slug}/story").get_data(as_text=True)


def test_only_the_team_begins_its_story(loop: Loop, log_in: LogIn) -> None:
    stranger, leader = make_user("Sam Stranger"), make_user("Lou Leader", Role.LEADER)
    path = f"/teams/{loop.team.slug}/story"
    assert log_in(stranger).get(path).status_code == 404
    assert start(log_in(stranger), loop).status_code == 404
    assert log_in(leader).get(path).status_code == 403
    assert start(log_in(leader), loop).status_code == 403
    assert db.session.execute(select(Manuscript)).first() is None


def test_snapshots_of_others_are_not_taken(loop: Loop, log_in: LogIn) -> None:
    other = make_loop(loop.framework, name="Ledger")
    data = {"before": other.first.id, "after": loop.second.id}
    assert log_in(loop.lead).post(f"/teams/{loop.team.slug}/story", data=data).status_code == 422
    assert log_in(loop.lead).post(f"/teams/{loop.team.slug}/story", data={"before": "x"}).status_code == 422


def test_a_story_that_was_deleted_can_be_begun_again(loop: Loop, log_in: LogIn) -> None:
    start(log_in(loop.lead), loop)
    with transaction() as session:
        session.delete(session.execute(select(Manuscript)).unique().scalar_one())
    assert start(log_in(loop.lead), loop).status_code == 303
    assert begun()["team"] == loop.team.slug
