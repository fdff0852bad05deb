"""What a coach does with an assessment, by the same services as people use."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.accounts.models import Team, User
from app.capabilities.models import Framework
from app.kernel.db import transaction
from app.kernel.errors import DomainError
from app.maturity.models import Answer, FindingWord
from app.maturity.queries import get_assessment
from app.maturity.rules import Verdict
from app.maturity.verifying import service
from app.maturity.verifying.rules import Judgement, Sent
from tests.factories.assessments import EVERYWHERE, NOW
from tests.factories.maturity import make_snapshot


def answer_of(assessment_id: int, capability: str) -> Answer:
    return next(each for each in get_assessment(assessment_id).answers if each.capability == capability)


def take_on(assessment_id: int, coach: User, *, now: datetime = NOW) -> None:
    with transaction() as session:
        service.take_on(session, assessment_id, actor=coach, now=now)


def judge(
    assessment_id: int,
    capability: str,
    verdict: Verdict,
    coach: User,
    text: str = "",
    *,
    level: int | None = None,
    base: int | None = None,
    now: datetime = NOW,
) -> None:
    """Raises what the coach would be told."""
    seen = answer_of(assessment_id, capability).revision if base is None else base
    with transaction() as session:
        sent = {capability: Sent(Judgement(verdict, level, text), seen)}
        refused: dict[str, DomainError] = service.judge(session, assessment_id, sent, actor=coach, now=now)
        for error in refused.values():
            raise error


def agree_to_rest(assessment_id: int, coach: User, *, now: datetime = NOW) -> int:
    with transaction() as session:
        return service.agree_to_rest(session, assessment_id, actor=coach, now=now)


def give_back(assessment_id: int, coach: User, comment: str = "", *, now: datetime = NOW) -> None:
    with transaction() as session:
        service.give_back(session, assessment_id, comment=comment, actor=coach, now=now)


def confirm(assessment_id: int, coach: User, *, now: datetime = NOW) -> int:
    """The id of the snapshot."""
    with transaction() as session:
        return service.confirm(session, assessment_id, comment="", actor=coach, now=now).id


def verified(assessment_id: int, coach: User, *, now: datetime = NOW) -> int:
    """Taken on, agreed to and confirmed; the id of the snapshot."""
    take_on(assessment_id, coach, now=now)
    agree_to_rest(assessment_id, coach, now=now)
    return confirm(assessment_id, coach, now=now)


def add_one(number: int, first_team: Team, framework: Framework, reader: User) -> None:
    """One more of everything that a coach's lists show: words on the first assessment, which `reader` has in hand, and a snapshot of
    `first_team`.
    """
    if not number:
        take_on(1, reader)
    capability = list(EVERYWHERE)[number % 3]
    with transaction() as session:
        word = FindingWord(assessment_id=1, capability=capability, text=f"Small {number}", author_id=reader.id, at=NOW)
        session.add(word)
    judge(1, capability, Verdict.ASK, reader, f"Small question {number}")
    make_snapshot(first_team, framework, EVERYWHERE, taken_at=NOW + timedelta(days=number))
