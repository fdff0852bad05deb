"""Telling a person something, as the person wants to hear it; and the person having read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.jobs.mail import queue_mail
from app.kernel.db import add_row
from app.notifications.models import Notice
from app.notifications.queries import hours_of, ways_of
from app.notifications.rules import DEFAULT_HOUR, DIGESTS, RULES, Mailing, Topic, Way, default_way, next_digest
from app.notifications.topics import Recipient, topic_of

# News of the same sort on the same thing are one line for so long.
BUNDLE_FOR = timedelta(days=1)


def notify(session: Session, recipient: Recipient, kind: str, params: Mapping[str, Any], *, now: datetime) -> None:
    """Tell `recipient` once this transaction is committed: in the application and by mail, at once or in a digest, as the
    person has chosen for the topic of this kind.
    """
    notify_all(session, [recipient], kind, params, now=now)


def notify_all(
    session: Session,
    recipients: Iterable[Recipient],
    kind: str,
    params: Mapping[str, Any],
    *,
    now: datetime,
    bundle: str = "",
) -> None:
    """Tell each of them the same. It asks the database as often for many as for one.

    With a `bundle`, more of the same kind does not make another line while the last is unread: that one comes to the top, with the
    newest parameters and `number` counted up. Nor is there another mail at once; wordings of such kinds know `number`.
    """
    people = list(recipients)
    topic = topic_of(kind)
    ways, hours = _ways(session, topic, people)
    open_lines = _open_lines(session, people, kind, bundle, now) if bundle else {}
    for person in people:
        way = ways.get(person.id) or default_way(topic)
        if _join(open_lines.get(person.id), way, params, now):
            continue
        _tell(session, person, kind, params, topic, way, hours.get(person.id, DEFAULT_HOUR), bundle, now)


def _ways(session: Session, topic: Topic, people: Sequence[Recipient]) -> tuple[dict[int, Way], dict[int, int]]:
    """What was chosen. Of what cannot be chosen nothing is asked: these are the messages that are told under a lock."""
    if RULES[topic].is_locked:
        return {}, {}
    ids = [person.id for person in people]
    ways = ways_of(session, topic, ids)
    waiting = [id_ for id_ in ids if (ways.get(id_) or default_way(topic)).mailing in DIGESTS]
    return ways, hours_of(session, waiting) if waiting else {}


def _open_lines(
    session: Session, people: Sequence[Recipient], kind: str, bundle: str, now: datetime
) -> dict[int, Notice]:
    """The line of each person into which more of the same goes."""
    unread = or_(Notice.read_at.is_(None), Notice.in_app.is_(False))
    query = (
        select(Notice)
        .where(Notice.user_id.in_([person.id for person in people]), Notice.kind == kind, Notice.bundle == bundle)
        .where(unread, Notice.created_at > now - BUNDLE_FOR)
        .order_by(Notice.id)
    )
    return {notice.user_id: notice for notice in session.execute(query).scalars()}


def _join(line: Notice | None, way: Way, params: Mapping[str, Any], now: datetime) -> bool:
    """Count the line up, if there is one. What was in a digest is not told again in the next: that begins a new line."""
    if line is None or (way.mailing in DIGESTS and line.digest_due_at is None):
        return False
    line.params = {**params, "number": line.params.get("number", 1) + 1}
    line.created_at = now
    return True


def _tell(
    session: Session,
    person: Recipient,
    kind: str,
    params: Mapping[str, Any],
    topic: Topic,
    way: Way,
    hour: int,
    bundle: str,
    now: datetime,
) -> None:
    due = next_digest(now, person.time_zone, hour, way.mailing) if way.mailing in DIGESTS else None
    if way.in_app or due or bundle:
        add_row(
            session,
            Notice,
            user_id=person.id,
            kind=kind,
            topic=topic.value,
            bundle=bundle or None,
            params=dict(params),
            in_app=way.in_app,
            created_at=now,
            read_at=None if way.in_app else now,
            digest_due_at=due,
        )
    if way.mailing is Mailing.AT_ONCE:
        queue_mail(session, person, kind, params, now=now, user_id=person.id)


def mark_all_read(session: Session, user_id: int, *, now: datetime) -> None:
    """The person has seen the notices."""
    session.execute(update(Notice).where(Notice.user_id == user_id, Notice.read_at.is_(None)).values(read_at=now))


def mark_read(session: Session, user_id: int, notice_id: int, *, now: datetime) -> None:
    """The person follows one notice."""
    own = (Notice.id == notice_id, Notice.user_id == user_id, Notice.read_at.is_(None))
    session.execute(update(Notice).where(*own).values(read_at=now))
