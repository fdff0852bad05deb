"""Two who act on the same assessment at once, as processes of their own, on both databases: one of them has done it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from multiprocessing.synchronize import Barrier

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.rules import Role
from app.config import Config
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, ForbiddenError
from app.maturity.assessing.service import take_back
from app.maturity.models import Assessment, AssessmentEvent, Snapshot
from app.maturity.rules import State, Step, Verdict
from app.maturity.verifying.rules import Judgement, Sent
from app.maturity.verifying.service import agree_to_rest, confirm, give_back, hand_back, judge, take_on
from tests.factories.assessments import submitted
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.factories.verifying import agree_to_rest as agreed
from tests.factories.verifying import answer_of
from tests.factories.verifying import take_on as taken_on
from tests.training.crowd import run_together, wake

pytestmark = [pytest.mark.race, pytest.mark.both_databases]
MANY = 8


def act_on_each(config: Config, barrier: Barrier, share: tuple[str, int, list[int]]) -> None:
    """Do the same to every assessment; to be told that somebody was quicker is all right."""
    name, user_id, assessment_ids = share
    app = wake(config, barrier)
    for assessment_id in assessment_ids:
        with app.app_context():
            try:
                with transaction() as session:
                    ACTS[name](session, assessment_id, session.get_one(User, user_id))
            except (ConflictError, ForbiddenError):
                pass


def _return(session: Session, assessment_id: int, actor: User) -> None:
    assessment = session.get_one(Assessment, assessment_id)
    base = next(each.revision for each in assessment.answers if each.capability == "version-control")
    sent = {"version-control": Sent(Judgement(Verdict.ASK, None, "Show me."), base)}
    judge(session, assessment_id, sent, actor=actor, now=utc_now())
    give_back(session, assessment_id, comment="", actor=actor, now=utc_now())


ACTS: dict[str, Callable[[Session, int, User], object]] = {
    "take on": lambda session, of, actor: take_on(session, of, actor=actor, now=utc_now()),
    "take back": lambda session, of, actor: take_back(session, of, actor=actor, now=utc_now()),
    "confirm": lambda session, of, actor: confirm(session, of, comment="", actor=actor, now=utc_now()),
    "hand back": lambda session, of, actor: hand_back(session, of, reason="", actor=actor, now=utc_now()),
    "return": _return,
    "agree": lambda session, of, actor: agree_to_rest(session, of, actor=actor, now=utc_now()),
}


@pytest.fixture
def lin(app: Flask) -> User:
    return make_user("Lin Yue")


@pytest.fixture
def ada(app: Flask) -> User:
    return make_user("Ada Coach", Role.COACH)


@pytest.fixture
def ben(app: Flask) -> User:
    return make_user("Ben Coach", Role.COACH)


@pytest.fixture
def waiting(lin: User) -> list[int]:
    framework = make_framework()
    return [submitted(make_team(f"Team {number}", lead=lin), framework, lin) for number in range(MANY)]


def together(config: Config, *shares: tuple[str, int, list[int]]) -> None:
    """Hold no connection while others write."""
    db.session.remove()
    db.engine.dispose()
    run_together(config, act_on_each, shares)


def steps_of() -> list[Counter[str]]:
    """How often each step was taken, by assessment."""
    found: dict[int, Counter[str]] = {}
    for of, step in db.session.execute(select(AssessmentEvent.assessment_id, AssessmentEvent.step)):
        found.setdefault(of, Counter())[step] += 1
    return [found[of] for of in sorted(found)]


def test_two_coaches_take_on_the_same(config: Config, waiting: list[int], ada: User, ben: User) -> None:
    coaches = {ada.id, ben.id}
    together(config, ("take on", ada.id, waiting), ("take on", ben.id, waiting))
    assert steps_of() == [Counter({Step.SUBMIT: 1, Step.TAKE_ON: 1})] * MANY
    found = db.session.execute(select(Assessment.state, Assessment.verifier_id)).all()
    assert {state for state, _ in found} == {State.VERIFYING}
    assert {verifier for _, verifier in found} <= coaches


def test_a_coach_takes_on_what_the_team_takes_back(config: Config, waiting: list[int], lin: User, ada: User) -> None:
    together(config, ("take on", ada.id, waiting), ("take back", lin.id, waiting))
    for steps in steps_of():
        assert steps[Step.TAKE_ON] + steps[Step.TAKE_BACK] == 1
    for state, verifier_id in db.session.execute(select(Assessment.state, Assessment.verifier_id)):
        assert (state, verifier_id) in {(State.VERIFYING, ada.id), (State.ANSWERING, None)}


def test_confirmed_twice(config: Config, waiting: list[int], ada: User) -> None:
    for of in waiting:
        taken_on(of, ada)
        agreed(of, ada)
    together(config, ("confirm", ada.id, waiting), ("confirm", ada.id, waiting))
    assert [steps[Step.CONFIRM] for steps in steps_of()] == [1] * MANY
    taken = db.session.execute(select(Snapshot.assessment_id).order_by(Snapshot.assessment_id)).scalars().all()
    assert taken == waiting


@pytest.mark.parametrize("other", ["hand back", "return"])
def test_confirmed_while_it_is_given_away(config: Config, waiting: list[int], ada: User, other: str) -> None:
    for of in waiting:
        taken_on(of, ada)
        agreed(of, ada)
        assert answer_of(of, "version-control").level == 2
    together(config, ("confirm", ada.id, waiting), (other, ada.id, waiting))
    for steps in steps_of():
        assert steps[Step.CONFIRM] + steps[Step.HAND_BACK] + steps[Step.RETURN] == 1
    final = select(Assessment.id).where(Assessment.state == State.FINAL).order_by(Assessment.id)
    taken = select(Snapshot.assessment_id).order_by(Snapshot.assessment_id)
    assert db.session.execute(taken).all() == db.session.execute(final).all()
