"""Digests: what a person was told since the last one, in one mail at an hour of the person's choice.

A notice that waits for a digest carries the moment at which it is due, so the worker's question is one look into an index. What
goes into a mail is marked in the transaction that queues the mail, by one statement that finds a row only once: a worker that is
killed has done all of it or nothing, and of two workers the second finds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.jobs.mail import queue_mail
from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.notifications.messages import DIGEST_KIND
from app.notifications.models import Notice
from app.notifications.queries import list_due
from app.notifications.rules import Topic
from app.notifications.service import BUNDLE_FOR
from app.notifications.topics import find_people

# People in one round; the others come with the next one, a moment later.
BATCH = 100
# Lines of a topic that a mail shows; of more it says how many.
MOST_LINES = 12


def send_digests() -> int:
    """Queue the digests that are due. Returns how many mails that were."""
    due = list_due(db.session(), utc_now(), BATCH)
    db.session.rollback()
    queued = 0
    for user_id in due:
        with transaction() as session:
            queued += queue_digest(session, user_id, now=utc_now())
    return queued


def queue_digest(session: Session, user_id: int, *, now: datetime) -> bool:
    """Put what is due and unread into one mail to this person. Nothing new: no mail. Returns whether there is one."""
    taken = session.execute(
        update(Notice)
        .where(Notice.user_id == user_id, Notice.digest_due_at <= now)
        .values(digest_due_at=None)
        .returning(Notice.id, Notice.topic, Notice.kind, Notice.params, Notice.in_app, Notice.read_at)
        .execution_options(synchronize_session=False)
    ).all()
    unread = [row for row in sorted(taken, reverse=True) if row.read_at is None or not row.in_app]
    person = find_people(session, [user_id]).get(user_id)
    if not unread or person is None:
        return False
    by_topic: dict[str, list[Sequence[Any]]] = {}
    for row in unread:
        by_topic.setdefault(row.topic, []).append((row.kind, row.params))
    groups = [
        {"topic": topic.value, "items": lines[:MOST_LINES], "total": len(lines)}
        for topic in Topic
        if (lines := by_topic.get(topic))
    ]
    params: Mapping[str, Any] = {"groups": groups, "total": len(unread)}
    queue_mail(session, person, DIGEST_KIND, params, now=now, user_id=user_id)
    return True


def forget_hidden() -> int:
    """Delete what its person only wanted by mail, once it is in one and no more of the same can join it. Returns how many went."""
    hidden = (Notice.in_app.is_(False), Notice.digest_due_at.is_(None), Notice.created_at < utc_now() - BUNDLE_FOR)
    with transaction() as session:
        result = session.execute(delete(Notice).where(*hidden))
        return int(result.rowcount)  # type: ignore[attr-defined]


JOBS = (Job("digests", 10, send_digests), Job("forget hidden notices", 3600, forget_hidden))
