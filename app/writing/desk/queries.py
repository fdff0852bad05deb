"""Reading what is unsaved, and who is there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, undefer

from app.kernel.db import db
from app.writing.desk.models import Begun, Presence, Unsaved
from app.writing.desk.rules import HERE_FOR


def find_unsaved(user_id: int, manuscript_id: int) -> Unsaved | None:
    """What the person typed into the text and did not save."""
    query = _of(user_id).where(Unsaved.manuscript_id == manuscript_id)
    return db.session.execute(query).scalar_one_or_none()


def list_unsaved_at(user_id: int, address: str) -> Sequence[Unsaved]:
    """What the person began with the form at `address` and never saved, the latest first."""
    query = _of(user_id).where(Unsaved.manuscript_id.is_(None), Unsaved.address == address)
    return db.session.execute(query.order_by(Unsaved.saved_at.desc())).scalars().all()


def list_unsaved_new(user_id: int) -> Sequence[Unsaved]:
    """Everything that the person began and never saved, the latest first, without its words."""
    query = select(Unsaved).where(Unsaved.user_id == user_id, Unsaved.manuscript_id.is_(None))
    return db.session.execute(query.order_by(Unsaved.saved_at.desc())).scalars().all()


def _of(user_id: int) -> Select[Unsaved]:
    return select(Unsaved).where(Unsaved.user_id == user_id).options(undefer(Unsaved.typed))


def list_present(manuscript_id: int, now: datetime, *, without: int) -> Sequence[Presence]:
    """Who else has the text open now, whoever came first before the others."""
    query = (
        select(Presence)
        .where(
            Presence.manuscript_id == manuscript_id,
            Presence.user_id != without,
            Presence.seen_at > now - HERE_FOR,
        )
        .options(joinedload(Presence.user))
        .order_by(Presence.since, Presence.user_id)
    )
    return db.session.execute(query).unique().scalars().all()


def find_begun(user_id: int, key: str) -> int | None:
    """The manuscript that the form with this key has become."""
    query = select(Begun.manuscript_id).where(Begun.user_id == user_id, Begun.key == key)
    return db.session.execute(query).scalar_one_or_none()
