"""The page on which a coach chooses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.accounts.rules import Role
from app.training.reminders.queries import chosen_leads
from app.training.reminders.rules import Lead
from tests.factories.people import make_user
from tests.factories.training import make_coach, make_training

pytestmark = pytest.mark.usefixtures("clock")


def test_a_coach_chooses(log_in: Callable[[User], FlaskClient]) -> None:
    coach = make_coach()
    training_id = make_training(coach, slug="steps").id
    browser = log_in(coach)
    assert 'href="/training/steps/reminders"' in browser.get("/training/steps").text
    page = browser.get("/training/steps/reminders").text
    assert [f'value="{lead}"' in page for lead in Lead] == [True] * 3
    assert [part.split("value=")[1][:6] for part in page.split("<input checked")[1:]] == ['"day">']
    answer = browser.post("/training/steps/reminders", data={"leads": ["week", "hour"]})
    assert (answer.status_code, answer.location) == (303, "/training/steps/reminders")
    assert chosen_leads(training_id) == {Lead.WEEK, Lead.HOUR}
    # A browser sends at least the form's token.
    browser.post("/training/steps/reminders", data={"csrf_token": "x"})
    assert chosen_leads(training_id) == set()


def test_nonsense_is_refused(log_in: Callable[[User], FlaskClient]) -> None:
    coach = make_coach()
    training_id = make_training(coach, slug="steps").id
    answer = log_in(coach).post("/training/steps/reminders", data={"leads": ["month"]})
    assert answer.status_code == 422
    assert chosen_leads(training_id) == {Lead.DAY}


def test_what_people_read_is_shown_in_both_languages(log_in: Callable[[User], FlaskClient]) -> None:
    coach = make_coach()
    make_training(coach, slug="steps", title="Small <steps>")
    page = log_in(coach).get("/training/steps/reminders").text
    for words in ("Your seat: Small &lt;steps&gt;", "Reminder: Small", "2026年11月20日", "November 20, 2026"):
        assert words in page
    assert page.count('<article lang="zh-Hans"') == page.count('<article lang="en"') == 4


def test_only_for_those_who_run_it(client: FlaskClient, log_in: Callable[[User], FlaskClient]) -> None:
    make_training(slug="steps")
    make_training(slug="draft", state="draft")
    stranger, administrator = log_in(make_user()), log_in(make_user("Ada", Role.ADMINISTRATOR))
    assert client.get("/training/steps/reminders").status_code == 303
    assert stranger.get("/training/steps/reminders").status_code == 403
    assert stranger.post("/training/steps/reminders", data={"leads": ["week"]}).status_code == 403
    assert stranger.get("/training/draft/reminders").status_code == 404
    assert administrator.get("/training/steps/reminders").status_code == 200
    assert "/reminders" not in stranger.get("/training/steps").text
