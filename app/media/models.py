"""What people have uploaded."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class Upload(Base):
    """One file that somebody uploaded. `name` is that of the kept file, and the same for everybody who uploads the same;
    `original_name` is what it was called where it came from, `text` what a picture shows, in words. The readers of one that
    `is_guarded` are asked.
    """

    __tablename__ = "upload"
    __table_args__ = (
        CheckConstraint("kind in ('picture', 'attachment')", name="kind"),
        Index("ix_upload_user", "user_id", "at"),
        Index("ix_upload_name", "name", "at"),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(80))
    original_name: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(String(300), default="")
    bytes: Mapped[int]
    is_guarded: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
