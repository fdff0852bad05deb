"""Who changed what of what editors keep for search."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base


class SearchChange(Base):
    """Who did what to an entry of the glossary or a redirect, and when. Rows are only ever added, one by one
    (`changes.note_change`), so that the latest of them says whether anything has changed since.
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
