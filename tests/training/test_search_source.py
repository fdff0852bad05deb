"""Sessions as search is told of them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.case_studies.models import CaseStudy
from app.coaches.models import Coach
from app.kernel.db import db, transaction
from app.search.sources import PUBLIC, all_sources
from app.training.models import TrainingCoach
from app.training.service import cancel, publish
from app.writing.rules import State, Step
from tests.factories.case_studies import make_manuscript, make_story, move
from tests.factories.coaches import make_coach
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.factories.searching import document, watching
from tests.factories.training import NOW, make_training, sign_up

both_databases = pytest.mark.both_databases


@both_databases
def test_what_a_document_says(app: Flask) -> None:
    capability = make_framework().areas[0].capabilities[0]
    coach, helper = make_coach("Amara Osei"), make_user("Lin Yue", Role.COACH)
    training = make_training(
        coach.user, coach_ids=[coach.user_id, helper.id], capability_id=capability.id, level=3, language="zh"
    )
    found = document("training", training.id)
    assert found is not None
    assert (found.title, found.languages, found.levels) == ("Small steps", ["zh"], [3])
    assert (found.tags, found.keywords) == ((), ["Version control", "版本控制"])
    assert (found.area, found.capabilities) == ("configuration-management", ["version-control"])
    # Whoever has no profile is named, but cannot be chosen.
    assert (found.coaches, found.summary) == ([coach.slug], "Amara Osei · Lin Yue · Room 3")
    assert (found.group, found.usefulness, found.audience) == ("", 0, frozenset({PUBLIC}))


def test_the_day_is_that_of_the_place(app: Flask) -> None:
    starts_at = datetime(2026, 12, 31, 20, 0, tzinfo=UTC)
    days = []
    for zone in ("UTC", "Asia/Shanghai", "America/New_York"):
        found = document("training", make_training(starts_at=starts_at, time_zone=zone).id)
        assert found is not None
        days.append(found.day)
    assert days == [date(2026, 12, 31), date(2027, 1, 1), date(2026, 12, 31)]


@both_databases
def test_it_is_found_from_announcement_to_cancellation(app: Flask) -> None:
    coach = make_user("Chen Coach", Role.COACH)
    training = make_training(coach, state="draft")
    mine = {f"training:{training.id}"}
    assert document("training", training.id) is None
    with watching() as change, transaction() as session:
        publish(session, training.id, now=NOW)
    assert change.told == change.real == mine
    with watching() as change, transaction() as session:
        cancel(session, training.id, reason="Ill", actor=coach, now=NOW)
    assert change.told == change.real == mine
    assert document("training", training.id) is None


def test_a_place_that_is_taken_wakes_nobody(app: Flask, clock: object) -> None:
    training, person = make_training(), make_user()
    with watching() as change:
        sign_up(training, person)
    assert change.told == change.real == set()


@both_databases
def test_a_coach_who_changes_changes_the_sessions(app: Flask) -> None:
    coach = make_user("Chen Coach", Role.COACH)
    training, other = make_training(coach, slug="mine"), make_training(slug="other")
    both = {f"training:{training.id}", f"coach:{coach.id}"}
    with watching() as change:
        profile = make_coach(user=coach)
    assert change.told == change.real == both
    with watching() as change, transaction():
        profile.slug = "chen"
    assert change.told == change.real == both
    with watching() as change, transaction():
        coach.name = "Chen Mei"
    assert change.told == change.real == both
    with watching() as change, transaction():
        coach.disabled_at = NOW
    assert change.told == change.real == both
    with transaction():
        coach.disabled_at = None
    with watching() as change, transaction() as session:
        session.delete(db.session.get_one(Coach, profile.id))
    assert change.told == change.real == both
    with watching() as change, transaction() as session:
        session.add(TrainingCoach(training_id=other.id, user_id=coach.id, position=2))
    assert change.told == change.real == {f"training:{other.id}"}


def test_what_no_document_shows_wakes_nobody(app: Flask) -> None:
    training = make_training(make_coach().user)
    with watching() as change, transaction():
        db.session.get_one(User, next(iter(training.coach_ids))).time_zone = "UTC"
    assert change.told == change.real == set()


@both_databases
def test_it_is_useful_by_the_published_stories_that_credit_it(app: Flask) -> None:
    owner, editor = make_user("Owner"), make_user("Editor", Role.EDITOR)
    training = make_training(slug="small-steps")
    make_training(slug="other")
    capability = make_framework().areas[0].capabilities[0]
    story = make_story(make_team("Payments", lead=owner), capability, sessions=("small-steps",))
    manuscript = make_manuscript(owner, story, State.SUBMITTED)
    with watching() as change:
        move(manuscript, Step.ACCEPT, editor)
    number = db.session.execute(select(CaseStudy.id)).scalar_one()
    assert change.told == change.real == {
        f"case-study:{number}", f"training:{training.id}", f"manuscript:{manuscript.id}",
    }  # fmt: skip
    found = document("training", training.id)
    assert found is not None
    assert found.usefulness == 2


def test_loading_and_rebuilding_say_the_same(app: Flask, count_queries: list[str]) -> None:
    source, asked = all_sources()["training"], []
    for numbers in (range(2), range(2, 10)):
        for number in numbers:
            make_training(make_coach(f"Coach {number}").user)
        db.session.expire_all()
        count_queries.clear()
        whole = list(source.load_all(db.session()))
        asked.append(len(count_queries))
    assert asked[0] == asked[1]
    assert [source.load(db.session(), each.key) for each in whole] == whole


def test_who_is_shown_a_hit(app: Flask) -> None:
    coach = make_user("Chen Coach", Role.COACH)
    public, draft = make_training(coach, slug="public"), make_training(coach, slug="draft", state="draft")
    keys = [str(public.id), str(draft.id)]
    with app.test_request_context():
        found = all_sources()["training"].found
        assert [set(found(keys, reader)) for reader in (None, make_user(), coach)] == [{keys[0]}, {keys[0]}, set(keys)]
        assert found(keys, None)[keys[0]].translations == ()
