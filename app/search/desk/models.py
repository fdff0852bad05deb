"""Queries that lead to an article, and wishes for one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base


class SearchRedirect(Base):
    """Whoever looks for exactly `text` (normalised) sees the document `kind`, `key` first."""

    __tablename__ = "search_redirect"
    __table_args__ = (UniqueConstraint("text"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))

    created_by: Mapped[Any] = relationship("User", lazy="joined")


class SearchWish(Base):
    """Something people look for that somebody should write."""

    __tablename__ = "search_wish"
    __table_args__ = (CheckConstraint("state in ('open', 'done')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(8), default="open")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))

    created_by: Mapped[Any] = relationship("User", foreign_keys=[created_by_id], lazy="joined")
    changed_by: Mapped[Any] = relationship("User", foreign_keys=[changed_by_id], lazy="joined")
