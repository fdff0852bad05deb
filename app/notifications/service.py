"""Telling a person something, and the person having read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.jobs.mail import Addressee, queue_mail
from app.kernel.db import add_row
from app.notifications.models import Notice


class Recipient(Addressee, Protocol):
    """Somebody with an account."""

    @property
    def id(self) -> int: ...


def notify(session: Session, recipient: Recipient, kind: str, params: Mapping[str, Any], *, now: datetime) -> None:
    """Tell `recipient` in the application and by mail, once this transaction is committed."""
    add_row(session, Notice, user_id=recipient.id, kind=kind, params=dict(params), created_at=now)
    queue_mail(session, recipient, kind, params, now=now, user_id=recipient.id)


def mark_all_read(session: Session, user_id: int, *, now: datetime) -> None:
    """The person has seen the notices."""
    session.execute(update(Notice).where(Notice.user_id == user_id, Notice.read_at.is_(None)).values(read_at=now))
