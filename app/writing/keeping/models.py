"""Addresses at which something used to be."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.kernel.db import Base


class FormerAddress(Base):
    """Where a text was that has another address now (`to_slug`), was replaced by another text (`to_slug`, perhaps of another
    kind), or was retired without one. It stays for ever, or until something is published there again.
    """

    __tablename__ = "former_address"
    __table_args__ = (
        CheckConstraint("(to_kind is null) = (to_slug is null)", name="to"),
        CheckConstraint("is_retired or to_slug is not null", name="moved_somewhere"),
    )
    quiet: ClassVar[bool] = True

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    is_retired: Mapped[bool]
    to_kind: Mapped[str | None] = mapped_column(String(20))
    to_slug: Mapped[str | None] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(Text, default="")
    left_at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)

    actor: Mapped[User | None] = relationship()
