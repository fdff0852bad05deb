"""Reading what belongs to an assessment beside its answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Row, func, select
from sqlalchemy.orm import joinedload

from app.kernel.db import db
from app.maturity.models import (
    Answer,
    AnswerEvent,
    Assessment,
    AssessmentEvent,
    Finding,
    FindingWord,
    Snapshot,
)
from app.maturity.queries import NAME_ONLY
from app.maturity.rules import State, Step
from app.maturity.snapshots.queries import newest_ids

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def list_events(assessment_id: int) -> list[AssessmentEvent]:
    """The steps of an assessment, the latest first."""
    query = (
        select(AssessmentEvent)
        .where(AssessmentEvent.assessment_id == assessment_id)
        .options(joinedload(AssessmentEvent.actor).options(*NAME_ONLY))
        .order_by(AssessmentEvent.id.desc())
    )
    return list(db.session.execute(query).unique().scalars())


@dataclass(frozen=True)
class Judged:
    """What the team gets to see of a finding: None of `finding` while the coach is at work on it again."""

    finding: Finding | None = None
    words: Sequence[FindingWord] = field(default_factory=list)


def findings_shown(assessment: Assessment) -> dict[str, Judged]:
    """By capability. What a coach notes down while verifying is shown when it is returned, and not before."""
    if assessment.state not in {State.VERIFYING, State.RETURNED, State.FINAL}:
        return {}
    is_open = assessment.state != State.VERIFYING
    words = (
        select(FindingWord)
        .where(FindingWord.assessment_id == assessment.id)
        .options(joinedload(FindingWord.author).options(*NAME_ONLY))
        .order_by(FindingWord.id)
    )
    if not is_open:
        words = words.where(FindingWord.at <= _last_reply(assessment.id))
    by_capability: dict[str, list[FindingWord]] = {}
    for word in db.session.execute(words).unique().scalars():
        by_capability.setdefault(word.capability, []).append(word)
    query = select(Finding).where(Finding.assessment_id == assessment.id)
    findings = {row.capability: row for row in db.session.execute(query).scalars()} if is_open else {}
    return {slug: Judged(findings.get(slug), by_capability.get(slug, [])) for slug in {*findings, *by_capability}}


def _last_reply(assessment_id: int) -> datetime:
    """When the team had its last word; before it ever had one, long ago."""
    query = select(func.max(AssessmentEvent.at)).where(
        AssessmentEvent.assessment_id == assessment_id, AssessmentEvent.step == Step.REPLY
    )
    found: datetime | None = db.session.execute(query).scalar_one()
    return found or LONG_AGO


def list_history(answer: Answer) -> list[AnswerEvent]:
    """What an answer was after each change, the latest first."""
    query = (
        select(AnswerEvent)
        .where(AnswerEvent.answer_id == answer.id)
        .options(joinedload(AnswerEvent.actor).options(*NAME_ONLY))
        .order_by(AnswerEvent.revision.desc())
    )
    return list(db.session.execute(query).unique().scalars())


def latest_marks(team_ids: Sequence[int]) -> Sequence[Row[int, int, str, datetime, float | None, int]]:
    """(team, framework, title, day, score, id) of the newest snapshot of each team and framework."""
    query = select(
        Snapshot.team_id, Snapshot.framework_id, Snapshot.title, Snapshot.taken_at, Snapshot.score, Snapshot.id
    ).where(Snapshot.id.in_(newest_ids(Snapshot.team_id.in_(team_ids))))
    return db.session.execute(query).all()


def list_answered(assessment_ids: Sequence[int]) -> dict[int, set[str]]:
    """What is answered in each, by the slugs of the capabilities, as far as it need not be answered again. What is no longer asked
    is among them.
    """
    is_done = (Answer.level.is_not(None) | Answer.is_not_applicable) & Answer.is_changed_item.is_(False)
    query = select(Answer.assessment_id, Answer.capability).where(Answer.assessment_id.in_(assessment_ids), is_done)
    found: dict[int, set[str]] = {}
    for assessment_id, capability in db.session.execute(query):
        found.setdefault(assessment_id, set()).add(capability)
    return found
