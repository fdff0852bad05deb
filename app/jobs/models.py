"""What the worker leaves behind: mail to send, and a sign of life."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class MailState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    # Not sent, because what it says no longer holds: a reminder of a session that was moved.
    DROPPED = "dropped"


class Mail(Base):
    """One mail to one person. It is worded when it is sent, in the person's language, from `kind` and `params`.

    `user_id` is the person's account; mail to somebody who has none yet has no id. While it is being sent, `attempts` and `due_at` tell
    whose claim it is: a worker that finds others there has lost it.
    """

    __tablename__ = "mail"
    __table_args__ = (
        CheckConstraint("state in ('queued', 'sending', 'sent', 'failed', 'dropped')", name="state"),
        Index("ix_mail_due", "state", "due_at"),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    to: Mapped[str] = mapped_column(String(254))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    language: Mapped[str] = mapped_column(String(8))
    time_zone: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(64))
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16), default=MailState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)


class Heartbeat(Base):
    """When a worker process last showed that it lives. One row a host."""

    __tablename__ = "heartbeat"
    quiet: ClassVar[bool] = True

    host: Mapped[str] = mapped_column(String(255), primary_key=True)
    at: Mapped[datetime]
