"""A coach who is not of the team looks at what it says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app.accounts.models import Membership, RoleGrant, Team, User
from app.accounts.rules import Role
from app.capabilities.models import Framework
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from app.maturity.assessing import service as assessing
from app.maturity.assessing.answering import add_evidence, answer_finding
from app.maturity.assessing.rules import Said, Shown
from app.maturity.models import Assessment, Finding, FindingWord, Snapshot
from app.maturity.policy import can_read, is_stranded
from app.maturity.queries import get_assessment, list_in_hand, list_waiting, visible_to
from app.maturity.rules import EvidenceKind, State, Verdict
from app.maturity.verifying import service
from app.maturity.verifying.looking import look_at
from app.notifications.models import Notice
from tests.factories.assessments import NOW, begin, say, submitted
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.factories.verifying import agree_to_rest, answer_of, confirm, give_back, judge, take_on, verified

LATER = NOW + timedelta(hours=1)
LATEST = NOW + timedelta(hours=2)


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
def team(lin: User) -> Team:
    return make_team("Payments", lead=lin)


@pytest.fixture
def framework(app: Flask) -> Framework:
    return make_framework()


@pytest.fixture
def waiting(team: Team, framework: Framework, lin: User) -> int:
    return submitted(team, framework, lin)


@pytest.fixture
def in_hand(waiting: int, ada: User) -> int:
    take_on(waiting, ada)
    return waiting


def state_of(assessment_id: int) -> tuple[str, int | None]:
    assessment = db.session.get_one(Assessment, assessment_id)
    return assessment.state, assessment.verifier_id


def verdicts_of(assessment_id: int) -> dict[str, Verdict | None]:
    desk = look_at(get_assessment(assessment_id), "en")
    return {item.question.slug: item.verdict for item in desk.items}


def thread_of(assessment_id: int, capability: str = "version-control") -> list[tuple[str | None, int | None, str]]:
    query = select(FindingWord).where(FindingWord.assessment_id == assessment_id, FindingWord.capability == capability)
    words = db.session.execute(query.order_by(FindingWord.id)).scalars()
    return [(word.verdict, word.level, word.text) for word in words]


def reply(assessment_id: int, actor: User, text: str = "We have looked.") -> None:
    """The team answers every finding in words and sends it back."""
    capabilities = db.session.execute(
        select(Finding.capability).where(Finding.assessment_id == assessment_id, Finding.verdict != Verdict.AGREE)
    ).scalars()
    for capability in capabilities.all():
        with transaction() as session:
            answer_finding(session, assessment_id, capability, text, actor=actor, now=LATER)
    with transaction() as session:
        assessing.reply(session, assessment_id, actor=actor, now=LATER)


def test_what_a_coach_takes_on_is_in_that_coachs_hands(waiting: int, ada: User, ben: User) -> None:
    assert [each.id for each in list_waiting(ada)] == [waiting]
    take_on(waiting, ada)
    assert state_of(waiting) == (State.VERIFYING, ada.id)
    assert [each.id for each in list_in_hand(ada)] == [waiting]
    assert list_waiting(ben) == []
    with pytest.raises(ConflictError):
        take_on(waiting, ben)


def test_nobody_verifies_the_own_team(team: Team, framework: Framework, ada: User) -> None:
    own = make_team("Own", lead=ada)
    waiting = submitted(own, framework, ada)
    assert list_waiting(ada) == []
    with pytest.raises(ForbiddenError):
        take_on(waiting, ada)


def test_members_verify_nothing(waiting: int) -> None:
    with pytest.raises(ForbiddenError):
        take_on(waiting, make_user("Otto"))


def test_a_coach_who_joins_the_team_may_not_go_on_and_another_takes_it_over(
    in_hand: int, team: Team, ada: User, ben: User
) -> None:
    with transaction() as session:
        session.add(Membership(team_id=team.id, user_id=ada.id))
    for act in (judge, lambda *a: agree_to_rest(in_hand, ada), lambda *a: confirm(in_hand, ada)):
        with pytest.raises(ForbiddenError):
            act(in_hand, "version-control", Verdict.AGREE, ada)
    assert [each.id for each in list_waiting(ben)] == [in_hand]
    take_on(in_hand, ben)
    assert state_of(in_hand) == (State.VERIFYING, ben.id)


@pytest.mark.parametrize("lost", ["role", "account"])
def test_what_a_coach_leaves_behind_waits_for_another(in_hand: int, ada: User, ben: User, lost: str) -> None:
    with transaction() as session:
        if lost == "role":
            session.execute(delete(RoleGrant).where(RoleGrant.user_id == ada.id))
        else:
            session.get_one(User, ada.id).disabled_at = utc_now()
    assessment = get_assessment(in_hand)
    assert is_stranded(assessment)
    assert can_read(ben, assessment)
    assert db.session.execute(visible_to(ben)).unique().scalars().all() == [assessment]
    take_on(in_hand, ben)
    assert state_of(in_hand) == (State.VERIFYING, ben.id)


def test_whoever_hands_back_leaves_nothing_that_holds(in_hand: int, ada: User, ben: User) -> None:
    judge(in_hand, "version-control", Verdict.AGREE, ada, "Fine.")
    with transaction() as session:
        service.hand_back(session, in_hand, reason="Too busy", actor=ada, now=LATER)
    assert state_of(in_hand) == (State.SUBMITTED, None)
    take_on(in_hand, ben)
    assert set(verdicts_of(in_hand).values()) == {None}
    assert thread_of(in_hand) == [("agree", None, "Fine.")]


def test_a_finding_is_kept_with_its_words(in_hand: int, ada: User) -> None:
    judge(in_hand, "version-control", Verdict.DIFFER, ada, "Branches live for months.", level=1)
    assert verdicts_of(in_hand)["version-control"] is Verdict.DIFFER
    assert thread_of(in_hand) == [("differ", 1, "Branches live for months.")]


def test_words_are_written_over_until_the_team_has_seen_them(in_hand: int, lin: User, ada: User) -> None:
    judge(in_hand, "version-control", Verdict.DIFFER, ada, "Bran", level=1)
    judge(in_hand, "version-control", Verdict.ASK, ada, "Show me the branches.")
    assert thread_of(in_hand) == [("ask", None, "Show me the branches.")]
    give_back(in_hand, ada)
    reply(in_hand, lin, "Here they are.")
    judge(in_hand, "version-control", Verdict.AGREE, ada, now=LATEST)
    assert thread_of(in_hand) == [
        ("ask", None, "Show me the branches."),
        (None, None, "Here they are."),
        ("agree", None, ""),
    ]


def test_words_that_the_team_has_seen_stay_as_they_were(in_hand: int, lin: User, ada: User) -> None:
    judge(in_hand, "version-control", Verdict.DIFFER, ada, "Branches.", level=1)
    agree_to_rest(in_hand, ada)
    give_back(in_hand, ada)
    say(in_hand, "version-control", Said(4), lin, base=answer_of(in_hand, "version-control").revision, now=LATER)
    with transaction() as session:
        assessing.reply(session, in_hand, actor=lin, now=LATER)
    judge(in_hand, "version-control", Verdict.DIFFER, ada, "Now less than ever.", level=2, now=LATEST)
    assert thread_of(in_hand) == [("differ", 1, "Branches."), ("differ", 2, "Now less than ever.")]


@pytest.mark.parametrize(
    ("verdict", "level", "text", "field"),
    [
        (Verdict.DIFFER, None, "Why", "level"),
        (Verdict.DIFFER, 2, "Why", "level"),
        (Verdict.DIFFER, 9, "Why", "level"),
        (Verdict.DIFFER, 1, " ", "text"),
        (Verdict.ASK, None, "", "text"),
        (Verdict.AGREE, None, "x" * 4001, "text"),
    ],
)
def test_a_finding_that_tells_the_team_nothing_is_refused(
    in_hand: int, ada: User, verdict: Verdict, level: int | None, text: str, field: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        judge(in_hand, "version-control", verdict, ada, text, level=level)
    assert refused.value.field == field


def test_what_was_not_looked_at_is_not_judged(in_hand: int, ada: User) -> None:
    with pytest.raises(ConflictError):
        judge(in_hand, "version-control", Verdict.AGREE, ada, base=0)


def test_a_finding_does_not_hold_once_the_answer_has_changed(in_hand: int, lin: User, ada: User) -> None:
    judge(in_hand, "version-control", Verdict.DIFFER, ada, "Branches.", level=1)
    agree_to_rest(in_hand, ada)
    give_back(in_hand, ada)
    say(in_hand, "version-control", Said(1), lin, base=answer_of(in_hand, "version-control").revision, now=LATER)
    with transaction() as session:
        assessing.reply(session, in_hand, actor=lin, now=LATER)
    found = verdicts_of(in_hand)
    assert found.pop("version-control") is None
    assert set(found.values()) == {Verdict.AGREE}


def test_more_evidence_has_the_coach_look_again(in_hand: int, lin: User, ada: User) -> None:
    judge(in_hand, "version-control", Verdict.ASK, ada, "Show me.")
    give_back(in_hand, ada)
    with transaction() as session:
        shown = Shown(EvidenceKind.LINK, "The branches", "https://git.example/")
        add_evidence(session, in_hand, "version-control", shown, actor=lin, now=LATER)
        assessing.reply(session, in_hand, actor=lin, now=LATER)
    assert verdicts_of(in_hand)["version-control"] is None


def test_it_is_returned_only_with_something_to_do(in_hand: int, ada: User) -> None:
    agree_to_rest(in_hand, ada)
    with pytest.raises(ConflictError):
        give_back(in_hand, ada)
    judge(in_hand, "version-control", Verdict.ASK, ada, "Show me.")
    give_back(in_hand, ada)
    assert state_of(in_hand) == (State.RETURNED, ada.id)


def test_it_is_confirmed_only_when_everything_was_looked_at(in_hand: int, ada: User) -> None:
    judge(in_hand, "version-control", Verdict.AGREE, ada)
    with pytest.raises(ConflictError):
        confirm(in_hand, ada)
    assert agree_to_rest(in_hand, ada) == 2
    judge(in_hand, "version-control", Verdict.ASK, ada, "Show me.")
    with pytest.raises(ConflictError):
        confirm(in_hand, ada)
    assert db.session.execute(select(Snapshot)).scalars().all() == []
    assert state_of(in_hand) == (State.VERIFYING, ada.id)


def test_a_reply_in_words_has_to_be_looked_at(in_hand: int, lin: User, ada: User) -> None:
    judge(in_hand, "version-control", Verdict.DIFFER, ada, "Branches.", level=1)
    agree_to_rest(in_hand, ada)
    give_back(in_hand, ada)
    reply(in_hand, lin)
    with pytest.raises(ConflictError):
        confirm(in_hand, ada, now=LATEST)
    judge(in_hand, "version-control", Verdict.DIFFER, ada, "Still.", level=1, now=LATEST)
    confirm(in_hand, ada, now=LATEST)
    assert state_of(in_hand) == (State.FINAL, ada.id)


def test_the_team_is_told_that_it_is_final(in_hand: int, lin: User, ada: User) -> None:
    agree_to_rest(in_hand, ada)
    confirm(in_hand, ada)
    query = select(Notice.kind).where(Notice.user_id == lin.id).order_by(Notice.id)
    assert db.session.execute(query).scalars().all() == ["assessment take on", "assessment confirm"]


def test_the_next_assessment_can_begin_when_this_one_is_final(
    team: Team, framework: Framework, lin: User, ada: User
) -> None:
    first = submitted(team, framework, lin)
    verified(first, ada)
    assert begin(team, framework, lin) != first


def unheard(assessment_id: int) -> list[str]:
    return [item.question.slug for item in look_at(get_assessment(assessment_id), "en").unheard]


def test_a_level_that_the_team_has_not_seen_is_unheard_in_a_later_round_too(in_hand: int, lin: User, ada: User) -> None:
    """She agreed in the first round, and returned it for something else."""
    judge(in_hand, "version-control", Verdict.AGREE, ada)
    judge(in_hand, "test-automation", Verdict.ASK, ada, "Which tests?")
    give_back(in_hand, ada)
    reply(in_hand, lin)
    judge(in_hand, "version-control", Verdict.DIFFER, ada, "After all.", level=1, now=LATEST)
    agree_to_rest(in_hand, ada, now=LATEST)
    assert look_at(get_assessment(in_hand), "en").tally.can_confirm
    assert unheard(in_hand) == ["version-control"]


def test_what_the_team_was_shown_and_has_replied_to_is_heard(in_hand: int, lin: User, ada: User) -> None:
    judge(in_hand, "version-control", Verdict.DIFFER, ada, "Branches.", level=1)
    assert unheard(in_hand) == ["version-control"]
    give_back(in_hand, ada)
    reply(in_hand, lin)
    judge(in_hand, "version-control", Verdict.DIFFER, ada, "Still.", level=1, now=LATEST)
    assert unheard(in_hand) == []
    judge(in_hand, "version-control", Verdict.DIFFER, ada, "Even higher.", level=5, now=LATEST)
    assert unheard(in_hand) == ["version-control"]


def test_what_a_coach_noted_who_handed_it_back_was_not_heard_either(in_hand: int, ada: User, ben: User) -> None:
    judge(in_hand, "version-control", Verdict.DIFFER, ada, "Branches.", level=1)
    with transaction() as session:
        service.hand_back(session, in_hand, reason="Too busy", actor=ada, now=LATER)
    take_on(in_hand, ben, now=LATER)
    judge(in_hand, "version-control", Verdict.DIFFER, ben, "I see it so, too.", level=1, now=LATER)
    assert unheard(in_hand) == ["version-control"]
