"""The sample teams are on their way round the loop: every page of it has something to show, and nothing of it stays behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, or_, select

from app.accounts.models import User
from app.accounts.rules import Role
from app.admin.content import sync
from app.coaching.models import CoachingRequest, Engagement
from app.improvement.plans.models import Plan
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.maturity.models import Assessment, Snapshot, Target
from app.maturity.rules import State
from app.maturity.snapshots.content import digest_of
from app.maturity.verifying.service import take_on
from app.notifications.models import Notice
from tests.admin.test_samples import count, samples
from tests.factories.people import make_user

pytestmark = pytest.mark.slow

TEAM = "sample-payment-platform"
LOOP = (Assessment, Snapshot, Target, Plan, CoachingRequest, Engagement)


@pytest.fixture
def loaded(app: Flask, folder: Path) -> Flask:
    sync(folder)
    samples(app, "load")
    return app


def test_they_are_there_and_nobody_is_told(loaded: Flask) -> None:
    assert min(count(table) for table in LOOP) > 0
    kinds = or_(Notice.kind.startswith("assessment "), Notice.kind.startswith("coaching "))
    assert db.session.execute(select(func.count(Notice.id)).where(kinds)).scalar_one() == 0
    states = dict(db.session.execute(select(Assessment.state, func.count()).group_by(Assessment.state)).all())
    assert states == {State.FINAL: 11, State.ANSWERING: 1, State.SUBMITTED: 1}


def test_what_they_keep_is_what_was_agreed(loaded: Flask) -> None:
    for snapshot in db.session.execute(select(Snapshot)).scalars():
        assert digest_of(snapshot.content) == snapshot.digest
        assert snapshot.score is not None


def test_loading_twice_adds_nothing_to_the_loop(loaded: Flask) -> None:
    first = {table.__name__: count(table) for table in LOOP}
    samples(loaded, "load")
    assert {table.__name__: count(table) for table in LOOP} == first


def test_every_page_of_the_loop_has_something_to_show(loaded: Flask, log_in: Callable[[User], FlaskClient]) -> None:
    member = log_in(make_user("Mia Member"))
    journey = member.get(f"/teams/{TEAM}/journey").get_data(as_text=True)
    assert "The result" in journey
    assert "journey-way" in journey
    page = member.get("/participation").get_data(as_text=True)
    assert "8 of 8 teams have been assessed." in page
    lead = db.session.execute(select(User).where(User.email == "lin.yue@sample.example")).unique().scalar_one()
    story = log_in(lead).get(f"/teams/{TEAM}/story").get_data(as_text=True)
    assert "变更前置时间" in story


def test_what_somebody_was_told_of_them_goes_with_them(loaded: Flask) -> None:
    coach = make_user("Real Coach", Role.COACH)
    waiting = select(Assessment).where(Assessment.state == State.SUBMITTED)
    with transaction() as session:
        assessment = session.execute(waiting).unique().scalar_one()
        take_on(session, assessment.id, actor=coach, now=utc_now())
    told = select(func.count(Notice.id)).where(Notice.kind.startswith("assessment "))
    assert db.session.execute(told).scalar_one() > 0
    samples(loaded, "remove")
    assert {table.__name__: count(table) for table in (*LOOP, Notice)} == dict.fromkeys(
        (table.__name__ for table in (*LOOP, Notice)), 0
    )
