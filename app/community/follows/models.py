"""Who follows what, and what followers have still to be told."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class Follow(Base):
    """A person follows a subject, by reference: one that goes and comes back is followed as before."""

    __tablename__ = "follow"
    __table_args__ = (Index("ix_follow_subject", "kind", "slug", "user_id"),)
    quiet: ClassVar[bool] = True

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    slug: Mapped[str] = mapped_column(String(180), primary_key=True)
    since: Mapped[datetime]


class FollowEvent(Base):
    """Something that followers are to be told of: written where it happens, carried out by the worker in batches.

    `refs` are what it happened to, the nearest first; `told_up_to` is the last account that was told. A row goes when all were.
    """

    __tablename__ = "follow_event"
    __table_args__ = (Index("ix_follow_event_subject", "kind", "slug", "event"),)
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(16))
    slug: Mapped[str] = mapped_column(String(180))
    refs: Mapped[list[list[str]]] = mapped_column(JSON)
    not_to: Mapped[list[int]] = mapped_column(JSON)
    told_up_to: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
