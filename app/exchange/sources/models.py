"""Which repositories the site follows, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.exchange.trees import without_secrets
from app.kernel.db import Base


class ContentSource(Base):
    """A folder of a git repository, brought in every so many hours. `commit` is what was brought in last, `report` what the
    import said then; `problem` is why the last try came to nothing.
    """

    __tablename__ = "content_source"
    __table_args__ = (
        UniqueConstraint("url", "branch", "folder"),
        CheckConstraint("kind in ('practice', 'case-study')", name="kind"),
        CheckConstraint("every_hours between 1 and 168", name="every_hours"),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(500))
    branch: Mapped[str] = mapped_column(String(200), default="")
    folder: Mapped[str] = mapped_column(String(300), default="")
    kind: Mapped[str] = mapped_column(String(20))
    every_hours: Mapped[int]
    commit: Mapped[str] = mapped_column(String(64), default="")
    report: Mapped[str] = mapped_column(Text, default="")
    problem: Mapped[str] = mapped_column(Text, default="")
    tried_at: Mapped[datetime | None]
    brought_at: Mapped[datetime | None]
    due_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)

    @property
    def shown_url(self) -> str:
        """Without the password that may stand in it."""
        return without_secrets(self.url)
