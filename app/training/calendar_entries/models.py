"""What was put into whose calendar by mail."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kernel.db import Base
from app.training.models import Meeting
from app.training.seats.models import Enrolment


class CalendarEntry(Base):
    """A meeting that a mail has put into a person's calendar, or was about to when the worker was killed. It goes when a mail has
    taken it away again. `meeting_id` is None once the session no longer has that meeting; `withdrawn_at` is when the mail was
    queued that takes the entry away.
    """

    __tablename__ = "calendar_entry"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "uid"),
        Index("ix_calendar_entry_open", "withdrawn_at", "ends_at"),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("training_meeting.id", ondelete="SET NULL"), index=True)
    uid: Mapped[str] = mapped_column(String(255))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    enrolment: Mapped[Enrolment] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
