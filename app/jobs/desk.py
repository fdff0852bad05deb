"""The outbox as an administrator sees it: what waits, what failed and why; never what a mail says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session, defer

from app.jobs.models import Mail, MailState
from app.kernel.db import db
from app.kernel.errors import ConflictError, NotFoundError

NO_SUCH_MAIL = _l("There is no such mail; finished ones are deleted after a month.")
NOT_TO_BE_SENT = _l("This mail is sent, dropped or on its way; there is nothing to try again.")


@dataclass(frozen=True)
class Backlog:
    """How many mails there are in each state, and since when the oldest waits."""

    counts: dict[str, int]
    oldest: datetime | None


def mails(state: str | None) -> Select[Mail]:
    """The outbox, newest first, without the parameters: they hold links that are as good as passwords."""
    query = select(Mail).options(defer(Mail.params, raiseload=True)).order_by(Mail.created_at.desc(), Mail.id.desc())
    return query.where(Mail.state == state) if state else query


def backlog() -> Backlog:
    rows = db.session.execute(select(Mail.state, func.count(), func.min(Mail.created_at)).group_by(Mail.state)).all()
    waiting = [oldest for state, _count, oldest in rows if state in {MailState.QUEUED, MailState.SENDING}]
    return Backlog({state: count for state, count, _oldest in rows}, min(waiting, default=None))


def try_again(session: Session, mail_id: int, *, now: datetime) -> None:
    """Send a mail that failed, or that waits for its next try, as soon as possible, with all its tries before it.

    Raises NotFoundError, or ConflictError for what was sent, is no longer to be sent, or is being sent.
    """
    stands_still = Mail.state.in_([MailState.FAILED, MailState.QUEUED])
    result = session.execute(
        update(Mail)
        .where(Mail.id == mail_id, stands_still)
        .values(state=MailState.QUEUED, attempts=0, due_at=now, error=None)
    )
    if result.rowcount:  # type: ignore[attr-defined]
        return
    if session.execute(select(Mail.id).where(Mail.id == mail_id)).first() is None:
        raise NotFoundError(NO_SUCH_MAIL)
    raise ConflictError(NOT_TO_BE_SENT)
