"""Which team uses which practice, and how that came about."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel.speaklater import LazyString
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Team, User
from app.kernel.db import Base
from app.practices.adoption.rules import MAX_LINK, MAX_NOTE, STAGE_NAMES, Stage


class Adoption(Base):
    """How a team stands to a practice now. Practices come and go, so only the slug is kept. `confirmed_at` is when somebody
    of the team last said that this is so; `confirmed_by` is who.
    """

    __tablename__ = "adoption"
    __table_args__ = (
        UniqueConstraint("practice_slug", "team_id"),
        CheckConstraint("stage in ('trying', 'using', 'standardised', 'stopped')", name="stage"),
        Index("ix_adoption_team", "team_id", "stage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    practice_slug: Mapped[str] = mapped_column(String(80))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    stage: Mapped[str] = mapped_column(String(16))
    since: Mapped[date]
    link: Mapped[str] = mapped_column(String(MAX_LINK), default="")
    note: Mapped[str] = mapped_column(String(MAX_NOTE), default="")
    confirmed_at: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))

    team: Mapped[Team] = relationship()
    confirmed_by: Mapped[User | None] = relationship()
    events: Mapped[list[AdoptionEvent]] = relationship(cascade="all, delete-orphan", order_by="AdoptionEvent.id")

    @property
    def stage_name(self) -> LazyString:
        return STAGE_NAMES[Stage(self.stage)]


class AdoptionEvent(Base):
    """Something that the team said: a stage with its evidence, that it is still so, or that it has stopped, and why."""

    __tablename__ = "adoption_event"
    __table_args__ = (
        CheckConstraint("what in ('said', 'confirmed', 'stopped')", name="what"),
        CheckConstraint("stage in ('trying', 'using', 'standardised', 'stopped')", name="stage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    adoption_id: Mapped[int] = mapped_column(ForeignKey("adoption.id", ondelete="CASCADE"), index=True)
    what: Mapped[str] = mapped_column(String(16))
    stage: Mapped[str] = mapped_column(String(16))
    since: Mapped[date]
    link: Mapped[str] = mapped_column(String(MAX_LINK), default="")
    note: Mapped[str] = mapped_column(String(MAX_NOTE), default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    at: Mapped[datetime]

    actor: Mapped[User | None] = relationship()

    @property
    def stage_name(self) -> LazyString:
        return STAGE_NAMES[Stage(self.stage)]
