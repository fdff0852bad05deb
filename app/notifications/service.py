"""Telling a person something, and the person having read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from app.jobs.mail import Addressee, queue_mail
from app.notifications.models import Notice


class Recipient(Addressee, Protocol):
    """Somebody with an account."""

    @property
    def id(self) -> int: ...


def notify(session: Session, recipient: Recipient, kind: str, params: Mapping[str, Any], *, now: datetime) -> None:
    """Tell `recipient` in the application and by mail, once this transaction is committed."""
    session.execute(_ADD, {"user_id": recipient.id, "kind": kind, "params": dict(params), "created_at": now})
    queue_mail(session, recipient, kind, params, now=now)


# Nobody reads the row before it is committed, so it need not become an object: a fifth of the time.
_ADD = insert(Notice.__table__)  # type: ignore[arg-type]


def mark_all_read(session: Session, user_id: int, *, now: datetime) -> None:
    """The person has seen the notices."""
    session.execute(update(Notice).where(Notice.user_id == user_id, Notice.read_at.is_(None)).values(read_at=now))
