"""Reading what coaches have found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.kernel.db import db
from app.maturity.models import Answer, AnswerEvent, AssessmentEvent, Finding, FindingWord
from app.maturity.queries import NAME_ONLY
from app.maturity.rules import Step


def findings_of(assessment_id: int) -> dict[str, Finding]:
    """By the slug of the capability, as they were last written, whether or not they still hold."""
    query = select(Finding).where(Finding.assessment_id == assessment_id)
    found = db.session.execute(query.execution_options(populate_existing=True)).scalars()
    return {finding.capability: finding for finding in found}


def words_of(assessment_id: int) -> dict[str, list[FindingWord]]:
    """What coach and team have said to each other, by the slug of the capability, the oldest first."""
    query = (
        select(FindingWord)
        .where(FindingWord.assessment_id == assessment_id)
        .options(joinedload(FindingWord.author).options(*NAME_ONLY))
        .order_by(FindingWord.id)
    )
    threads: dict[str, list[FindingWord]] = {}
    for word in db.session.execute(query.execution_options(populate_existing=True)).unique().scalars():
        threads.setdefault(word.capability, []).append(word)
    return threads


def last_at(assessment_ids: Sequence[int], step: Step) -> dict[int, datetime]:
    """When each of these assessments last took `step`; those that never did are left out."""
    query = (
        select(AssessmentEvent.assessment_id, func.max(AssessmentEvent.at))
        .where(AssessmentEvent.assessment_id.in_(assessment_ids), AssessmentEvent.step == step)
        .group_by(AssessmentEvent.assessment_id)
    )
    return {assessment_id: at for assessment_id, at in db.session.execute(query)}


def first_levels(assessment_id: int) -> dict[str, int | None]:
    """What the team had said of each capability before a coach first gave the answers back; without what it said only later."""
    returned = select(func.min(AssessmentEvent.at)).where(
        AssessmentEvent.assessment_id == assessment_id, AssessmentEvent.step == Step.RETURN
    )
    until = db.session.execute(returned).scalar_one()
    query = (
        select(Answer.capability, AnswerEvent.level)
        .join(Answer, Answer.id == AnswerEvent.answer_id)
        .where(Answer.assessment_id == assessment_id)
        .order_by(AnswerEvent.id)
    )
    if until is not None:
        query = query.where(AnswerEvent.at <= until)
    return {capability: level for capability, level in db.session.execute(query)}
