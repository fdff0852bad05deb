"""The one gateway through which an assessment gets from state to state, and the lock that everybody takes who changes one.
The caller opens the transaction.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from app.kernel.state import WrongStepError
from app.maturity.models import Assessment, AssessmentEvent
from app.maturity.policy import can_take
from app.maturity.queries import NO_SUCH_ASSESSMENT
from app.maturity.rules import STEPS, State, Step
from app.maturity.telling import tell_step

NOT_NOW = _l(
    "Somebody was quicker: the assessment is in another state by now. Look at how it stands, and go on from there."
)
NOT_YOURS = _l("This step is not yours to take.")


def lock(session: Session, assessment_id: int) -> Assessment:
    """The assessment as it is now, which nobody else changes until this transaction ends. Counts its revision up.
    Raises NotFoundError.
    """
    counted = update(Assessment).where(Assessment.id == assessment_id).values(revision=Assessment.revision + 1)
    session.execute(counted.execution_options(synchronize_session=False))
    assessment = session.get(Assessment, assessment_id, populate_existing=True)
    if assessment is None:
        raise NotFoundError(NO_SUCH_ASSESSMENT)
    return assessment


def take_step(
    session: Session, assessment: Assessment, step: Step, *, actor: User, now: datetime, comment: str = ""
) -> None:
    """Take `step`, on an assessment that the caller has locked, and tell whom it concerns. Whoever takes it on is its verifier
    until it is handed back. Raises ForbiddenError and, where the state knows no such step, ConflictError.
    """
    if not can_take(actor, assessment, step):
        raise ForbiddenError(NOT_YOURS)
    try:
        after = STEPS.after(State(assessment.state), step)
    except WrongStepError:
        raise ConflictError(NOT_NOW) from None
    verifier_id = assessment.verifier_id
    if step is Step.TAKE_ON:
        assessment.verifier_id = actor.id
    elif step in {Step.HAND_BACK, Step.TAKE_BACK}:
        assessment.verifier_id = None
    assessment.state, assessment.state_since = after, now
    session.add(
        AssessmentEvent(assessment_id=assessment.id, step=step, state=after, comment=comment, actor_id=actor.id, at=now)
    )
    session.flush()
    tell_step(session, assessment, step, actor=actor, verifier_id=verifier_id, now=now)
