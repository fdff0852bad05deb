"""What editors keep for search: names that mean the same, queries that lead to an article, wishes; and who did it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base

OF_FILE = "file:"
OF_SITE = "site:"


class GlossaryEntry(Base):
    """An entry of the site's own, or what stands here in place of one of the file. `key` is `site:` and a random word, or
    `file:` and the first English name of the file's entry. The first of each list of names is the usual one.
    """

    __tablename__ = "glossary_entry"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160))
    en: Mapped[list[str]] = mapped_column(JSON)
    zh: Mapped[list[str]] = mapped_column(JSON)
    active: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))

    updated_by: Mapped[Any] = relationship("User", lazy="joined")


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


class SearchChange(Base):
    """Who did what to any of the above, and when. Rows are only ever added, one by one (`desk.note_change`), so that the
    latest of them says whether anything has changed since.
    """

    __tablename__ = "search_change"
    __table_args__ = (
        Index("ix_search_change_what", "what", "id"),
        Index("ix_search_change_subject", "what", "subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(160))
    action: Mapped[str] = mapped_column(String(16))
    detail: Mapped[str] = mapped_column(String(1000), default="")
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))

    by: Mapped[Any] = relationship("User", lazy="joined")
