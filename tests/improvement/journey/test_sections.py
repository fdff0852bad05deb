"""What an engagement's page shows of the assessments around it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.coaching.models import Engagement
from app.improvement.journey.sections import Changed, of_engagement
from app.kernel.db import db, transaction
from tests.factories.frameworks import rename_capability
from tests.factories.loop import MARCH, SEPTEMBER, Loop, make_loop
from tests.factories.maturity import make_snapshot
from tests.factories.people import make_user

APRIL = MARCH + timedelta(days=40)


@pytest.fixture
def loop(app: Flask) -> Loop:
    return make_loop()


def cards(app: Flask, reader: User) -> list[Changed]:
    engagement = db.session.execute(select(Engagement)).unique().scalar_one()
    with app.test_request_context():
        section = of_engagement(engagement, reader)
    return list(section.items) if section else []


def shown(app: Flask, reader: User) -> list[tuple[str | None, str | None]]:
    """The titles of the two snapshots of each card."""
    return [
        (card.before.title if card.before else None, card.after.title if card.after else None)
        for card in cards(app, reader)
    ]


def engagement_id() -> int:
    return db.session.execute(select(Engagement.id)).scalar_one()


def change(**columns: object) -> None:
    with transaction() as session:
        engagement = session.execute(select(Engagement)).unique().scalar_one()
        for name, value in columns.items():
            setattr(engagement, name, value)


def test_the_last_before_and_the_first_after_stand_side_by_side(app: Flask, loop: Loop) -> None:
    for title, at in (("Long ago", MARCH - timedelta(days=300)), ("Much later", SEPTEMBER + timedelta(days=40))):
        make_snapshot(loop.team, loop.framework, {"version-control": 1}, title=title, taken_at=at)
    assert shown(app, loop.coach) == [("Spring", "Autumn")]


def test_while_it_runs_the_newest_is_after(app: Flask, loop: Loop) -> None:
    change(ended_on=None, state="running")
    make_snapshot(loop.team, loop.framework, {"version-control": 2}, title="In between", taken_at=APRIL)
    assert shown(app, loop.coach) == [("Spring", "Autumn")]


def test_without_an_assessment_since_there_is_no_after(app: Flask, loop: Loop) -> None:
    change(began_on=date(2026, 10, 1), ended_on=None, state="running")
    assert shown(app, loop.coach) == [("Autumn", None)]


def test_what_was_assessed_while_it_ran_is_after_until_there_is_a_later_one(app: Flask, loop: Loop) -> None:
    change(ended_on=date(2026, 11, 1))
    assert shown(app, loop.coach) == [("Spring", "Autumn")]


def test_a_goal_shows_its_own_levels_beside_what_was_aimed_at(app: Flask, loop: Loop) -> None:
    [card] = cards(app, loop.coach)
    assert [(each.before, each.after, each.aimed, each.is_reached) for each in card.goals] == [(1, 3, 3, True)]
    assert (str(card.score_before), str(card.score_after)) == ("1.8", "2.8")


def test_a_capability_that_has_another_name_today_keeps_its_levels(app: Flask, loop: Loop) -> None:
    rename_capability(loop.framework, "version-control", "versions")
    [card] = cards(app, loop.coach)
    assert [(each.before, each.after) for each in card.goals] == [(1, 3)]


def test_a_team_that_was_not_assessed_before_is_told_so(loop: Loop, log_in: Callable[[User], FlaskClient]) -> None:
    change(began_on=date(2026, 1, 1), ended_on=None, state="running")
    path = f"/coaching/engagements/{engagement_id()}"
    html = log_in(loop.coach).get(path).get_data(as_text=True)
    assert "The team was not assessed before this coaching began." in html
    change(began_on=date(2026, 10, 1))
    html = log_in(loop.coach).get(path).get_data(as_text=True)
    assert "What has been reached shows when the team is assessed again." in html


def test_it_is_for_those_who_see_where_the_team_stands(app: Flask, loop: Loop) -> None:
    assert shown(app, make_user("Sam Stranger")) == []
