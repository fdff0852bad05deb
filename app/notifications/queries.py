"""Reading a person's notices, and how a person wants to hear."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.notifications.models import DigestHour, Notice, NoticeChoice
from app.notifications.rules import DEFAULT_HOUR, Topic, Way, allowed_way, default_way


def notices_of(user_id: int, topic: str = "") -> Select[Notice]:
    """The person's notices, newest first; with a topic, those about it."""
    query = select(Notice).where(Notice.user_id == user_id, Notice.in_app.is_(True))
    if topic:
        query = query.where(Notice.topic == topic)
    return query.order_by(Notice.created_at.desc(), Notice.id.desc())


def get_notice(user_id: int, notice_id: int) -> Notice:
    """A notice of this person's. Raises NotFoundError."""
    notice = db.session.get(Notice, notice_id)
    if notice is None or notice.user_id != user_id:
        raise NotFoundError(_l("There is no such notice."))
    return notice


def count_by_topic(user_id: int) -> dict[str, int]:
    query = (
        select(Notice.topic, func.count())
        .where(Notice.user_id == user_id, Notice.in_app.is_(True))
        .group_by(Notice.topic)
    )
    return dict(db.session.execute(query).all())


def count_unread(user_id: int) -> int:
    return db.session.connection().execute(_COUNT_UNREAD, {"of": user_id}).scalar_one()


# Every page of everybody who is logged in asks this: built once, and past the layer for objects.
_COUNT_UNREAD = (
    select(func.count())
    .select_from(Notice.__table__)
    .where(Notice.__table__.c.user_id == bindparam("of"), Notice.__table__.c.read_at.is_(None))
)


def ways_of(session: Session, topic: Topic, user_ids: Collection[int]) -> dict[int, Way]:
    """How those of these people who have chosen something hear of the topic."""
    query = select(NoticeChoice.user_id, NoticeChoice.in_app, NoticeChoice.mailing).where(
        NoticeChoice.topic == topic, NoticeChoice.user_id.in_(user_ids)
    )
    return {
        user_id: allowed_way(topic, in_app=in_app, mailing=mailing)
        for user_id, in_app, mailing in session.execute(query)
    }


def hours_of(session: Session, user_ids: Collection[int]) -> dict[int, int]:
    """The hours of digests of those of these people who have chosen one."""
    query = select(DigestHour.user_id, DigestHour.hour).where(DigestHour.user_id.in_(user_ids))
    return dict(session.execute(query).all())


def all_ways(session: Session, user_id: int) -> dict[Topic, Way]:
    """How this person hears of each topic."""
    query = select(NoticeChoice).where(NoticeChoice.user_id == user_id)
    chosen = {choice.topic: choice for choice in session.execute(query).scalars()}
    return {
        topic: allowed_way(topic, in_app=choice.in_app, mailing=choice.mailing)
        if (choice := chosen.get(topic))
        else default_way(topic)
        for topic in Topic
    }


def hour_of(session: Session, user_id: int) -> int:
    return hours_of(session, [user_id]).get(user_id, DEFAULT_HOUR)


def list_due(session: Session, now: datetime, limit: int) -> list[int]:
    """The people for whom a digest is due, those who wait longest first."""
    query = (
        select(Notice.user_id)
        .where(Notice.digest_due_at <= now)
        .group_by(Notice.user_id)
        .order_by(func.min(Notice.digest_due_at), Notice.user_id)
        .limit(limit)
    )
    return list(session.execute(query).scalars())
