"""What people thought of a session. Nothing here says who: neither a name, nor a time, nor the order in which they answered."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class FeedbackAnswer(Base):
    """One person's answer. `seal` is a keyed hash of person and session, by which the person alone finds it again, and once
    nothing can be changed any more a random number (see `sealing`).

    The table has no row numbers, which would tell who answered first: SQLite keeps it in the order of the seals.
    """

    __tablename__ = "feedback_answer"
    __table_args__ = (
        CheckConstraint("content between 1 and 5", name="content"),
        CheckConstraint("trainer between 1 and 5", name="trainer"),
        CheckConstraint("usefulness between 1 and 5", name="usefulness"),
        {"sqlite_with_rowid": False},
    )

    seal: Mapped[str] = mapped_column(String(64), primary_key=True)
    training_id: Mapped[int] = mapped_column(ForeignKey("training_session.id", ondelete="CASCADE"), index=True)
    content: Mapped[int]
    trainer: Mapped[int]
    usefulness: Mapped[int]
    text: Mapped[str] = mapped_column(Text, default="")


class Thanked(Base):
    """That a person was thanked for coming, so that nobody is thanked twice."""

    __tablename__ = "thanked"
    quiet: ClassVar[bool] = True

    training_id: Mapped[int] = mapped_column(ForeignKey("training_session.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True)


class ThanksOff(Base):
    """That those who run a session do not want its people thanked."""

    __tablename__ = "thanks_off"
    quiet: ClassVar[bool] = True

    training_id: Mapped[int] = mapped_column(ForeignKey("training_session.id", ondelete="CASCADE"), primary_key=True)
