"""What is known of who was there. How it becomes known is the room `attendance`; the tables stand with the seats, because who
missed sessions without a word can stand behind others on a waiting list.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.kernel.db import Base
from app.training.models import Meeting
from app.training.rules import MAX_REASON
from app.training.seats.models import Enrolment


class Presence(StrEnum):
    """Late is there; excused is somebody who said so before. Whoever nothing is said of has no row."""

    PRESENT = "present"
    LATE = "late"
    EXCUSED = "excused"
    ABSENT = "absent"


PRESENCE_NAMES = {
    Presence.PRESENT: _l("There"),
    Presence.LATE: _l("Late"),
    Presence.EXCUSED: _l("Excused"),
    Presence.ABSENT: _l("Not there"),
}

# Whoever came late attended.
ATTENDED = frozenset({Presence.PRESENT, Presence.LATE})


class Means(StrEnum):
    """How it became known. "Everybody else is there" stands in a history only: what it brought about is known by the roster."""

    ROSTER = "roster"
    REST = "rest"
    WALL = "wall"
    PERSONAL = "personal"
    WALK_IN = "walk_in"


class Attendance(Base):
    """What is known of one person at one meeting."""

    __tablename__ = "attendance"
    __table_args__ = (
        UniqueConstraint("meeting_id", "enrolment_id"),
        CheckConstraint("state in ('present', 'late', 'excused', 'absent')", name="state"),
        CheckConstraint("means in ('roster', 'wall', 'personal', 'walk_in')", name="means"),
    )
    # No stored page shows it.
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("training_meeting.id", ondelete="CASCADE"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(8))
    means: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime]

    meeting: Mapped[Meeting] = relationship()
    enrolment: Mapped[Enrolment] = relationship()


class AttendanceEvent(Base):
    """One entry of the history: what was said of a person at a meeting (empty: it was taken back), when and by whom. `mark` is a
    number that the sender chose, so that what is sent twice counts once.
    """

    __tablename__ = "attendance_event"
    __table_args__ = (UniqueConstraint("meeting_id", "enrolment_id", "mark"),)
    # No stored page shows it.
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("training_meeting.id", ondelete="CASCADE"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"), index=True)
    mark: Mapped[str] = mapped_column(String(36))
    state: Mapped[str] = mapped_column(String(8))
    means: Mapped[str] = mapped_column(String(8))
    note: Mapped[str] = mapped_column(String(MAX_REASON), default="")
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))

    by: Mapped[User | None] = relationship()
