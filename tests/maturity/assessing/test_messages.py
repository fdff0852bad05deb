"""What people read when an assessment moves on, in both languages; and nothing of what was written in it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app.accounts.models import Membership, RoleGrant, Team, User
from app.accounts.rules import Role
from app.capabilities.models import Framework
from app.jobs.messages import reading_as, word
from app.jobs.models import Mail
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.maturity.assessing import service
from app.maturity.assessing.answering import answer_finding
from app.maturity.messages import WORDINGS
from app.maturity.rules import State, Step
from app.maturity.telling import WITHOUT_COACH, kind_of
from app.notifications.models import Notice
from app.notifications.rules import Topic
from app.notifications.topics import topic_of
from tests.factories.assessments import NOW, begin, returned, say_all, step, submitted
from tests.factories.people import make_user
from tests.factories.verifying import take_on

PARAMS = {
    "id": 1,
    "team": "Payments",
    "team_slug": "payments",
    "framework": {"en": "Continuous delivery", "zh": "持续交付"},
    "title": "2026, second half",
    "actor": "Lin Yue",
}


@pytest.mark.parametrize("kind", sorted(WORDINGS))
@pytest.mark.parametrize(("language", "name"), [("en", "Continuous delivery"), ("zh", "持续交付")])
def test_each_kind_is_worded_in_both_languages(app: Flask, kind: str, language: str, name: str) -> None:
    with reading_as(language, "Asia/Shanghai"):
        message = word(kind, PARAMS)
        assert name in message.subject
        assert message.body
        assert message.url is not None
        # Administrators do not see the assessment; they are led to where roles are given.
        path = "/people/" if kind == WITHOUT_COACH else "/maturity/assessments/1"
        assert message.url.startswith(app.config["GUILDHALL"].site_url + path)
        assert topic_of(kind) is Topic.ASSESSMENTS


def test_every_step_has_words() -> None:
    assert {kind_of(each) for each in Step} <= set(WORDINGS)


def test_who_hears_of_each_step(team: Team, framework: Framework, lin: User, max_: User, cora: User) -> None:
    assessment_id = returned(team, framework, lin, cora)
    for capability in ("version-control", "test-automation"):
        with transaction() as session:
            answer_finding(session, assessment_id, capability, "A secret word", actor=max_, now=NOW)
    with transaction() as session:
        service.reply(session, assessment_id, actor=lin, now=NOW, comment="A secret word")
    step(assessment_id, Step.CONFIRM, cora)
    told = [tuple(each) for each in db.session.execute(select(Notice.user_id, Notice.kind).order_by(Notice.id))]
    assert told == [
        (cora.id, "assessment waiting"),
        (lin.id, "assessment take on"),
        (lin.id, "assessment return"),
        (cora.id, "assessment reply"),
        (lin.id, "assessment confirm"),
    ]
    kept = [str(params) for params in db.session.execute(select(Mail.params)).scalars()]
    kept += [str(params) for params in db.session.execute(select(Notice.params)).scalars()]
    assert [text for text in kept if "secret" in text] == []


def test_a_coach_who_loses_it_is_told(team: Team, framework: Framework, lin: User, cora: User) -> None:
    assessment_id = returned(team, framework, lin, cora)
    with transaction() as session:
        done = service.withdraw(session, assessment_id, reason="A secret word", actor=lin, now=NOW)
        assert done.state == State.WITHDRAWN
    last = db.session.execute(select(Notice).order_by(Notice.id.desc()).limit(1)).scalar_one()
    assert (last.user_id, last.kind, "secret" in str(last.params)) == (cora.id, "assessment withdraw", False)


def told_since(number: int) -> list[tuple[str, str]]:
    """(name, kind) of every notice after the first `number`."""
    query = select(User.name, Notice.kind).join(User, User.id == Notice.user_id).order_by(Notice.id)
    return [(name, kind) for name, kind in db.session.execute(query)][number:]


def lose(coach: User, team: Team, how: str) -> None:
    """The coach cannot verify what the team says any more."""
    with transaction() as session:
        if how == "role":
            session.execute(delete(RoleGrant).where(RoleGrant.user_id == coach.id))
        elif how == "account":
            session.get_one(User, coach.id).disabled_at = utc_now()
        else:
            session.add(Membership(team_id=team.id, user_id=coach.id))


def answer_and_reply(assessment_id: int, actor: User) -> None:
    for capability in ("version-control", "test-automation"):
        with transaction() as session:
            answer_finding(session, assessment_id, capability, "We see it so.", actor=actor, now=NOW)
    with transaction() as session:
        service.reply(session, assessment_id, actor=actor, now=NOW)


@pytest.mark.parametrize("how", ["role", "account", "team"])
def test_a_reply_to_a_coach_who_cannot_verify_any_more_goes_to_the_others(
    team: Team, framework: Framework, lin: User, cora: User, how: str
) -> None:
    assessment_id = returned(team, framework, lin, cora)
    make_user("Ben Coach", Role.COACH)
    before = len(told_since(0))
    lose(cora, team, how)
    answer_and_reply(assessment_id, lin)
    assert told_since(before) == [("Ben Coach", "assessment waiting")]


def test_what_is_taken_over_was_not_given_back(team: Team, framework: Framework, lin: User, cora: User) -> None:
    """Ben does not say that he cannot verify it; he takes it on."""
    assessment_id = submitted(team, framework, lin)
    take_on(assessment_id, cora)
    ben = make_user("Ben Coach", Role.COACH)
    lose(cora, team, "role")
    before = len(told_since(0))
    take_on(assessment_id, ben)
    assert told_since(before) == [("Lin Yue", "assessment take on")]


def test_where_nobody_verifies_administrators_hear_of_it(team: Team, framework: Framework, lin: User) -> None:
    make_user("Adam", Role.ADMINISTRATOR)
    make_user("Lea", Role.LEADER)
    assessment_id = begin(team, framework, lin)
    say_all(assessment_id, lin)
    with transaction() as session:
        service.submit(session, assessment_id, actor=lin, now=NOW)
    assert told_since(0) == [("Adam", WITHOUT_COACH)]
