"""A course and what it asks for, and a series of sessions."""

from __future__ import annotations

from datetime import datetime

from flask_babel.speaklater import LazyString
from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.capabilities.models import Capability
from app.kernel.db import Base
from app.training.courses.rules import MAX_SUMMARY, PATTERN_WORDS, Pattern


class Course(Base):
    """What is taught, whenever it is taught: its sessions have the dates. `revision` is counted up by every edit, to notice that
    two people edit at once. Before it, one reads the `practices` and has attended the courses of `before`.
    """

    __tablename__ = "training_course"
    __table_args__ = (
        CheckConstraint("language in ('en', 'zh')", name="language"),
        CheckConstraint("level between 1 and 5", name="level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    revision: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(MAX_SUMMARY))
    description: Mapped[str] = mapped_column(Text, deferred=True, deferred_group="texts")
    description_html: Mapped[str] = mapped_column(Text, deferred=True, deferred_group="texts")
    description_text: Mapped[str] = mapped_column(Text, deferred=True, deferred_group="texts")
    language: Mapped[str] = mapped_column(String(8))
    capability_id: Mapped[int | None] = mapped_column(ForeignKey("capability.id", ondelete="SET NULL"), index=True)
    level: Mapped[int | None]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    is_sample: Mapped[bool] = mapped_column(default=False)

    capability: Mapped[Capability | None] = relationship()
    coach_rows: Mapped[list[CourseCoach]] = relationship(cascade="all, delete-orphan", order_by="CourseCoach.position")
    practice_rows: Mapped[list[CoursePractice]] = relationship(
        cascade="all, delete-orphan", order_by="CoursePractice.position"
    )
    before_rows: Mapped[list[CourseBefore]] = relationship(
        cascade="all, delete-orphan", order_by="CourseBefore.position", foreign_keys="CourseBefore.course_id"
    )

    @property
    def coaches(self) -> list[User]:
        return [row.user for row in self.coach_rows]

    @property
    def coach_ids(self) -> frozenset[int]:
        return frozenset(row.user_id for row in self.coach_rows)

    @property
    def practices(self) -> list[str]:
        """The slugs of the practices to read before."""
        return [row.slug for row in self.practice_rows]

    @property
    def before(self) -> list[Course]:
        return [row.before for row in self.before_rows]


class CourseCoach(Base):
    """Somebody who teaches a course and looks after its page."""

    __tablename__ = "course_coach"

    course_id: Mapped[int] = mapped_column(ForeignKey("training_course.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int]

    user: Mapped[User] = relationship()


class CoursePractice(Base):
    """A practice to read before. It is named by its slug, which all its languages share."""

    __tablename__ = "course_practice"

    course_id: Mapped[int] = mapped_column(ForeignKey("training_course.id", ondelete="CASCADE"), primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int]


class CourseBefore(Base):
    """A course to attend before."""

    __tablename__ = "course_before"
    __table_args__ = (CheckConstraint("course_id <> before_id", name="not_itself"),)

    course_id: Mapped[int] = mapped_column(ForeignKey("training_course.id", ondelete="CASCADE"), primary_key=True)
    before_id: Mapped[int] = mapped_column(
        ForeignKey("training_course.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int]

    before: Mapped[Course] = relationship(foreign_keys=[before_id])


class Series(Base):
    """Sessions that were announced in one go. `token` is what the form brought, so that a form that is sent twice makes one
    series; the later part of a series that was split has one of its own.
    """

    __tablename__ = "training_series"
    __table_args__ = (
        CheckConstraint("pattern in ('weekly', 'fortnightly', 'monthly', 'monthly_last')", name="pattern"),
        UniqueConstraint("created_by_id", "token"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(64))
    pattern: Mapped[str] = mapped_column(String(16))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]

    @property
    def pattern_words(self) -> LazyString:
        return PATTERN_WORDS[Pattern(self.pattern)]
