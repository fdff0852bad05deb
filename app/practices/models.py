"""A practice is an article in one language; its translations share the slug."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from app.accounts.models import User
from app.capabilities.models import Capability
from app.kernel.db import Base
from app.practices.adoption.models import Adoption
from app.practices.adoption.rules import Stage
from app.practices.rules import reading_minutes


class Practice(Base):
    """What, why, how and the evidence, on one capability and level. `source` is Markdown; `html` was made of it when it
    was saved. `origin` names the file it comes from, `origin_hash` the state of that file.
    """

    __tablename__ = "practice"
    __table_args__ = (
        UniqueConstraint("slug", "language"),
        UniqueConstraint("origin"),
        CheckConstraint("level between 1 and 5", name="level"),
        CheckConstraint("difficulty in ('', 'easy', 'moderate', 'hard')", name="difficulty"),
        CheckConstraint("language in ('en', 'zh')", name="language"),
        Index("ix_practice_capability", "capability_id", "level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(8))
    translation_of: Mapped[str | None] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text, deferred=True)
    html: Mapped[str] = mapped_column(Text, deferred=True)
    text: Mapped[str] = mapped_column(Text, deferred=True)
    headings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    words: Mapped[int]
    han: Mapped[int]
    capability_id: Mapped[int | None] = mapped_column(ForeignKey("capability.id", ondelete="SET NULL"))
    level: Mapped[int | None]
    time: Mapped[str] = mapped_column(String(200), default="")
    difficulty: Mapped[str] = mapped_column(String(16), default="")
    participants: Mapped[list[str]] = mapped_column(JSON, default=list)
    owner_name: Mapped[str] = mapped_column(String(200), default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    reviewed_on: Mapped[date | None]
    review_by: Mapped[date | None]
    origin: Mapped[str] = mapped_column(String(500))
    origin_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(index=True)
    updated_at: Mapped[datetime]

    capability: Mapped[Capability | None] = relationship()
    owner: Mapped[User | None] = relationship()
    # How many teams use it, in whatever language they read it. Loaded where a card shows it.
    team_count: Mapped[int] = column_property(
        select(func.count(Adoption.id))
        .where(Adoption.practice_slug == slug, Adoption.stage != Stage.STOPPED)
        .scalar_subquery(),
        deferred=True,
    )
    tag_rows: Mapped[list[PracticeTag]] = relationship(cascade="all, delete-orphan", order_by="PracticeTag.position")

    @property
    def tags(self) -> list[str]:
        return [row.tag for row in self.tag_rows]

    @property
    def minutes(self) -> int:
        return reading_minutes(self.words, self.han)

    def is_stale(self, today: date) -> bool:
        """Has the date passed by which somebody should have looked at it again?"""
        return self.review_by is not None and self.review_by < today


class PracticeTag(Base):
    """A free word on a practice."""

    __tablename__ = "practice_tag"
    __table_args__ = (Index("ix_practice_tag_tag", "tag"),)

    practice_id: Mapped[int] = mapped_column(ForeignKey("practice.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int]
