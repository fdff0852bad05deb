"""The outbox of mail: written in the action's own transaction, sent afterwards by the worker.

A mail is claimed before it is handed to the mail server and marked when the server took it. A worker that is killed in
between leaves it claimed; it is sent again after ten minutes under the same Message-ID, by which mail programs
recognise the copy.
"""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import parseaddr
from smtplib import SMTP, SMTPException
from typing import Any, Protocol

import structlog
from flask import Flask, current_app
from flask_mailman import EmailMessage
from flask_mailman import Mail as MailExtension
from flask_mailman.backends.smtp import EmailBackend
from sqlalchemy import delete, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.config import Config
from app.jobs.messages import reading_as, word
from app.jobs.models import Mail, MailState
from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import add_row, db, transaction

log = structlog.get_logger()

MAX_ATTEMPTS = 8
FIRST_PAUSE = timedelta(minutes=1)
# A worker that is told to stop does so after at most as many mails.
BATCH = 20
CLAIM = timedelta(minutes=10)
KEEP = timedelta(days=30)


class Addressee(Protocol):
    """Somebody who can get mail."""

    @property
    def email(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def time_zone(self) -> str: ...


class _Connection(SMTP):
    def starttls(self, *_: Any, **__: Any) -> tuple[int, bytes]:
        return super().starttls(context=ssl.create_default_context())


class Backend(EmailBackend):  # type: ignore[misc]
    """Checks the mail server's certificate, which Flask-Mailman does not: what is sent is as good as passwords."""

    connection_class = _Connection


def init_app(app: Flask) -> None:
    config: Config = app.config["GUILDHALL"]
    app.config.update(
        MAIL_BACKEND=Backend if config.mail_server else "file",
        MAIL_FILE_PATH=str(config.data_dir / "mail"),
        MAIL_SERVER=config.mail_server or None,
        MAIL_PORT=config.mail_port,
        MAIL_USERNAME=config.mail_username or None,
        MAIL_PASSWORD=config.mail_password or None,
        MAIL_USE_TLS=config.mail_use_tls,
        MAIL_TIMEOUT=20,
        MAIL_DEFAULT_SENDER=config.mail_from,
    )
    if config.testing:
        app.config["MAIL_BACKEND"] = "locmem"
    MailExtension(app)


def queue_mail(session: Session, to: Addressee, kind: str, params: Mapping[str, Any], *, now: datetime) -> None:
    """Put a mail into the outbox. It leaves once the transaction is committed."""
    add_row(
        session,
        Mail,
        to=to.email,
        language=to.language,
        time_zone=to.time_zone,
        kind=kind,
        params=dict(params),
        created_at=now,
        due_at=now,
    )


def send_due_mail() -> int:
    """Send some of what is due, one mail after the other. Returns how many the mail server took."""
    sent = 0
    for _number in range(BATCH):
        mail = _claim_next(utc_now())
        if mail is None:
            break
        sent += _send(mail)
    return sent


def _claim_next(now: datetime) -> Mail | None:
    due = (
        select(Mail.id)
        .where(Mail.state.in_([MailState.QUEUED, MailState.SENDING]), Mail.due_at <= now)
        .order_by(Mail.due_at, Mail.id)
        .limit(1)
    )
    if db.session.execute(due).first() is None:
        db.session.rollback()
        return None
    with transaction() as session:
        claimed = session.execute(
            update(Mail)
            .where(Mail.id == due.scalar_subquery(), Mail.due_at <= now)
            .values(state=MailState.SENDING, attempts=Mail.attempts + 1, due_at=now + CLAIM)
            .returning(Mail.id)
        ).scalar_one_or_none()
    return db.session.get(Mail, claimed) if claimed else None


def _send(mail: Mail) -> int:
    mail_id, attempts = mail.id, mail.attempts
    try:
        message = _compose(mail)
        db.session.rollback()
        _hand_over(message)
    except (SMTPException, OSError, OperationalError) as error:
        log.warning("mail not sent", mail=mail_id, attempt=attempts, error=str(error))
        _mark(mail_id, _after_failure(attempts, str(error), utc_now()))
        return 0
    except Exception as error:
        log.exception("mail cannot be written", mail=mail_id)
        _mark(mail_id, {"state": MailState.FAILED, "error": f"{type(error).__name__}: {error}"})
        return 0
    # Links in mail can be as good as a password, so the parameters do not stay.
    _mark(mail_id, {"state": MailState.SENT, "sent_at": utc_now(), "params": {}, "error": None})
    return 1


def _hand_over(message: EmailMessage) -> None:
    """Give `message` to the mail server. What goes wrong after it was taken is no reason to send it again."""
    connection = message.get_connection()
    try:
        connection.open()
        message.send()
    finally:
        with suppress(SMTPException, OSError):
            connection.close()


def _compose(mail: Mail) -> EmailMessage:
    config: Config = current_app.config["GUILDHALL"]
    with reading_as(mail.language, mail.time_zone):
        message = word(mail.kind, mail.params)
        parts = [message.body, message.url, f"-- \n{config.site_name} · {config.site_url}"]
    return EmailMessage(
        # A line break in a title is no reason not to tell people.
        subject=" ".join(message.subject.split()),
        body="\n\n".join(part for part in parts if part) + "\n",
        to=[mail.to],
        headers={
            "Message-ID": f"<mail-{mail.id}-{mail.created_at:%Y%m%d%H%M%S}@{_domain(config.mail_from)}>",
            "Auto-Submitted": "auto-generated",
        },
    )


def _domain(address: str) -> str:
    return parseaddr(address)[1].rpartition("@")[2] or "localhost"


def _after_failure(attempts: int, error: str, now: datetime) -> dict[str, Any]:
    if attempts >= MAX_ATTEMPTS:
        return {"state": MailState.FAILED, "error": error}
    pause = FIRST_PAUSE * 4 ** (attempts - 1)
    return {"state": MailState.QUEUED, "due_at": now + pause, "error": error}


def _mark(mail_id: int, values: dict[str, Any]) -> None:
    with transaction() as session:
        session.execute(update(Mail).where(Mail.id == mail_id).values(**values))


def forget_old_mail() -> int:
    """Delete what was sent, or given up, and is older than a month. Returns how many rows went."""
    finished = Mail.state.in_([MailState.SENT, MailState.FAILED])
    with transaction() as session:
        result = session.execute(delete(Mail).where(finished, Mail.due_at < utc_now() - KEEP))
        return int(result.rowcount)  # type: ignore[attr-defined]


JOBS = (Job("mail", 0.5, send_due_mail), Job("forget old mail", 3600, forget_old_mail))
