"""What editors say about names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base


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
