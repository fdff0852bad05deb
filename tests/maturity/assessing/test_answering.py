"""Several people answer at once, and nothing that anybody said is lost."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.models import Team, User
from app.capabilities.models import Framework
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from app.maturity.assessing import service
from app.maturity.assessing.answering import (
    AnswerConflictError,
    add_evidence,
    answer_finding,
    remove_evidence,
    said_in,
)
from app.maturity.assessing.rules import Said, Shown
from app.maturity.assessing.service import IncompleteError
from app.maturity.models import AnswerEvent, Assessment
from app.maturity.queries import get_assessment
from app.maturity.rules import EvidenceKind, State, Step
from tests.factories.assessments import NOW, begin, returned, say, say_all, step, submitted

pytestmark = pytest.mark.both_databases
LINK = Shown(EvidenceKind.LINK, "The pipeline", "https://ci.example/")


def kept(assessment_id: int, capability: str = "version-control") -> Said:
    assessment = get_assessment(assessment_id)
    return said_in(next(each for each in assessment.answers if each.capability == capability))


def test_an_answer_is_kept_with_its_history(running: int, lin: User, max_: User) -> None:
    first = say(running, "version-control", Said(2, note="Trunk only"), lin).answer.revision
    say(running, "version-control", Said(3, note="Trunk only"), max_, base=first)
    assert kept(running) == Said(3, note="Trunk only")
    events = db.session.execute(select(AnswerEvent).order_by(AnswerEvent.id)).scalars()
    assert [(each.actor_id, each.level) for each in events] == [(lin.id, 2), (max_.id, 3)]


def test_saving_the_same_again_writes_nothing(running: int, lin: User) -> None:
    answered = say(running, "version-control", Said(2), lin)
    revision = answered.answer.revision
    assert say(running, "version-control", Said(2), lin, base=revision).answer.revision == revision
    assert len(db.session.execute(select(AnswerEvent)).scalars().all()) == 1


def test_a_level_and_a_note_given_at_once_are_both_kept(running: int, lin: User, max_: User) -> None:
    base = say(running, "version-control", Said(2, note="old"), lin).answer.revision
    say(running, "version-control", Said(3, note="old"), lin, base=base)
    answered = say(running, "version-control", Said(2, note="new"), max_, base=base)
    assert answered.is_merged
    assert kept(running) == Said(3, note="new")


def test_two_levels_given_at_once_are_both_shown_and_neither_is_lost(running: int, lin: User, max_: User) -> None:
    base = say(running, "version-control", Said(2), lin).answer.revision
    say(running, "version-control", Said(3), lin, base=base)
    with pytest.raises(AnswerConflictError) as refused:
        say(running, "version-control", Said(4), max_, base=base)
    assert refused.value.mine == Said(4)
    assert (said_in(refused.value.theirs), refused.value.theirs.changed_by) == (Said(3), lin)
    assert kept(running) == Said(3)
    say(running, "version-control", Said(4), max_, base=refused.value.theirs.revision)
    assert kept(running) == Said(4)


def test_two_who_both_answer_first_are_asked_too(running: int, lin: User, max_: User) -> None:
    say(running, "version-control", Said(3), lin)
    with pytest.raises(AnswerConflictError):
        say(running, "version-control", Said(4), max_)
    assert not say(running, "version-control", Said(3), max_).is_merged


def test_evidence_of_somebody_else_is_no_conflict(running: int, lin: User, max_: User) -> None:
    base = say(running, "version-control", Said(2), lin).answer.revision
    with transaction() as session:
        add_evidence(session, running, "version-control", LINK, actor=max_, now=NOW)
    say(running, "version-control", Said(3), lin, base=base)
    assert kept(running) == Said(3)
    assert len(get_assessment(running).answers[0].evidence) == 1


def test_evidence_can_come_before_the_answer_and_go_again(running: int, lin: User) -> None:
    with transaction() as session:
        answer = add_evidence(session, running, "version-control", LINK, actor=lin, now=NOW)
        evidence_id = answer.evidence[0].id
    assert not kept(running).is_answer
    say(running, "version-control", Said(2), lin)
    with transaction() as session:
        remove_evidence(session, running, evidence_id, actor=lin, now=NOW)
    assert get_assessment(running).answers[0].evidence == []
    with pytest.raises(NotFoundError), transaction() as session:
        remove_evidence(session, running, evidence_id, actor=lin, now=NOW)


def test_there_is_an_end_to_evidence(running: int, lin: User) -> None:
    for _number in range(12):
        with transaction() as session:
            add_evidence(session, running, "version-control", LINK, actor=lin, now=NOW)
    with pytest.raises(ConflictError), transaction() as session:
        add_evidence(session, running, "version-control", LINK, actor=lin, now=NOW)


def test_only_what_is_asked_can_be_answered(running: int, lin: User) -> None:
    with pytest.raises(NotFoundError):
        say(running, "no-such-thing", Said(2), lin)


def test_only_the_team_answers(running: int, olga: User) -> None:
    with pytest.raises(ForbiddenError):
        say(running, "version-control", Said(2), olga)


def test_what_is_submitted_stands_still(team: Team, framework: Framework, lin: User) -> None:
    assessment_id = submitted(team, framework, lin)
    base = get_assessment(assessment_id).answers[0].revision
    with pytest.raises(ConflictError):
        say(assessment_id, "version-control", Said(5), lin, base=base)
    step(assessment_id, Step.TAKE_BACK, lin)
    say(assessment_id, "version-control", Said(5), lin, base=base)


def test_submitting_names_what_is_missing(running: int, lin: User) -> None:
    say(running, "version-control", Said(2), lin)
    say(running, "test-automation", Said(is_not_applicable=True, reason="No code of our own"), lin)
    with pytest.raises(IncompleteError) as refused, transaction() as session:
        service.submit(session, running, actor=lin, now=NOW)
    assert [question.slug for question in refused.value.missing] == ["change-management"]
    assert db.session.get_one(Assessment, running).state == State.ANSWERING
    say(running, "change-management", Said(1), lin)
    with transaction() as session:
        assert service.submit(session, running, actor=lin, now=NOW).state == State.SUBMITTED


def test_of_two_who_begin_at_once_the_second_gets_what_the_first_began(
    team: Team, framework: Framework, lin: User, max_: User
) -> None:
    assert begin(team, framework, lin) == begin(team, framework, max_)


def test_a_withdrawn_assessment_makes_room_for_another(
    running: int, team: Team, framework: Framework, lin: User
) -> None:
    with transaction() as session:
        service.withdraw(session, running, reason="Too early", actor=lin, now=NOW)
    assert begin(team, framework, lin) != running


def test_a_finding_is_answered_by_another_answer_or_in_words(
    team: Team, framework: Framework, lin: User, max_: User, cora: User
) -> None:
    assessment_id = returned(team, framework, lin, cora)
    with pytest.raises(IncompleteError) as refused, transaction() as session:
        service.reply(session, assessment_id, actor=lin, now=NOW)
    assert sorted(refused.value.open_findings) == ["test-automation", "version-control"]
    base = {each.capability: each.revision for each in get_assessment(assessment_id).answers}
    say(assessment_id, "version-control", Said(1), max_, base=base["version-control"])
    with transaction() as session:
        answer_finding(session, assessment_id, "test-automation", "None of them.", actor=lin, now=NOW)
    with transaction() as session:
        assert service.reply(session, assessment_id, actor=lin, now=NOW).state == State.VERIFYING


def test_saying_everything_leaves_nothing_missing(running: int, lin: User) -> None:
    say_all(running, lin)
    with transaction() as session:
        assert service.submit(session, running, actor=lin, now=NOW).state == State.SUBMITTED
