"""Who has a place in a session, what was asked and answered, and what is kept for whom."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from flask_babel.speaklater import LazyString
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Team, User
from app.kernel.db import Base
from app.training.models import TrainingSession
from app.training.rules import MAX_CAPACITY, MAX_REASON
from app.training.seats.rules import STEP_NAMES, SeatStep


class Enrolment(Base):
    """One person's place in one session. `queue` is the order of arrival: whoever leaves and comes again gets the next
    number, and no two people of a session ever have the same. Along the waiting list, those who are `is_behind` stand after
    all others. `hold_id`: the seat is one of those that were held for a team.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("training_id", "user_id"),
        UniqueConstraint("training_id", "queue"),
        CheckConstraint("state in ('confirmed', 'offered', 'waiting', 'requested', 'cancelled')", name="state"),
        CheckConstraint("(state = 'offered') = (offer_until is not null)", name="offer_has_an_end"),
        Index("ix_enrolment_order", "training_id", "state", "is_behind", "queue"),
        Index("ix_enrolment_person", "user_id", "state"),
        Index("ix_enrolment_offer", "state", "offer_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    training_id: Mapped[int] = mapped_column(ForeignKey("training_session.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(16))
    queue: Mapped[int]
    is_behind: Mapped[bool] = mapped_column(default=False)
    offer_until: Mapped[datetime | None]
    hold_id: Mapped[int | None] = mapped_column(ForeignKey("seat_hold.id", ondelete="SET NULL"), index=True)
    enrolled_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    training: Mapped[TrainingSession] = relationship()
    user: Mapped[User] = relationship()
    events: Mapped[list[EnrolmentEvent]] = relationship(
        back_populates="enrolment", cascade="all, delete-orphan", order_by="EnrolmentEvent.id"
    )
    answers: Mapped[list[SignupAnswer]] = relationship(
        cascade="all, delete-orphan", order_by="SignupAnswer.question_id"
    )


class EnrolmentEvent(Base):
    """One step of a place's history: what happened, when, why where somebody had to say so, and by whose doing (None: by
    itself, or somebody whose account is gone).
    """

    __tablename__ = "enrolment_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"), index=True)
    step: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(String(MAX_REASON), default="")
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))

    enrolment: Mapped[Enrolment] = relationship(back_populates="events")
    by: Mapped[User | None] = relationship()

    @property
    def step_name(self) -> LazyString:
        return STEP_NAMES[SeatStep(self.step)]


class SeatHold(Base):
    """Seats kept for a team until a moment; what it has not taken by then is free for all."""

    __tablename__ = "seat_hold"
    __table_args__ = (
        UniqueConstraint("training_id", "team_id"),
        CheckConstraint(f"seats between 1 and {MAX_CAPACITY}", name="seats"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    training_id: Mapped[int] = mapped_column(ForeignKey("training_session.id", ondelete="CASCADE"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
    seats: Mapped[int]
    until: Mapped[datetime] = mapped_column(index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))

    team: Mapped[Team] = relationship()


class SignupQuestion(Base):
    """Something that whoever signs up is asked. `options` are the answers of a choice; a consent is given or not."""

    __tablename__ = "signup_question"
    __table_args__ = (
        CheckConstraint("kind in ('text', 'choice', 'consent')", name="kind"),
        UniqueConstraint("training_id", "position"),
    )
    # No stored page shows it.
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    training_id: Mapped[int] = mapped_column(ForeignKey("training_session.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    label: Mapped[str] = mapped_column(String(200))
    options: Mapped[list[str]] = mapped_column(JSON)
    is_required: Mapped[bool]


class SignupAnswer(Base):
    """What a person answered."""

    __tablename__ = "signup_answer"
    # No stored page shows it.
    quiet: ClassVar[bool] = True

    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[int] = mapped_column(
        ForeignKey("signup_question.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    value: Mapped[str] = mapped_column(Text)

    question: Mapped[SignupQuestion] = relationship()


class HeadStart(Base):
    """Somebody who may sign up before the others, from the session's `head_start_at` on."""

    __tablename__ = "head_start"

    training_id: Mapped[int] = mapped_column(ForeignKey("training_session.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True)
