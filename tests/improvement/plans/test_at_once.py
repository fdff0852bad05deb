"""Several people at once, each in a process: nothing is there twice, and nothing is lost."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Team, User
from app.capabilities.models import Framework
from app.config import Config
from app.improvement.plans.models import Plan, PlanItem
from app.kernel.db import db
from app.notifications.models import Notice
from tests.factories.improvement import make_plan, put_in
from tests.improvement.plans.crowd import TIMES, edit, nudge, work
from tests.training.crowd import PROCESSES, run_together

pytestmark = [pytest.mark.race, pytest.mark.both_databases]


def let_go() -> None:
    db.session.remove()
    db.engine.dispose()


def test_one_plan_is_begun_and_the_same_thing_is_put_in_once(
    app: Flask, config: Config, mei: User, bo: User, team: Team, framework: Framework
) -> None:
    shares = [(team.id, framework.id, (mei, bo)[number % 2].id) for number in range(PROCESSES)]
    expected = {"practice:trunk:version-control"} | {
        f"own:{who.id}:{time}" for who in (mei, bo) for time in range(TIMES)
    }
    let_go()
    run_together(config, work, shares)
    assert db.session.execute(select(func.count()).select_from(Plan)).scalar_one() == 1
    keys = list(db.session.execute(select(PlanItem.key)).scalars())
    assert sorted(keys) == sorted(expected)
    positions = list(db.session.execute(select(PlanItem.position)).scalars())
    assert sorted(positions) == list(range(1, len(expected) + 1))


def test_no_word_of_anybody_is_lost(
    app: Flask, config: Config, mei: User, bo: User, team: Team, framework: Framework
) -> None:
    item_id = put_in(make_plan(team, framework), mei, "At first").id
    shares = [(item_id, (mei, bo)[number % 2].id) for number in range(PROCESSES)]
    let_go()
    run_together(config, edit, shares)
    item = db.session.execute(select(PlanItem)).scalar_one()
    assert item.revision == PROCESSES * TIMES
    assert len(item.what.split()) == 2 + PROCESSES * TIMES


def test_two_workers_remind_once(app: Flask, config: Config, mei: User, team: Team, framework: Framework) -> None:
    put_in(make_plan(team, framework), mei, owner=mei, due_on=date(2026, 1, 1))
    let_go()
    run_together(config, nudge, [0] * PROCESSES)
    assert db.session.execute(select(func.count()).select_from(Notice)).scalar_one() == 1
