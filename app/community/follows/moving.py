"""What is followed keeps its followers when it gets another address."""

from __future__ import annotations

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.community.follows.models import Follow, FollowEvent


def move(session: Session, kind: str, old: str, new: str) -> None:
    """Whoever follows both addresses follows the new one once."""
    of_old = (Follow.kind == kind, Follow.slug == old)
    both = select(Follow.user_id).where(*of_old)
    session.execute(delete(Follow).where(Follow.kind == kind, Follow.slug == new, Follow.user_id.in_(both)))
    session.execute(update(Follow).where(*of_old).values(slug=new))
    session.execute(update(FollowEvent).where(FollowEvent.kind == kind, FollowEvent.slug == old).values(slug=new))
