"""Two people answer the same assessment at once: nothing is lost and nothing is overwritten unseen, on both databases."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Team, User
from app.capabilities.models import Framework
from app.config import Config
from app.kernel.db import db
from app.maturity.models import Answer, AnswerEvent, Assessment, AssessmentEvent
from app.maturity.rules import STEPS, State, Step
from tests.factories.assessments import say_all
from tests.maturity.assessing import crowd
from tests.training.crowd import run_together

pytestmark = [pytest.mark.race, pytest.mark.both_databases]


def release_database() -> None:
    """Hold no connection while others write."""
    db.session.remove()
    db.engine.dispose()


@pytest.mark.parametrize("work", [crowd.note_down, crowd.note_down_late])
def test_two_people_on_the_same_capability_lose_no_word(
    app: Flask, config: Config, running: int, lin: User, max_: User, work: object
) -> None:
    people = (lin.id, max_.id)
    release_database()
    run_together(config, work, [(running, person, "version-control") for person in people])
    answer = db.session.execute(select(Answer)).scalar_one()
    lines = [f"{person} {number}" for person in people for number in range(crowd.TIMES)]
    assert sorted(answer.note.splitlines()) == sorted(lines)
    assert db.session.execute(select(func.count()).select_from(AnswerEvent)).scalar_one() == len(lines)


def test_two_people_on_different_capabilities_are_not_in_each_others_way(
    app: Flask, config: Config, running: int, lin: User, max_: User
) -> None:
    shares = [(running, lin.id, "version-control"), (running, max_.id, "test-automation")]
    release_database()
    run_together(config, crowd.note_down_late, shares)
    answers = {each.capability: each for each in db.session.execute(select(Answer)).scalars()}
    for _id, person, capability in shares:
        assert answers[capability].note.splitlines() == [f"{person} {number}" for number in range(crowd.TIMES)]
    revisions = db.session.execute(select(AnswerEvent.revision)).scalars().all()
    assert len(set(revisions)) == len(revisions) == 2 * crowd.TIMES


def test_four_who_begin_at_once_have_begun_one(
    app: Flask, config: Config, team: Team, framework: Framework, lin: User, max_: User
) -> None:
    shares = [(team.id, framework.id, person.id) for person in (lin, max_, lin, max_)]
    release_database()
    run_together(config, crowd.begin_each, shares)
    assert db.session.execute(select(func.count()).select_from(Assessment)).scalar_one() == 1


def test_steps_and_answers_at_random_leave_a_true_record(
    app: Flask, config: Config, running: int, lin: User, max_: User, cora: User
) -> None:
    say_all(running, lin)
    shares = [(running, person.id, cora.id, seed) for seed, person in enumerate((lin, max_, lin, max_))]
    release_database()
    run_together(config, crowd.meddle, shares)
    state = State.ANSWERING
    for event in db.session.execute(select(AssessmentEvent).order_by(AssessmentEvent.id)).scalars():
        state = STEPS.after(state, Step(event.step))
        assert event.state == state
    assert db.session.execute(select(Assessment.state)).scalar_one() == state
    latest = {
        event.answer_id: event.level
        for event in db.session.execute(select(AnswerEvent).order_by(AnswerEvent.revision)).scalars()
    }
    answers = db.session.execute(select(Answer)).scalars().all()
    assert {answer.id: answer.level for answer in answers} == latest
