"""A training session, its meetings, and those who run it. Those who come are in `seats`."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel.speaklater import LazyString
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.capabilities.models import Capability
from app.kernel.db import Base
from app.training.rules import KIND_NAMES, MAX_CAPACITY, MAX_OFFER_HOURS, Kind, State, Waiting


class TrainingSession(Base):
    """One dated event. `description` is Markdown; HTML and text were made of it when it was saved.

    `version` is counted up by every sign-up, to lock the row; `revision` by every edit, to notice that two people edit
    at once; `sequence` by every change that a calendar has to know (RFC 5545, 3.8.7.4).
    `starts_at` and `ends_at` span all its meetings. Sign-up: who has a head start may come from `head_start_at` on; with a
    `minimum`, it is decided at `decide_at` whether it takes place: `decided_at` says that it does, `decision_asked_at` that its
    coaches were asked.
    `series_date` is the day that the session has in its series, whatever day it was moved to. Course and series are tables
    of the room `courses`.
    """

    __tablename__ = "training_session"
    __table_args__ = (
        CheckConstraint("kind in ('workshop', 'sharing', 'exhibition', 'coach_training')", name="kind"),
        CheckConstraint("state in ('draft', 'published', 'cancelled')", name="state"),
        CheckConstraint("language in ('en', 'zh')", name="language"),
        CheckConstraint("level between 1 and 5", name="level"),
        CheckConstraint(f"capacity between 1 and {MAX_CAPACITY}", name="capacity"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("waiting in ('promotion', 'offer')", name="waiting"),
        CheckConstraint(f"offer_hours between 1 and {MAX_OFFER_HOURS}", name="offer_hours"),
        CheckConstraint("head_start_hours between 0 and 168", name="head_start_hours"),
        CheckConstraint("minimum between 1 and capacity", name="minimum"),
        CheckConstraint("(minimum is null) = (decide_at is null)", name="minimum_has_a_day"),
        CheckConstraint("series_id is null or series_date is not null", name="series_has_a_date"),
        UniqueConstraint("series_id", "series_date"),
        Index("ix_training_session_course", "course_id", "state", "ends_at"),
        Index("ix_training_session_list", "state", "ends_at", "starts_at"),
        Index("ix_training_session_capability", "capability_id", "state", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    revision: Mapped[int] = mapped_column(default=0)
    sequence: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, deferred=True, deferred_group="texts")
    description_html: Mapped[str] = mapped_column(Text, deferred=True, deferred_group="texts")
    description_text: Mapped[str] = mapped_column(Text, deferred=True, deferred_group="texts")
    language: Mapped[str] = mapped_column(String(8))
    capability_id: Mapped[int | None] = mapped_column(ForeignKey("capability.id", ondelete="SET NULL"))
    level: Mapped[int | None]
    course_id: Mapped[int | None] = mapped_column(ForeignKey("training_course.id", ondelete="SET NULL"))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("training_series.id", ondelete="SET NULL"))
    series_date: Mapped[date | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    time_zone: Mapped[str] = mapped_column(String(64))
    place: Mapped[str] = mapped_column(String(200), default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    capacity: Mapped[int]
    signup_opens_at: Mapped[datetime | None]
    signup_closes_at: Mapped[datetime | None]
    head_start_at: Mapped[datetime | None]
    head_start_hours: Mapped[int] = mapped_column(default=0)
    needs_approval: Mapped[bool] = mapped_column(default=False)
    waiting: Mapped[str] = mapped_column(String(16), default=Waiting.PROMOTION)
    offer_hours: Mapped[int] = mapped_column(default=24)
    absentees_last: Mapped[bool] = mapped_column(default=False)
    minimum: Mapped[int | None]
    decide_at: Mapped[datetime | None] = mapped_column(index=True)
    decision_asked_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(16), default=State.DRAFT)
    cancel_reason: Mapped[str] = mapped_column(String(500), default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    is_sample: Mapped[bool] = mapped_column(default=False)

    capability: Mapped[Capability | None] = relationship()
    coach_rows: Mapped[list[TrainingCoach]] = relationship(
        back_populates="training", cascade="all, delete-orphan", order_by="TrainingCoach.position"
    )

    meetings: Mapped[list[Meeting]] = relationship(
        back_populates="training", cascade="all, delete-orphan", order_by="Meeting.starts_at"
    )

    @property
    def kind_name(self) -> LazyString:
        return KIND_NAMES[Kind(self.kind)]

    @property
    def coaches(self) -> list[User]:
        return [row.user for row in self.coach_rows]

    @property
    def coach_ids(self) -> frozenset[int]:
        return frozenset(row.user_id for row in self.coach_rows)


class TrainingCoach(Base):
    """Somebody who runs a session; coaches are named in the order of `position`."""

    __tablename__ = "training_coach"

    training_id: Mapped[int] = mapped_column(ForeignKey("training_session.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int]

    training: Mapped[TrainingSession] = relationship(back_populates="coach_rows")
    user: Mapped[User] = relationship()


class Meeting(Base):
    """One of the times at which a session meets: most have one, a course on three Tuesdays has three."""

    __tablename__ = "training_meeting"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_training_meeting_time", "training_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    training_id: Mapped[int] = mapped_column(ForeignKey("training_session.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]

    training: Mapped[TrainingSession] = relationship(back_populates="meetings")
