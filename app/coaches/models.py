"""A coach's profile. The person behind it is an account; the profile is what others may read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.capabilities.models import Capability
from app.kernel.db import Base


class Coach(Base):
    """`bio` is Markdown; `bio_html` was made of it when it was saved."""

    __tablename__ = "coach"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    headline: Mapped[str] = mapped_column(String(160))
    bio: Mapped[str] = mapped_column(Text, default="")
    bio_html: Mapped[str] = mapped_column(Text, default="")
    site: Mapped[str] = mapped_column(String(80), default="")
    is_taking_requests: Mapped[bool] = mapped_column(default=True)
    updated_at: Mapped[datetime]

    user: Mapped[User] = relationship()
    skills: Mapped[list[CoachSkill]] = relationship(cascade="all, delete-orphan", order_by="CoachSkill.capability_id")
    language_rows: Mapped[list[CoachLanguage]] = relationship(
        cascade="all, delete-orphan", order_by="CoachLanguage.language"
    )

    @property
    def languages(self) -> list[str]:
        return [row.language for row in self.language_rows]


class CoachSkill(Base):
    """A capability that the coach teaches, up to a level."""

    __tablename__ = "coach_skill"
    __table_args__ = (CheckConstraint("level between 1 and 5", name="level"),)

    coach_id: Mapped[int] = mapped_column(ForeignKey("coach.id", ondelete="CASCADE"), primary_key=True)
    capability_id: Mapped[int] = mapped_column(
        ForeignKey("capability.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    level: Mapped[int]

    capability: Mapped[Capability] = relationship()


class CoachLanguage(Base):
    """A language that the coach teaches in."""

    __tablename__ = "coach_language"
    __table_args__ = (CheckConstraint("language in ('en', 'zh')", name="language"),)

    coach_id: Mapped[int] = mapped_column(ForeignKey("coach.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
