"""A running assessment moves to a newer version of its framework. The caller opens the transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app.accounts.models import User
from app.capabilities.models import FrameworkVersion
from app.kernel.errors import ConflictError, ForbiddenError
from app.maturity.assessing.answering import NOT_YOURS
from app.maturity.assessing.moves import Moves, moves
from app.maturity.models import Answer, Assessment, AssessmentEvent, Finding, FindingWord
from app.maturity.policy import can_answer
from app.maturity.rules import OPEN_TO_THE_TEAM
from app.maturity.service import lock
from app.maturity.telling import tell_moved

Rows = Sequence[Answer] | Sequence[Finding] | Sequence[FindingWord]
MOVE = "move"
WITH_A_COACH = _l("It is with a coach now. Move it when the answers are open to the team again.")


@dataclass(frozen=True)
class Newer:
    """The newest version of the framework, and what it means for what was answered."""

    version: FrameworkVersion
    moves: Moves


def find_newer(session: Session, assessment: Assessment) -> Newer | None:
    """None where the assessment stands on the newest version."""
    since = (
        select(FrameworkVersion)
        .where(
            FrameworkVersion.framework_id == assessment.framework_id,
            FrameworkVersion.number >= assessment.version.number,
        )
        .order_by(FrameworkVersion.number)
        .options(undefer(FrameworkVersion.content))
    )
    versions = list(session.execute(since).scalars())
    if len(versions) < 2:
        return None
    return Newer(versions[-1], moves([version.content for version in versions]))


def move(session: Session, assessment_id: int, *, actor: User, now: datetime) -> Assessment:
    """Stand on the newest version from now on. Every answer is kept: under its new name where it has one, marked where its
    capability reads otherwise, and aside where it is no longer asked. Of two who press at once, the second changes nothing.
    Raises ForbiddenError and ConflictError.
    """
    assessment = lock(session, assessment_id)
    if not can_answer(actor, assessment):
        raise ForbiddenError(NOT_YOURS)
    if assessment.state not in OPEN_TO_THE_TEAM:
        raise ConflictError(WITH_A_COACH)
    newer = find_newer(session, assessment)
    if newer is None:
        return assessment
    before = assessment.version
    _rename(session, assessment, newer.moves.renamed)
    changed = {each.slug for each in newer.moves.changed}
    for answer in session.execute(select(Answer).where(Answer.assessment_id == assessment.id)).scalars():
        if answer.capability in changed:
            answer.is_changed_item, answer.revision = True, assessment.revision
    assessment.moved_from, assessment.version_id = before.number, newer.version.id
    session.add(
        AssessmentEvent(
            assessment_id=assessment.id,
            step=MOVE,
            state=assessment.state,
            comment=f"{before.label} → {newer.version.label}",
            actor_id=actor.id,
            at=now,
        )
    )
    session.flush()
    session.expire(assessment)
    tell_moved(session, assessment, actor=actor, now=now)
    return assessment


def _rename(session: Session, assessment: Assessment, renamed: Mapping[str, str]) -> None:
    """Everything in it that is kept by the slug of a capability follows its name. What is there already under the new one, from a
    version in which it was another capability, stays, and the other keeps its old name.
    """
    id_ = assessment.id
    _follow(session, session.execute(select(Answer).where(Answer.assessment_id == id_)).scalars().all(), renamed)
    _follow(session, session.execute(select(Finding).where(Finding.assessment_id == id_)).scalars().all(), renamed)
    _follow(
        session, session.execute(select(FindingWord).where(FindingWord.assessment_id == id_)).scalars().all(), renamed
    )


def _follow(session: Session, rows: Rows, renamed: Mapping[str, str]) -> None:
    taken = {row.capability for row in rows} - set(renamed)
    moving = [row for row in rows if row.capability in renamed and renamed[row.capability] not in taken]
    names = [(row, renamed[row.capability]) for row in moving]
    # Two that swap their names would be in each other's way.
    for row in moving:
        row.capability = f"~{row.id}"
    session.flush()
    for row, name in names:
        row.capability = name
    session.flush()
