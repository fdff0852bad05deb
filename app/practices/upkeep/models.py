"""Who said that an article is still right, and whom the site has reminded."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.kernel.db import Base


class UpkeepCheck(Base):
    """Somebody has looked at an article, in whatever language, and found it right. `next_by` is when to look again."""

    __tablename__ = "upkeep_check"
    __table_args__ = (Index("ix_upkeep_check_slug", "slug", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    checked_on: Mapped[date]
    next_by: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]

    user: Mapped[User | None] = relationship()


class UpkeepNudge(Base):
    """The owner was told that an article is due, or overdue, by this date."""

    __tablename__ = "upkeep_nudge"
    __table_args__ = (CheckConstraint("stage in ('due', 'overdue')", name="stage"),)
    quiet: ClassVar[bool] = True

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    stage: Mapped[str] = mapped_column(String(8), primary_key=True)
    review_by: Mapped[date] = mapped_column(primary_key=True)
