"""What an engagement's page shows of the assessments around it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app.accounts.models import User
from app.coaching.models import Engagement, Goal
from app.improvement.journey.sections import of_engagement
from app.kernel.db import db, transaction
from tests.factories.loop import MARCH, SEPTEMBER, Loop, make_loop
from tests.factories.maturity import make_snapshot
from tests.factories.people import make_user

APRIL = MARCH + timedelta(days=40)


@pytest.fixture
def loop(app: Flask) -> Loop:
    return make_loop()


def shown(app: Flask, reader: User) -> list[tuple[str, str | None]]:
    """The titles of the two snapshots of each card."""
    engagement = db.session.execute(select(Engagement)).unique().scalar_one()
    with app.test_request_context():
        section = of_engagement(engagement, reader)
    return [(card.before.title, card.after.title if card.after else None) for card in section.items] if section else []


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


def test_before_the_first_assessment_there_is_nothing(app: Flask, loop: Loop) -> None:
    change(began_on=date(2026, 1, 1))
    assert shown(app, loop.coach) == []


def test_it_is_for_those_who_see_where_the_team_stands(app: Flask, loop: Loop) -> None:
    assert shown(app, make_user("Sam Stranger")) == []


def test_each_goal_is_told_with_its_levels_before_and_after(app: Flask, loop: Loop) -> None:
    engagement = db.session.execute(select(Engagement)).unique().scalar_one()
    capabilities = {each.slug: each.id for area in loop.framework.areas for each in area.capabilities}
    with transaction() as session:
        session.execute(delete(Goal))
        for slug, wanted in (("version-control", 3), ("change-management", 4)):
            goal = Goal(engagement_id=engagement.id, capability_id=capabilities[slug], from_level=1, to_level=wanted)
            session.add(goal)
        session.add(Goal(engagement_id=engagement.id, text="Calmer Fridays"))
    with app.test_request_context():
        section = of_engagement(db.session.get_one(Engagement, engagement.id), loop.coach)
    assert section is not None
    [card] = section.items
    goals = [(goal.name.in_("en"), goal.before, goal.after, goal.wanted) for goal in card.goals]
    assert goals == [("Version control", 1, 3, 3), ("Change management", 2, 2, 4)]
    assert (card.level_before, card.level_after) == (1, 2)
    assert card.score_after > card.score_before
