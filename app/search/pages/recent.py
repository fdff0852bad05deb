"""What a person searched for last, kept for those who want it kept; for everybody else it stays in the browser."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.kernel.db import db, take_turns
from app.search.pages.models import RecentSearch, RecentSearchKeeper
from app.search.query import MAX_LENGTH

MOST_KEPT = 20
MOST_SHOWN = 8


def keeps_searches(user_id: int) -> bool:
    query = select(RecentSearchKeeper.user_id).where(RecentSearchKeeper.user_id == user_id)
    return db.session.execute(query).first() is not None


def list_recent(user_id: int, limit: int = MOST_SHOWN) -> Sequence[str]:
    """What the person searched for, the last first; nothing for those who keep nothing here."""
    query = (
        select(RecentSearch.text)
        .where(RecentSearch.user_id == user_id)
        .order_by(RecentSearch.at.desc(), RecentSearch.id.desc())
        .limit(limit)
    )
    return db.session.execute(query).scalars().all()


def keep_searches(session: Session, user_id: int, *, keep: bool) -> None:
    """Begin to keep the person's searches, or end it and forget those that are there."""
    _take_turns(session, user_id)
    if not keep:
        forget_searches(session, user_id)
        session.execute(delete(RecentSearchKeeper).where(RecentSearchKeeper.user_id == user_id))
    elif not keeps_searches(user_id):
        session.add(RecentSearchKeeper(user_id=user_id))
        session.flush()


def forget_searches(session: Session, user_id: int) -> None:
    session.execute(delete(RecentSearch).where(RecentSearch.user_id == user_id))


def note_search(session: Session, user_id: int, text: str, *, now: datetime) -> None:
    """Put `text` on top of the person's recent searches, if the person keeps them here; the oldest fall off."""
    text = " ".join(text.split())[:MAX_LENGTH].strip()
    _take_turns(session, user_id)
    if not text or not keeps_searches(user_id):
        return
    session.execute(delete(RecentSearch).where(RecentSearch.user_id == user_id, RecentSearch.text == text))
    kept = list_recent(user_id, MOST_KEPT - 1)
    session.execute(delete(RecentSearch).where(RecentSearch.user_id == user_id, RecentSearch.text.not_in(kept)))
    session.add(RecentSearch(user_id=user_id, text=text, at=now))
    session.flush()


def _take_turns(session: Session, user_id: int) -> None:
    """Two windows of one person do not get in each other's way."""
    take_turns(session, f"recent searches of {user_id}")
