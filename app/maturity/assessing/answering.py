"""What a team says of its capabilities, many people at once. Each function is one action; the caller opens the transaction.

Whoever changes something locks the assessment first, so that two who answer are put one after the other, on either database,
and nobody answers what is being submitted. An answer that somebody else has changed meanwhile is merged where that can be done,
and refused with both values where it cannot.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, undefer

from app.accounts.models import User
from app.capabilities.models import FrameworkVersion
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.maturity.assessing.questions import read_areas
from app.maturity.assessing.rules import Said, Shown, check, check_evidence, merge
from app.maturity.models import Answer, AnswerEvent, Assessment, Evidence, FindingWord
from app.maturity.policy import can_answer
from app.maturity.queries import NAME_ONLY
from app.maturity.rules import MAX_EVIDENCE, MAX_NOTE, OPEN_TO_THE_TEAM, State
from app.maturity.service import lock

NOT_YOURS = _l("Only the people of the team answer for it.")
CLOSED = _l(
    "The answers cannot be changed now: they are with a coach, or the assessment is over. Take it back first, if you can."
)
NOT_ASKED = _l("This version of the framework does not ask that.")
BOTH_CHANGED = _l(
    "Somebody else has answered this meanwhile, and differently. Nothing is lost: both are shown. Choose one."
)


class AnswerConflictError(ConflictError):
    """Two people have changed the same to something different. `theirs` is what is kept; `mine` what was not."""

    def __init__(self, theirs: Answer, mine: Said) -> None:
        super().__init__(BOTH_CHANGED)
        self.theirs, self.mine = theirs, mine


@dataclass(frozen=True)
class Answered:
    """What holds now. `is_merged`: what somebody else changed meanwhile is in it."""

    answer: Answer
    is_merged: bool = False


def said_in(answer: Answer | AnswerEvent | None) -> Said:
    if answer is None:
        return Said()
    return Said(answer.level, answer.is_not_applicable, answer.reason, answer.note)


def answer_for(
    session: Session,
    assessment_id: int,
    capability: str,
    said: Said,
    *,
    base: int,
    actor: User,
    now: datetime,
) -> Answered:
    """Keep what the actor says of `capability`, having looked at revision `base` of the answer (0: there was none).

    Raises InvalidInputError, ForbiddenError, AnswerConflictError, ConflictError where the assessment is not open to the team, and
    NotFoundError for what is not asked.
    """
    said = check(said)
    assessment = _open(session, assessment_id, actor)
    answer = _find(session, assessment, capability)
    present = said_in(answer)
    merged: Said | None = said
    if answer is not None and answer.revision != base:
        merged = merge(_said_at(session, answer, base), said, present)
        if merged is None:
            raise AnswerConflictError(answer, said)
    assert merged is not None
    if answer is None:
        answer = _new(session, assessment, capability, now)
    if merged != present or answer.is_changed_item or not answer.revision:
        _write(session, assessment, answer, merged, actor, now)
    return Answered(answer, is_merged=merged != said)


def add_evidence(
    session: Session, assessment_id: int, capability: str, shown: Shown, *, actor: User, now: datetime
) -> Answer:
    """Raises as `answer_for` does, and ConflictError where there is as much as anybody will look at."""
    check_evidence(shown)
    assessment = _open(session, assessment_id, actor)
    answer = _find(session, assessment, capability) or _new(session, assessment, capability, now)
    if len(answer.evidence) >= MAX_EVIDENCE:
        raise ConflictError(
            _l("That is enough for one answer. Take something away first, or put several into one page.")
        )
    answer.evidence.append(
        Evidence(
            kind=shown.kind,
            title=shown.title,
            link=shown.link,
            value=shown.value,
            unit=shown.unit,
            window=shown.window,
            added_by_id=actor.id,
            added_at=now,
        )
    )
    _touch(session, assessment, answer, actor, now)
    return answer


def remove_evidence(session: Session, assessment_id: int, evidence_id: int, *, actor: User, now: datetime) -> Answer:
    """Raises as `answer_for` does, and NotFoundError for what is gone."""
    assessment = _open(session, assessment_id, actor)
    query = (
        select(Answer).join(Answer.evidence).where(Answer.assessment_id == assessment.id, Evidence.id == evidence_id)
    )
    answer = session.execute(query).scalar_one_or_none()
    if answer is None:
        raise NotFoundError(_l("That has been taken away already."))
    answer.evidence[:] = [each for each in answer.evidence if each.id != evidence_id]
    _touch(session, assessment, answer, actor, now)
    return answer


def answer_finding(
    session: Session, assessment_id: int, capability: str, text: str, *, actor: User, now: datetime
) -> None:
    """What the team says of a finding. Raises InvalidInputError, ForbiddenError and ConflictError."""
    text = text.strip()
    if not text or len(text) > MAX_NOTE:
        raise InvalidInputError(_l("Say in at most 4,000 characters what the coach should know."), field="text")
    assessment = _open(session, assessment_id, actor)
    if assessment.state != State.RETURNED:
        raise ConflictError(_l("There is no finding to answer now."))
    _check_asked(session, assessment, capability)
    session.add(FindingWord(assessment_id=assessment.id, capability=capability, text=text, author_id=actor.id, at=now))
    session.flush()


def _open(session: Session, assessment_id: int, actor: User) -> Assessment:
    assessment = lock(session, assessment_id)
    if not can_answer(actor, assessment):
        raise ForbiddenError(NOT_YOURS)
    if assessment.state not in OPEN_TO_THE_TEAM:
        raise ConflictError(CLOSED)
    return assessment


def _find(session: Session, assessment: Assessment, capability: str) -> Answer | None:
    query = (
        select(Answer)
        .where(Answer.assessment_id == assessment.id, Answer.capability == capability)
        .options(joinedload(Answer.changed_by).options(*NAME_ONLY))
    )
    return session.execute(query.execution_options(populate_existing=True)).unique().scalar_one_or_none()


def _said_at(session: Session, answer: Answer, revision: int) -> Said:
    """What the answer was when somebody looked at it. Evidence counts the revision up without a word in the history."""
    query = (
        select(AnswerEvent)
        .where(AnswerEvent.answer_id == answer.id, AnswerEvent.revision <= revision)
        .order_by(AnswerEvent.revision.desc())
        .limit(1)
    )
    return said_in(session.execute(query).scalar_one_or_none())


def _new(session: Session, assessment: Assessment, capability: str, now: datetime) -> Answer:
    _check_asked(session, assessment, capability)
    answer = Answer(assessment_id=assessment.id, capability=capability, revision=0, changed_at=now, evidence=[])
    session.add(answer)
    return answer


def _check_asked(session: Session, assessment: Assessment, capability: str) -> None:
    version = session.get_one(FrameworkVersion, assessment.version_id, options=[undefer(FrameworkVersion.content)])
    if capability not in {question.slug for area in read_areas(version.content) for question in area.questions}:
        raise NotFoundError(NOT_ASKED)


def _write(session: Session, assessment: Assessment, answer: Answer, said: Said, actor: User, now: datetime) -> None:
    answer.level, answer.is_not_applicable, answer.reason = said.stand
    answer.note, answer.is_changed_item = said.note, False
    _touch(session, assessment, answer, actor, now)
    session.add(
        AnswerEvent(
            answer_id=answer.id,
            revision=answer.revision,
            level=answer.level,
            is_not_applicable=answer.is_not_applicable,
            reason=answer.reason,
            note=answer.note,
            actor_id=actor.id,
            at=now,
        )
    )
    session.flush()


def _touch(session: Session, assessment: Assessment, answer: Answer, actor: User, now: datetime) -> None:
    answer.revision, answer.changed_by_id, answer.changed_at = assessment.revision, actor.id, now
    session.flush()
    session.refresh(answer, ["changed_by"])
