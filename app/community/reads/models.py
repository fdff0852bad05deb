"""How often articles were read (see `noting` and `tally`)."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class ReadDay(Base):
    """How often an article was read in a language on a day (UTC)."""

    __tablename__ = "read_day"
    __table_args__ = (Index("ix_read_day_day", "day"),)
    quiet: ClassVar[bool] = True

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]


class ReadSeen(Base):
    """Somebody read this a moment ago. Kept for half an hour, so that whoever comes back counts once."""

    __tablename__ = "read_seen"
    __table_args__ = (Index("ix_read_seen_at", "at"),)
    quiet: ClassVar[bool] = True

    mark: Mapped[str] = mapped_column(String(24), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime]


class ReadTallied(Base):
    """The name of a file of notes that has been counted, so that none is counted twice."""

    __tablename__ = "read_tallied"
    quiet: ClassVar[bool] = True

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime]
