"""What has to be read by whom, and who has confirmed it."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Team
from app.kernel.db import Base


class RequiredReading(Base):
    """An article that the people of some teams, or everybody, has to know by a day. Asking again for another text begins another
    `round`; `texts` are the hashes of the texts it was asked for, by language.

    Not quiet, unlike the rest here: articles and the home page keep in memory what is required.
    """

    __tablename__ = "required_reading"
    __table_args__ = (UniqueConstraint("kind", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    slug: Mapped[str] = mapped_column(String(80))
    for_everybody: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date]
    round: Mapped[int] = mapped_column(default=1)
    texts: Mapped[dict[str, str]] = mapped_column(JSON)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    asked_at: Mapped[datetime]

    team_rows: Mapped[list[RequiredTeam]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    @property
    def team_ids(self) -> frozenset[int]:
        return frozenset(row.team_id for row in self.team_rows)


class RequiredTeam(Base):
    """A team whose people have to read it: those who are in it at the time."""

    __tablename__ = "required_team"

    reading_id: Mapped[int] = mapped_column(ForeignKey("required_reading.id", ondelete="CASCADE"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), primary_key=True, index=True)

    team: Mapped[Team] = relationship()


class Acknowledgement(Base):
    """A person has read the text with this hash, in this language."""

    __tablename__ = "acknowledgement"
    __table_args__ = (
        UniqueConstraint("reading_id", "user_id", "round"),
        Index("ix_acknowledgement_user", "user_id", "reading_id"),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    reading_id: Mapped[int] = mapped_column(ForeignKey("required_reading.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    round: Mapped[int]
    language: Mapped[str] = mapped_column(String(8))
    text_hash: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]


class ReadingNudge(Base):
    """A person was told of a required reading, so that nobody is told the same twice."""

    __tablename__ = "reading_nudge"
    __table_args__ = (CheckConstraint("lead in ('asked', 'soon', 'overdue')", name="lead"),)
    quiet: ClassVar[bool] = True

    reading_id: Mapped[int] = mapped_column(ForeignKey("required_reading.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    lead: Mapped[str] = mapped_column(String(8), primary_key=True)
    at: Mapped[datetime]
