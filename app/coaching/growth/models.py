"""The path of coaches as data, where each person is on it, what others observed, and who approved the next step."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.kernel.db import Base
from app.kernel.types import Localized

_OPEN = text("state = 'open'")


class PathStage(Base):
    """A stage of the path: candidate, coach, lead coach. `conditions` is what has to be reached before it, as the file says it (see
    `path.Condition`).
    """

    __tablename__ = "path_stage"

    slug: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int] = mapped_column(unique=True)
    name: Mapped[Localized]
    summary: Mapped[Localized]
    conditions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)


class Standing(Base):
    """The stage that a person has reached, since when, and who approved it."""

    __tablename__ = "path_standing"
    quiet: ClassVar[bool] = True

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    stage: Mapped[str] = mapped_column(String(40), index=True)
    since: Mapped[date]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    is_sample: Mapped[bool] = mapped_column(default=False)

    user: Mapped[User] = relationship(foreign_keys=user_id)


class Observation(Base):
    """A coach watched somebody run a session, and says how it went. `training_slug` names the session."""

    __tablename__ = "path_observation"
    __table_args__ = (UniqueConstraint("user_id", "observer_id", "training_slug"),)
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    observer_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    training_slug: Mapped[str] = mapped_column(String(80))
    is_ready: Mapped[bool]
    strengths: Mapped[str] = mapped_column(Text, default="")
    advice: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]

    observer: Mapped[User | None] = relationship(foreign_keys=observer_id)


class Application(Base):
    """Somebody asks to be taken to the next stage; a lead coach decides. `evidence` is how far the conditions were met then."""

    __tablename__ = "path_application"
    __table_args__ = (
        CheckConstraint("state in ('open', 'approved', 'declined', 'withdrawn')", name="state"),
        Index("ix_path_application_open", "user_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    stage: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12), default="open")
    words: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")

    user: Mapped[User] = relationship(foreign_keys=user_id)
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)
