"""What is on the programme of a session, and who speaks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.kernel.db import Base
from app.training.talks.rules import BREAKS, MAX_NAME, MAX_TITLE, MINUTES


class Talk(Base):
    """Something on the programme, in the order of `position`. Its time follows from what stands before it (rules.slots_of);
    without `minutes` it is a poster that hangs there all the time. `abstract` is Markdown; the HTML was made of it when it
    was saved. Of a case study that is shown only the slug is kept: it stands on the neighbours' floor. `revision` guards
    against two people who edit at once.
    """

    __tablename__ = "talk"
    __table_args__ = (
        UniqueConstraint("training_id", "title"),
        CheckConstraint("language in ('en', 'zh')", name="language"),
        CheckConstraint(f"minutes between {MINUTES.start} and {MINUTES.stop - 1}", name="minutes"),
        CheckConstraint(f"break_before between 0 and {BREAKS.stop - 1}", name="break_before"),
        Index("ix_talk_order", "training_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    training_id: Mapped[int] = mapped_column(ForeignKey("training_session.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(MAX_TITLE))
    abstract: Mapped[str] = mapped_column(Text, default="")
    abstract_html: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(8))
    minutes: Mapped[int | None]
    break_before: Mapped[int] = mapped_column(default=0)
    story_slug: Mapped[str | None] = mapped_column(String(80))
    revision: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime]

    speakers: Mapped[list[Speaker]] = relationship(cascade="all, delete-orphan", order_by="Speaker.position")


class Speaker(Base):
    """Somebody who gives a talk: a member by the account, or a guest by a plain name."""

    __tablename__ = "talk_speaker"
    __table_args__ = (
        UniqueConstraint("talk_id", "user_id"),
        CheckConstraint("(user_id is null) = (guest <> '')", name="member_or_guest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    talk_id: Mapped[int] = mapped_column(ForeignKey("talk.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    guest: Mapped[str] = mapped_column(String(MAX_NAME), default="")

    user: Mapped[User | None] = relationship()

    @property
    def name(self) -> str:
        return self.user.name if self.user is not None else self.guest
