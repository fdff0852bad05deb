"""The outbox of mail: written in the action's own transaction, sent afterwards by the worker.

A mail is claimed before it is handed to the mail server and marked the moment the server has taken it, before anything else is
said on that line. A worker that is killed before the server has the whole text has sent nothing; the mail stays claimed and is
sent after ten minutes. What is left, because no mail server can be asked later whether it took something: if the worker is killed,
or the line drops, after the last dot of the text and before the mark is committed (on a healthy server the time of its
answer and of one commit), nobody knows whether the mail was taken, and it is sent again under the same Message-ID, by which mail
programs recognise the copy. Between losing a mail and sending it twice, it is sent twice.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

import structlog
from flask import current_app
from sqlalchemy import delete, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.config import Config
from app.jobs.composing import Letter, compose
from app.jobs.models import Mail, MailState
from app.jobs.transport import NotNowError, RefusedError, open_line
from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import add_row, db, transaction

log = structlog.get_logger()

MAX_ATTEMPTS = 8
FIRST_PAUSE = timedelta(minutes=1)
# A worker that is told to stop does so after at most as many mails.
BATCH = 20
# Longer than any talk with a mail server can last (transport.MAIL_SECONDS), so that nobody takes over what is being sent.
CLAIM = timedelta(minutes=10)
KEEP = timedelta(days=30)
MAX_REASON = 500
# Where the people of `content/sample` have their addresses: under a name that nobody can ever have (RFC 2606, 3).
MADE_UP = "@sample.example"
# Seconds before the mark is tried again: a database that is away for a moment is no reason to send a mail twice.
MARK_PAUSES = (0.1, 0.5, 2.0, 5.0)


class Addressee(Protocol):
    """Somebody who can get mail."""

    @property
    def email(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def time_zone(self) -> str: ...


def queue_mail(
    session: Session,
    to: Addressee,
    kind: str,
    params: Mapping[str, Any],
    *,
    now: datetime,
    user_id: int | None = None,
) -> None:
    """Put a mail into the outbox. It leaves once the transaction is committed. `user_id`: the account of the person. To the
    made-up people of the samples nothing is sent.
    """
    if to.email.endswith(MADE_UP):
        return
    add_row(
        session,
        Mail,
        to=to.email,
        user_id=user_id,
        language=to.language,
        time_zone=to.time_zone,
        kind=kind,
        params=dict(params),
        created_at=now,
        due_at=now,
    )


@dataclass(frozen=True)
class _Claim:
    """A mail that is this worker's to send, as long as its row says the same."""

    mail_id: int
    attempts: int
    due_at: datetime


class _LostClaimError(Exception):
    """Another worker has taken the mail over: this one was away for too long."""


def send_due_mail() -> int:
    """Send some of what is due, one mail after the other. Returns how many the mail server took."""
    sent = 0
    for _number in range(BATCH):
        mail = _claim_next(utc_now())
        if mail is None:
            break
        try:
            sent += _send(mail)
        except NotNowError:
            # The server is away: the other mails need not find that out one by one.
            break
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
    # On PostgreSQL two workers come here at once: whoever is second takes the next mail, rather than lose a race for the first.
    first_free = due.with_for_update(skip_locked=True).scalar_subquery()
    with transaction() as session:
        claimed = session.execute(
            update(Mail)
            .where(Mail.id == first_free, Mail.due_at <= now)
            .values(state=MailState.SENDING, attempts=Mail.attempts + 1, due_at=now + CLAIM)
            .returning(Mail.id)
        ).scalar_one_or_none()
    return db.session.get(Mail, claimed) if claimed else None


def _send(mail: Mail) -> int:
    """Send one mail and mark what became of it. Raises NotNowError, after marking, if the server could not be used."""
    claim = _Claim(mail.id, mail.attempts, mail.due_at)
    try:
        return _try_to_send(mail, claim)
    except _LostClaimError:
        log.warning("mail was taken over by another worker", mail=claim.mail_id)
    except RefusedError as error:
        log.warning("mail refused", mail=claim.mail_id, error=str(error))
        _mark(claim, {"state": MailState.FAILED, "error": str(error)[:MAX_REASON]})
    except (NotNowError, OperationalError) as error:
        log.warning("mail not sent", mail=claim.mail_id, attempt=claim.attempts, error=str(error))
        reason = str(error) if isinstance(error, NotNowError) else "the database could not be read"
        _mark(claim, _after_failure(claim.attempts, reason, utc_now()))
        if isinstance(error, NotNowError) and error.is_line:
            raise
    except Exception as error:
        # The reason is shown to administrators, and what an error says may hold what the mail says.
        log.exception("mail cannot be written", mail=claim.mail_id)
        _mark(claim, {"state": MailState.FAILED, "error": f"it cannot be written: {type(error).__name__}"})
    return 0


def _try_to_send(mail: Mail, claim: _Claim) -> int:
    config: Config = current_app.config["GUILDHALL"]
    recipient, letter = mail.to, compose(mail, now=utc_now())
    db.session.rollback()
    if letter is None:
        _mark(claim, {"state": MailState.DROPPED, "params": {}, "error": None})
        return 0
    with open_line(config) as line:
        line.give(letter.message, recipient, partial(_make_ready, claim, letter))
        _mark_sent(claim, letter)
    return 1


def _make_ready(claim: _Claim, letter: Letter) -> None:
    """Make sure that the mail is still ours, and note what its calendar part is about to do. Raises _LostClaimError.

    A worker may have been put to sleep for longer than its claim lasts, and this is the last moment to notice.
    """
    with transaction() as session:
        if not _update(session, claim, {"state": MailState.SENDING}):
            raise _LostClaimError
        if letter.calendar is not None:
            letter.calendar.before(session)


def _mark_sent(claim: _Claim, letter: Letter) -> None:
    """From here on the mail must not be sent again, so a database that is busy is asked more than once."""
    for pause in (*MARK_PAUSES, None):
        try:
            with transaction() as session:
                # Links in mail can be as good as a password, so the parameters do not stay.
                _update(session, claim, {"state": MailState.SENT, "sent_at": utc_now(), "params": {}, "error": None})
                if letter.calendar is not None:
                    letter.calendar.after(session)
        except OperationalError:
            if pause is None:
                raise
            time.sleep(pause)
        else:
            return


def _after_failure(attempts: int, error: str, now: datetime) -> dict[str, Any]:
    error = error[:MAX_REASON]
    if attempts >= MAX_ATTEMPTS:
        return {"state": MailState.FAILED, "error": error}
    pause = FIRST_PAUSE * 4 ** (attempts - 1)
    return {"state": MailState.QUEUED, "due_at": now + pause, "error": error}


def _mark(claim: _Claim, values: dict[str, Any]) -> None:
    with transaction() as session:
        _update(session, claim, values)


def _update(session: Session, claim: _Claim, values: dict[str, Any]) -> bool:
    """Change the row if the claim on it still holds. Returns whether it did."""
    row = (Mail.id == claim.mail_id, Mail.state == MailState.SENDING)
    is_ours = (*row, Mail.attempts == claim.attempts, Mail.due_at == claim.due_at)
    result = session.execute(update(Mail).where(*is_ours).values(**values))
    return bool(result.rowcount)  # type: ignore[attr-defined]


def forget_old_mail() -> int:
    """Delete what was sent, dropped or given up, and is older than a month. Returns how many rows went."""
    finished = Mail.state.in_([MailState.SENT, MailState.FAILED, MailState.DROPPED])
    with transaction() as session:
        result = session.execute(delete(Mail).where(finished, Mail.due_at < utc_now() - KEEP))
        return int(result.rowcount)  # type: ignore[attr-defined]


JOBS = (Job("mail", 0.5, send_due_mail), Job("forget old mail", 3600, forget_old_mail))
