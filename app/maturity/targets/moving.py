"""A target goes along when its capability is renamed."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.capabilities.models import Framework
from app.maturity.models import Target


def move_targets(session: Session, framework: str, old: str, new: str) -> None:
    """What was said of a capability that had the new slug once and is gone makes room."""
    here = Target.framework_id == select(Framework.id).where(Framework.slug == framework).scalar_subquery()
    session.execute(delete(Target).where(here, Target.capability == new))
    session.execute(update(Target).where(here, Target.capability == old).values(capability=new))
