"""Assessments in every state, made by the same services as people use. A test reads like a story."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from app.accounts.models import Team, User
from app.capabilities.models import Framework
from app.kernel.db import transaction
from app.maturity.assessing import service
from app.maturity.assessing.answering import Answered, add_evidence, answer_finding, answer_for
from app.maturity.assessing.rules import Said, Shown
from app.maturity.models import Answer, Finding, FindingWord
from app.maturity.rules import EvidenceKind, Step, Verdict
from app.maturity.service import lock, take_step
from app.maturity.targets.rules import Wish
from app.maturity.targets.service import set_targets

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
EVERYWHERE = {"version-control": 2, "change-management": 3, "test-automation": 1}


def begin(team: Team, framework: Framework, actor: User, title: str = "2026, second half") -> int:
    """A running assessment; its id."""
    with transaction() as session:
        assessment, _is_new = service.start(session, team, framework, title=title, actor=actor, now=NOW)
        return assessment.id


def say(
    assessment_id: int, capability: str, said: Said, actor: User, *, base: int = 0, now: datetime = NOW
) -> Answered:
    with transaction() as session:
        return answer_for(session, assessment_id, capability, said, base=base, actor=actor, now=now)


def say_all(assessment_id: int, actor: User, levels: Mapping[str, int] = EVERYWHERE) -> None:
    for capability, level in levels.items():
        say(assessment_id, capability, Said(level), actor)


def submitted(team: Team, framework: Framework, actor: User) -> int:
    assessment_id = begin(team, framework, actor)
    say_all(assessment_id, actor)
    with transaction() as session:
        service.submit(session, assessment_id, actor=actor, now=NOW)
    return assessment_id


def step(assessment_id: int, which: Step, actor: User, *, now: datetime = NOW) -> None:
    """A step alone, without what else belongs to it."""
    with transaction() as session:
        take_step(session, lock(session, assessment_id), which, actor=actor, now=now)


def find(
    assessment_id: int,
    capability: str,
    verdict: Verdict,
    coach: User,
    text: str,
    *,
    level: int | None = None,
    now: datetime = NOW,
) -> None:
    """What a coach says of an answer as it stands, as the rows that verifying leaves."""
    with transaction() as session:
        assessment = lock(session, assessment_id)
        answer: Answer = next(each for each in assessment.answers if each.capability == capability)
        session.add(
            Finding(
                assessment_id=assessment_id,
                capability=capability,
                verdict=verdict,
                level=level,
                answer_revision=answer.revision,
                coach_id=coach.id,
                at=now,
            )
        )
        session.add(
            FindingWord(
                assessment_id=assessment_id,
                capability=capability,
                verdict=verdict,
                level=level,
                text=text,
                author_id=coach.id,
                at=now,
            )
        )


def returned(team: Team, framework: Framework, actor: User, coach: User) -> int:
    """Back with the team: the coach differs about version control, and asks about test automation."""
    assessment_id = submitted(team, framework, actor)
    step(assessment_id, Step.TAKE_ON, coach)
    find(assessment_id, "version-control", Verdict.DIFFER, coach, "Branches live for months.", level=1)
    find(assessment_id, "test-automation", Verdict.ASK, coach, "Which tests run by themselves?")
    find(assessment_id, "change-management", Verdict.AGREE, coach, "")
    step(assessment_id, Step.RETURN, coach)
    return assessment_id


def add_one(number: int, team: Team, other: Team, framework: Framework, reader: User, coach: User) -> None:
    """One more of everything that the reader's lists show: an assessment of a team of the reader's, with evidence, words and
    targets on the first of them, and one of another team that waits. `reader` is in `team`, `coach` in neither.
    """
    with transaction() as session:
        session.get_one(Team, team.id).slug = f"small-team-{number}"
        lead = session.get_one(Team, other.id).memberships[0].user
    submitted(other, framework, lead)
    made = returned(team, framework, reader, coach)
    first = made if not number else 2
    capability = list(EVERYWHERE)[number % 3]
    link = Shown(EvidenceKind.LINK, f"Small link {number}", "https://example.com/")
    with transaction() as session:
        add_evidence(session, first, capability, link, actor=reader, now=NOW)
    with transaction() as session:
        answer_finding(session, first, capability, f"Small word {number}", actor=reader, now=NOW)
    with transaction() as session:
        wishes = {capability: Wish(number % 5 + 1, None, f"Small {number}")}
        set_targets(session, team, framework, wishes, was={}, actor=reader, today=NOW.date(), now=NOW)
