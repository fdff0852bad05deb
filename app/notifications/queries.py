"""Reading a person's notices."""

from __future__ import annotations

from sqlalchemy import Select, func, select

from app.kernel.db import db
from app.notifications.models import Notice


def notices_of(user_id: int) -> Select[Notice]:
    """The person's notices, newest first."""
    return select(Notice).where(Notice.user_id == user_id).order_by(Notice.created_at.desc(), Notice.id.desc())


def count_unread(user_id: int) -> int:
    return db.session.execute(
        select(func.count()).select_from(Notice).where(Notice.user_id == user_id, Notice.read_at.is_(None))
    ).scalar_one()
