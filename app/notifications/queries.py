"""Reading a person's notices."""

from __future__ import annotations

from sqlalchemy import Select, bindparam, func, select

from app.kernel.db import db
from app.notifications.models import Notice


def notices_of(user_id: int) -> Select[Notice]:
    """The person's notices, newest first."""
    return select(Notice).where(Notice.user_id == user_id).order_by(Notice.created_at.desc(), Notice.id.desc())


def count_unread(user_id: int) -> int:
    return db.session.connection().execute(_COUNT_UNREAD, {"of": user_id}).scalar_one()


# Every page of everybody who is logged in asks this: built once, and past the layer for objects.
_COUNT_UNREAD = (
    select(func.count())
    .select_from(Notice.__table__)
    .where(Notice.__table__.c.user_id == bindparam("of"), Notice.__table__.c.read_at.is_(None))
)
