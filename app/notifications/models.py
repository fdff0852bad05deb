"""What a person is told in the application, and how the person wants to be told."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class Notice(Base):
    """One line in a person's notices, worded when it is read (see `jobs.messages`).

    One that waits for a digest has its moment in `digest_due_at`, until it is in a mail. One that its person wants only by mail is
    not `in_app`; it counts as read. Notices of one kind with the same `bundle` that come while the first is unread become one line.
    """

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_user", "user_id", "read_at", "created_at"),
        Index("ix_notice_digest", "digest_due_at", "user_id"),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(64))
    topic: Mapped[str] = mapped_column(String(16), default="")
    bundle: Mapped[str | None] = mapped_column(String(200))
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    in_app: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    digest_due_at: Mapped[datetime | None]


class NoticeChoice(Base):
    """How a person hears of a topic. Without a row: as `rules.RULES` has it."""

    __tablename__ = "notice_choice"
    __table_args__ = (CheckConstraint("mailing in ('at once', 'daily', 'weekly', 'never')", name="mailing"),)
    quiet: ClassVar[bool] = True

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(16), primary_key=True)
    in_app: Mapped[bool]
    mailing: Mapped[str] = mapped_column(String(8))


class DigestHour(Base):
    """The hour at which a person wants digests, on the person's own clock. Without a row: 8."""

    __tablename__ = "digest_hour"
    __table_args__ = (CheckConstraint("hour between 0 and 23", name="hour"),)
    quiet: ClassVar[bool] = True

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    hour: Mapped[int]
