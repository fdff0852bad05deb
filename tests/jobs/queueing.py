"""Putting mail into the outbox, and looking what became of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from app.jobs.mail import queue_mail
from app.jobs.models import Mail
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from tests.jobs.conftest import Reader


def queue(subject: str = "Hello", reader: Reader | None = None, **params: Any) -> int:
    with transaction() as session:
        queue_mail(session, reader or Reader(), "test", {"subject": subject, **params}, now=utc_now())
    return db.session.scalars(select(func.max(Mail.id))).one()


def state_of(mail_id: int) -> tuple[str, int]:
    db.session.rollback()
    mail = db.session.get_one(Mail, mail_id)
    return mail.state, mail.attempts


def reason_of(mail_id: int) -> str:
    db.session.rollback()
    return db.session.get_one(Mail, mail_id).error or ""
