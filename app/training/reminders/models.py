"""When people are reminded of a session, and of what they were."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class ReminderPlan(Base):
    """How long before its meetings a session's people are reminded. Without a row: a day (rules.DEFAULT)."""

    __tablename__ = "reminder_plan"
    quiet: ClassVar[bool] = True

    training_id: Mapped[int] = mapped_column(ForeignKey("training_session.id", ondelete="CASCADE"), primary_key=True)
    week: Mapped[bool]
    day: Mapped[bool]
    hour: Mapped[bool]


class Reminder(Base):
    """Of one person, one meeting and one lead, the last time a reminder was due: sent, or passed over as of no use.

    `covers_until` is that moment plus the lead. As long as the meeting begins no later, it was reminded of; if it is moved
    beyond, the next one is due when its time comes.
    """

    __tablename__ = "reminder"
    __table_args__ = (CheckConstraint("lead in ('week', 'day', 'hour')", name="lead"),)
    quiet: ClassVar[bool] = True

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(
        ForeignKey("training_meeting.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    lead: Mapped[str] = mapped_column(String(8), primary_key=True)
    covers_until: Mapped[datetime]
    at: Mapped[datetime]
    was_sent: Mapped[bool]
