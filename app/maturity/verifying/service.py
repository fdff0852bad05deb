"""What a coach does with an assessment of another team. Each function is one action; the caller opens the transaction.

Whoever acts locks the assessment first, so that of two coaches who take it on one gets it, and nobody confirms what is being
taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.errors import ConflictError, DomainError, ForbiddenError, InvalidInputError
from app.maturity.models import Assessment, Finding, FindingWord, Snapshot
from app.maturity.policy import can_take_on, can_verify, is_stranded
from app.maturity.queries import get_assessment
from app.maturity.rules import State, Step, Verdict
from app.maturity.service import NOT_NOW, NOT_YOURS, lock, take_step
from app.maturity.snapshots.taking import take
from app.maturity.verifying.freezing import freeze
from app.maturity.verifying.looking import Desk, Item, look_at
from app.maturity.verifying.rules import MAX_TEXT, Judgement, Sent, check

TAKEN = _l("Another coach has taken it on, or the team has taken it back. Choose another one that waits.")
ANSWER_FIRST = _l(
    "The team has to answer this again first: the framework reads otherwise now. Return the assessment to the team."
)
MOVED_ON = _l("The team has changed this answer since the page was opened. Look at it again.")
NOTHING_TO_DO = _l(
    "There is nothing for the team to do yet. Differ somewhere or ask for something, or confirm what it says."
)
NOT_ALL = _l("It cannot be confirmed yet: look at every answer, and wait for what you have asked for.")


def take_on(session: Session, assessment_id: int, *, actor: User, now: datetime) -> Assessment:
    """Begin to verify; also what is in the hands of somebody who cannot any more. Raises ForbiddenError for the team's own people, and
    ConflictError where another coach was quicker.
    """
    assessment = lock(session, assessment_id)
    if is_stranded(assessment):
        take_step(session, assessment, Step.HAND_BACK, actor=actor, now=now)
    elif assessment.state == State.VERIFYING and can_take_on(actor, assessment):
        raise ConflictError(TAKEN)
    take_step(session, assessment, Step.TAKE_ON, actor=actor, now=now)
    return assessment


def hand_back(session: Session, assessment_id: int, *, reason: str, actor: User, now: datetime) -> Assessment:
    """Give it up for another coach, who looks at everything anew. Raises ForbiddenError, ConflictError and InvalidInputError."""
    assessment = lock(session, assessment_id)
    take_step(session, assessment, Step.HAND_BACK, actor=actor, now=now, comment=_comment(reason))
    return assessment


def judge(
    session: Session, assessment_id: int, sent: Mapping[str, Sent], *, actor: User, now: datetime
) -> dict[str, DomainError]:
    """Keep what the coach finds, by the slug of the capability. What cannot be kept comes back with the reason, and the rest is
    kept. Raises ForbiddenError, ConflictError where the assessment has moved on, and NotFoundError for what is not asked.
    """
    desk = _desk(session, assessment_id, actor)
    refused: dict[str, DomainError] = {}
    for capability, each in sent.items():
        try:
            _judge(session, desk, desk.item(capability), each, actor, now)
        except (InvalidInputError, ConflictError) as error:
            refused[capability] = error
    return refused


def _judge(session: Session, desk: Desk, item: Item, sent: Sent, actor: User, now: datetime) -> None:
    if item.answer is None or item.is_unanswered:
        raise ConflictError(ANSWER_FIRST)
    if item.answer.revision != sent.base:
        raise ConflictError(MOVED_ON)
    _write(session, desk, item, check(sent.judgement, item.answer.level), actor, now)


def agree_to_rest(session: Session, assessment_id: int, *, actor: User, now: datetime) -> int:
    """Agree wherever nothing that holds has been found yet, and the team has answered. How many these were.
    Raises ForbiddenError and ConflictError.
    """
    desk = _desk(session, assessment_id, actor)
    rest = [item for item in desk.items if item.verdict is None and not item.is_unanswered]
    for item in rest:
        _write(session, desk, item, Judgement(Verdict.AGREE), actor, now)
    return len(rest)


def give_back(session: Session, assessment_id: int, *, comment: str, actor: User, now: datetime) -> Assessment:
    """Return it to the team with what was found. Raises ForbiddenError, InvalidInputError, and ConflictError where nothing was."""
    desk = _desk(session, assessment_id, actor)
    if not desk.tally.can_return:
        raise ConflictError(NOTHING_TO_DO)
    take_step(session, desk.assessment, Step.RETURN, actor=actor, now=now, comment=_comment(comment))
    return desk.assessment


def confirm(session: Session, assessment_id: int, *, comment: str, actor: User, now: datetime) -> Snapshot:
    """Agree with the team on where it stands, and keep that. Raises ForbiddenError, InvalidInputError, and ConflictError where
    something was not looked at or is still asked for.
    """
    desk = _desk(session, assessment_id, actor)
    if not desk.tally.can_confirm:
        raise ConflictError(NOT_ALL)
    take_step(session, desk.assessment, Step.CONFIRM, actor=actor, now=now, comment=_comment(comment))
    return take(session, desk.assessment, freeze(desk), verifier=actor, now=now)


def _desk(session: Session, assessment_id: int, actor: User) -> Desk:
    """Everything, locked, for the coach who has it in hand."""
    assessment = lock(session, assessment_id)
    if not can_verify(actor, assessment):
        raise ForbiddenError(NOT_YOURS)
    if assessment.state != State.VERIFYING:
        raise ConflictError(NOT_NOW)
    # Titles of practices are frozen in the language of the coach who confirms.
    return look_at(get_assessment(assessment_id), actor.language)


def _write(session: Session, desk: Desk, item: Item, judgement: Judgement, actor: User, now: datetime) -> None:
    assert item.answer is not None
    if item.is_current and item.judgement == judgement:
        return
    finding = item.finding
    if finding is None:
        finding = Finding(assessment_id=desk.assessment.id, capability=item.question.slug)
        session.add(finding)
    finding.verdict, finding.level = judgement.verdict, judgement.level
    finding.answer_revision, finding.coach_id, finding.at = item.answer.revision, actor.id, now
    word = _open_word(desk, item, actor)
    if word is None:
        word = FindingWord(assessment_id=desk.assessment.id, capability=item.question.slug, author_id=actor.id)
        session.add(word)
    word.verdict, word.level, word.text, word.at = judgement.verdict, judgement.level, judgement.text, now
    session.flush()


def _open_word(desk: Desk, item: Item, actor: User) -> FindingWord | None:
    """The coach's word that the team has not seen: it is still being written. What the team has seen is never changed."""
    last = item.words[-1] if item.words else None
    if last is None or last.verdict is None or last.author_id != actor.id:
        return None
    return None if desk.is_seen(last) else last


def _comment(text: str) -> str:
    text = text.strip()
    if len(text) > MAX_TEXT:
        raise InvalidInputError(_l("Use at most 4,000 characters."), field="comment")
    return text
