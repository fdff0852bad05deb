"""A wish for a training, and who wants it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.capabilities.models import Capability
from app.kernel.db import Base
from app.training.models import TrainingSession
from app.training.rules import MAX_REASON
from app.training.wishes.rules import MAX_TITLE, MAX_WHY


class Wish(Base):
    """Something that people want to learn. `normal` is the title by which the same wish is known again. Whether it is open
    follows from `closed_at` and the session `training` (see `rules.state_of`), so that nobody has to keep it true.
    """

    __tablename__ = "training_wish"
    __table_args__ = (
        CheckConstraint("level between 1 and 5", name="level"),
        CheckConstraint("language in ('en', 'zh')", name="language"),
        Index("ix_training_wish_capability", "capability_id", "closed_at"),
        Index("ix_training_wish_normal", "normal"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(MAX_TITLE))
    normal: Mapped[str] = mapped_column(String(MAX_TITLE))
    why: Mapped[str] = mapped_column(String(MAX_WHY), default="")
    capability_id: Mapped[int | None] = mapped_column(ForeignKey("capability.id", ondelete="SET NULL"))
    level: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(8))
    training_id: Mapped[int | None] = mapped_column(ForeignKey("training_session.id", ondelete="SET NULL"), index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    closed_reason: Mapped[str] = mapped_column(String(MAX_REASON), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)

    capability: Mapped[Capability | None] = relationship()
    training: Mapped[TrainingSession | None] = relationship()
    made_by: Mapped[User | None] = relationship(foreign_keys=[made_by_id])
    votes: Mapped[list[WishVote]] = relationship(
        back_populates="wish", cascade="all, delete-orphan", order_by="WishVote.at"
    )


class WishVote(Base):
    """One person's vote; the key allows no second one."""

    __tablename__ = "training_wish_vote"

    wish_id: Mapped[int] = mapped_column(ForeignKey("training_wish.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True)
    at: Mapped[datetime]

    wish: Mapped[Wish] = relationship(back_populates="votes")
    user: Mapped[User] = relationship()
