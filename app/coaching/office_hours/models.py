"""When a coach is there for anybody: weekly hours with exceptions, times that were booked, and the queue of a day."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.capabilities.models import Capability
from app.coaching.office_hours.rules import USUAL_CANCEL_HOURS
from app.kernel.db import Base

_BOOKED = text("state = 'booked'")
_IN_LINE = text("state in ('waiting', 'called')")


class OfficeHours(Base):
    """Hours that a coach keeps every week, on the clocks of `time_zone`; `weekday` is 0 for Monday. `slot_minutes` is how long one
    booking takes. With `is_drop_in` nobody books: who comes stands in line. Booked is at least `lead_hours` and at most
    `ahead_days` ahead, and cancelled or moved until `cancel_hours` before. `until` is the last day; None for no end.
    `revision` is counted up by every change, that of one day too: it is the SEQUENCE of a drop-in in the coach's calendar.
    """

    __tablename__ = "office_hours"
    __table_args__ = (
        CheckConstraint("weekday between 0 and 6", name="weekday"),
        CheckConstraint("ends > starts", name="ends_after_start"),
        CheckConstraint("slot_minutes between 10 and 240", name="slot_minutes"),
        CheckConstraint("lead_hours between 0 and 336", name="lead_hours"),
        CheckConstraint("cancel_hours between 0 and 336", name="cancel_hours"),
        CheckConstraint("ahead_days between 1 and 180", name="ahead_days"),
    )

    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    coach_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int]
    starts: Mapped[time]
    ends: Mapped[time]
    time_zone: Mapped[str] = mapped_column(String(64))
    slot_minutes: Mapped[int] = mapped_column(default=30)
    is_drop_in: Mapped[bool] = mapped_column(default=False)
    since: Mapped[date]
    until: Mapped[date | None]
    place: Mapped[str] = mapped_column(String(200), default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    lead_hours: Mapped[int] = mapped_column(default=12)
    cancel_hours: Mapped[int] = mapped_column(default=2)
    ahead_days: Mapped[int] = mapped_column(default=28)
    revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    is_sample: Mapped[bool] = mapped_column(default=False)

    coach: Mapped[User] = relationship()


class OfficeException(Base):
    """A day on which a coach's hours are otherwise: none at all (`starts` is None), or these instead."""

    __tablename__ = "office_exception"
    __table_args__ = (
        UniqueConstraint("hours_id", "day"),
        CheckConstraint("(starts is null) = (ends is null)", name="both_or_none"),
        CheckConstraint("ends > starts", name="ends_after_start"),
    )

    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    hours_id: Mapped[int] = mapped_column(ForeignKey("office_hours.id", ondelete="CASCADE"))
    day: Mapped[date]
    starts: Mapped[time | None]
    ends: Mapped[time | None]


class Booking(Base):
    """Time that somebody has booked with a coach. A booking that is moved stays the same row; `sequence` is counted up by every
    change that a calendar has to know (RFC 5545, 3.8.7.4). `topic` is for the coach alone. `reminded_for` is the beginning that the
    person was reminded of.
    """

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("state in ('booked', 'cancelled', 'held', 'missed')", name="state"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index(
            "ix_booking_one_at_a_time",
            "coach_id",
            "starts_at",
            unique=True,
            sqlite_where=_BOOKED,
            postgresql_where=_BOOKED,
        ),
        Index("ix_booking_user", "user_id", "starts_at"),
        Index("ix_booking_clock", "state", "starts_at"),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    coach_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    hours_id: Mapped[int | None] = mapped_column(ForeignKey("office_hours.id", ondelete="SET NULL"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    engagement_id: Mapped[int | None] = mapped_column(ForeignKey("engagement.id", ondelete="SET NULL"), index=True)
    capability_id: Mapped[int | None] = mapped_column(ForeignKey("capability.id", ondelete="SET NULL"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    time_zone: Mapped[str] = mapped_column(String(64))
    place: Mapped[str] = mapped_column(String(200), default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    topic: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(12), default="booked")
    sequence: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(500), default="")
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    reminded_for: Mapped[datetime | None]
    is_sample: Mapped[bool] = mapped_column(default=False)

    coach: Mapped[User] = relationship(foreign_keys=coach_id)
    user: Mapped[User] = relationship(foreign_keys=user_id)
    hours: Mapped[OfficeHours | None] = relationship()
    capability: Mapped[Capability | None] = relationship()

    @property
    def cancel_hours(self) -> int:
        """How long before its beginning it can be moved or cancelled. Once the hours are gone, what they said is gone, too."""
        return self.hours.cancel_hours if self.hours is not None else USUAL_CANCEL_HOURS


class Ticket(Base):
    """Somebody's place in the line of a drop-in day. `number` is what is called."""

    __tablename__ = "office_ticket"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'called', 'served', 'left', 'missed')", name="state"),
        UniqueConstraint("hours_id", "day", "number"),
        Index(
            "ix_office_ticket_once",
            "hours_id",
            "day",
            "user_id",
            unique=True,
            sqlite_where=_IN_LINE,
            postgresql_where=_IN_LINE,
        ),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    hours_id: Mapped[int] = mapped_column(ForeignKey("office_hours.id", ondelete="CASCADE"))
    day: Mapped[date]
    number: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    topic: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    joined_at: Mapped[datetime]
    called_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()
    hours: Mapped[OfficeHours] = relationship()
