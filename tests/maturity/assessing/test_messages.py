"""What people read when an assessment moves on, in both languages; and nothing of what was written in it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Team, User
from app.capabilities.models import Framework
from app.jobs.messages import reading_as, word
from app.jobs.models import Mail
from app.kernel.db import db, transaction
from app.maturity.assessing import service
from app.maturity.assessing.answering import answer_finding
from app.maturity.messages import WORDINGS
from app.maturity.rules import State, Step
from app.maturity.telling import kind_of
from app.notifications.models import Notice
from app.notifications.rules import Topic
from app.notifications.topics import topic_of
from tests.factories.assessments import NOW, returned, step

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
        assert message.url.startswith(app.config["GUILDHALL"].site_url + "/maturity/assessments/1")
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
