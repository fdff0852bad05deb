"""How often what was looked for, without who looked (see `noting` and `tally`)."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class SearchQuery(Base):
    """A query that was asked. Until three different people have asked it, its words are not kept: `text` is None, and
    `key` is a keyed hash of them by which it is recognised.
    """

    __tablename__ = "search_query"
    __table_args__ = (UniqueConstraint("key"), UniqueConstraint("text"))
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = mapped_column(String(32))
    text: Mapped[str | None] = mapped_column(String(80))


class SearchQueryDay(Base):
    """How often a query was asked on a day (UTC), how often it found nothing, how often a result was opened."""

    __tablename__ = "search_query_day"
    __table_args__ = (Index("ix_search_query_day_day", "day"),)
    quiet: ClassVar[bool] = True

    query_id: Mapped[int] = mapped_column(ForeignKey("search_query.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    asked: Mapped[int] = mapped_column(default=0)
    empty: Mapped[int] = mapped_column(default=0)
    clicked: Mapped[int] = mapped_column(default=0)


class SearchQueryAsker(Base):
    """One of 256 marks of somebody who asked a query, kept until there are three. Different for every query, so that
    nobody's queries can be put together, and shared by one in 256 people, so that it names nobody.
    """

    __tablename__ = "search_query_asker"
    quiet: ClassVar[bool] = True

    query_id: Mapped[int] = mapped_column(ForeignKey("search_query.id", ondelete="CASCADE"), primary_key=True)
    mark: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class SearchSalt(Base):
    """The secret part of keys and marks. Thrown away after 30 days, with everything that was made with it."""

    __tablename__ = "search_salt"
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


class SearchTallied(Base):
    """The name of a file of notes that has been counted, so that none is counted twice."""

    __tablename__ = "search_tallied"
    quiet: ClassVar[bool] = True

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime]
