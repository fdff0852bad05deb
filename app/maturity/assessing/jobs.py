"""Telling teams that their framework has a newer version, once for each."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.capabilities.models import Framework, FrameworkVersion
from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.maturity.models import Assessment, AssessmentEvent
from app.maturity.rules import RUNNING
from app.maturity.service import lock
from app.maturity.telling import tell_newer

# A step of nobody's: it is noted down, so that it is told once.
NEWER = "newer"


def tell_of_newer() -> int:
    """Tell who takes part in an assessment that stands on an older version. Returns how many assessments were told of."""
    session = db.session()
    ids = [each.id for each in session.execute(_BEHIND).scalars() if not _is_told(session, each)]
    session.rollback()
    return sum(_tell(assessment_id) for assessment_id in ids)


_BEHIND = (
    select(Assessment)
    .join(Assessment.framework)
    .join(FrameworkVersion, FrameworkVersion.id == Assessment.version_id)
    .where(Assessment.state.in_(RUNNING), FrameworkVersion.number < Framework.number)
    .order_by(Assessment.id)
)


def _tell(assessment_id: int) -> bool:
    """Whether it was new. Two workers who come at once take turns, and the second finds what the first noted down."""
    now = utc_now()
    with transaction() as session:
        assessment = lock(session, assessment_id)
        is_behind = assessment.state in RUNNING and assessment.version.number < assessment.framework.number
        if not is_behind or _is_told(session, assessment):
            return False
        session.add(
            AssessmentEvent(
                assessment_id=assessment_id, step=NEWER, state=assessment.state, comment=_label(assessment), at=now
            )
        )
        session.flush()
        tell_newer(session, assessment, now=now)
    return True


def _is_told(session: Session, assessment: Assessment) -> bool:
    noted = select(AssessmentEvent.id).where(
        AssessmentEvent.assessment_id == assessment.id,
        AssessmentEvent.step == NEWER,
        AssessmentEvent.comment == _label(assessment),
    )
    return session.execute(noted).first() is not None


def _label(assessment: Assessment) -> str:
    """Two versions may have one label; their numbers differ."""
    return f"{assessment.framework.version} ({assessment.framework.number})"


JOBS = (Job("tell of newer frameworks", 3600, tell_of_newer),)
