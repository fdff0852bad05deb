"""Giving somebody a secret address, and taking it back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.training.feeds.models import CalendarFeed
from app.training.feeds.rules import hash_of, make_token


def renew_feed(session: Session, user_id: int, *, now: datetime) -> str:
    """A new secret for the person's own calendar; the one before is worthless from here on. It can be shown only now."""
    token = make_token()
    session.merge(CalendarFeed(user_id=user_id, token_hash=hash_of(token), created_at=now))
    session.flush()
    return token


def switch_off_feed(session: Session, user_id: int) -> None:
    session.execute(delete(CalendarFeed).where(CalendarFeed.user_id == user_id))
