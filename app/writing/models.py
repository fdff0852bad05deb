"""A manuscript, its versions, who writes it, who reviews it, and its history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from flask_babel.speaklater import LazyString
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Subquery, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, WriteOnlyMapped, mapped_column, relationship

from app.accounts.models import Team, User
from app.capabilities.models import Capability
from app.kernel.db import Base
from app.writing.rules import STATE_NAMES, STATE_TONES, STEP_NAMES, State, Step


class Manuscript(Base):
    """One text in one language on its way. What readers see is a row of the kind's own, written when a version is accepted.

    The numbers are those of versions: the latest, the one that was submitted last, the one that is published (none: readers
    see nothing), and for a translation the version of the original that it translates. `is_open`: every member may propose
    a change once it is published. `kept_in_file` names the file that such a text is changed through alone, `brought_from` the document
    elsewhere that it came from. `revision` counts every write.
    """

    __tablename__ = "manuscript"
    __table_args__ = (
        UniqueConstraint("kind", "slug", "language"),
        UniqueConstraint("kept_in_file"),
        CheckConstraint("language in ('en', 'zh')", name="language"),
        CheckConstraint("translation_of <> language", name="translation_of"),
        CheckConstraint("state in ('draft', 'submitted', 'changes_requested', 'accepted', 'rejected')", name="state"),
        CheckConstraint("state <> 'submitted' or submitted_number is not null", name="submitted_number"),
        CheckConstraint("submitted_number <= latest_number", name="submitted_exists"),
        CheckConstraint("published_number <= latest_number", name="published_exists"),
        Index("ix_manuscript_state", "state", "state_since"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    slug: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(8))
    translation_of: Mapped[str | None] = mapped_column(String(8))
    source_number: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(200))
    is_open: Mapped[bool] = mapped_column(default=False)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="SET NULL"), index=True)
    capability_id: Mapped[int | None] = mapped_column(ForeignKey("capability.id", ondelete="SET NULL"), index=True)
    state: Mapped[str] = mapped_column(String(20), default=State.DRAFT)
    state_since: Mapped[datetime]
    latest_number: Mapped[int] = mapped_column(default=0)
    submitted_number: Mapped[int | None]
    published_number: Mapped[int | None]
    kept_in_file: Mapped[str | None] = mapped_column(String(500))
    brought_from: Mapped[str | None] = mapped_column(String(500), unique=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)
    is_sample: Mapped[bool] = mapped_column(default=False)

    team: Mapped[Team | None] = relationship()
    capability: Mapped[Capability | None] = relationship()
    authors: Mapped[list[Author]] = relationship(
        cascade="all, delete-orphan", order_by="Author.position", back_populates="manuscript"
    )
    # Whoever saved a version wrote it, whether or not they are still named as an author.
    saved_by: Mapped[list[User]] = relationship(
        secondary=lambda: SAVED,
        primaryjoin=lambda: Manuscript.id == SAVED.c.manuscript_id,
        secondaryjoin=lambda: User.id == SAVED.c.author_id,
        viewonly=True,
    )
    assignments: Mapped[list[Assignment]] = relationship(cascade="all, delete-orphan", order_by="Assignment.id")
    versions: WriteOnlyMapped[Version] = relationship(
        cascade="all, delete-orphan", order_by="Version.number", passive_deletes=True
    )
    events: WriteOnlyMapped[ManuscriptEvent] = relationship(
        cascade="all, delete-orphan", order_by="ManuscriptEvent.id", passive_deletes=True
    )

    @property
    def is_live(self) -> bool:
        """Do readers see any version of it?"""
        return self.published_number is not None

    @property
    def given_number(self) -> int:
        """The version that others were given to read last."""
        given = self.published_number if self.state == State.ACCEPTED else self.submitted_number
        return given or self.published_number or self.latest_number

    @property
    def is_kept_in_file(self) -> bool:
        return self.kept_in_file is not None

    @property
    def author_ids(self) -> frozenset[int]:
        return frozenset(author.user_id for author in self.authors)

    @property
    def writers(self) -> list[User]:
        """Everybody who is an author or was one while saving a version."""
        return list(dict.fromkeys([*(author.user for author in self.authors), *self.saved_by]))

    @property
    def reviewer_ids(self) -> frozenset[int]:
        """Who has been asked to review it."""
        return frozenset(assignment.user_id for assignment in self.assignments)

    @property
    def state_name(self) -> LazyString:
        return STATE_NAMES[State(self.state)]

    @property
    def state_tone(self) -> str:
        return STATE_TONES[State(self.state)]


class Author(Base):
    """Somebody who writes on it. The first is whoever began; whoever saves a version is one of them."""

    __tablename__ = "manuscript_author"

    manuscript_id: Mapped[int] = mapped_column(ForeignKey("manuscript.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int]

    manuscript: Mapped[Manuscript] = relationship(back_populates="authors")
    user: Mapped[User] = relationship()


class Version(Base):
    """What was saved once, and never changes: every save is a version. `content` are the fields of the kind as plain
    values, `note` says why.
    """

    __tablename__ = "version"
    __table_args__ = (
        UniqueConstraint("manuscript_id", "number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("origin in ('web', 'merged', 'restored', 'file', 'imported')", name="origin"),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    manuscript_id: Mapped[int] = mapped_column(ForeignKey("manuscript.id", ondelete="CASCADE"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    note: Mapped[str] = mapped_column(String(240), default="")
    origin: Mapped[str] = mapped_column(String(16))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]

    author: Mapped[User | None] = relationship()


SAVED: Subquery = (
    select(Version.manuscript_id, Version.author_id).where(Version.author_id.is_not(None)).distinct().subquery("saved")
)


class ManuscriptEvent(Base):
    """One step of the way: who took it, when, with which version, from which state to which, and what they said."""

    __tablename__ = "manuscript_event"
    __table_args__ = (Index("ix_manuscript_event_manuscript_id", "manuscript_id", "id"),)
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    manuscript_id: Mapped[int] = mapped_column(ForeignKey("manuscript.id", ondelete="CASCADE"))
    step: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[str] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    comment: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]

    actor: Mapped[User | None] = relationship()

    @property
    def step_name(self) -> LazyString:
        return STEP_NAMES[Step(self.step)]


class Assignment(Base):
    """Somebody was asked to review it, by a certain day. Without `assigned_by_id` nobody but the rule chose."""

    __tablename__ = "review_assignment"
    __table_args__ = (UniqueConstraint("manuscript_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    manuscript_id: Mapped[int] = mapped_column(ForeignKey("manuscript.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    assigned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    assigned_at: Mapped[datetime]
    due_on: Mapped[date]

    user: Mapped[User] = relationship(foreign_keys=[user_id])
