"""Who may read a file that is evidence."""

from __future__ import annotations

from sqlalchemy import or_, select

from app.accounts.models import User
from app.kernel.db import db
from app.maturity import queries as assessments
from app.maturity.models import Answer, Assessment, Evidence, Snapshot
from app.maturity.snapshots.queries import visible_to


def may_read(user: User, url: str) -> bool:
    """Whoever reads the answer that it belongs to, or the snapshot in which that answer was kept."""
    shown = select(Answer.assessment_id).join(Evidence, Evidence.answer_id == Answer.id).where(Evidence.link == url)
    answers = assessments.visible_to(user).where(Assessment.id.in_(shown)).exists()
    snapshots = visible_to(user).where(Snapshot.assessment_id.in_(shown)).exists()
    return bool(db.session.execute(select(or_(answers, snapshots))).scalar_one())
