"""What a person searched for last, for those who want it kept here."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.search.query import MAX_LENGTH


class RecentSearch(Base):
    """One text that a person searched for. No other person reads it."""

    __tablename__ = "recent_search"
    __table_args__ = (UniqueConstraint("user_id", "text"),)
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(String(MAX_LENGTH))
    at: Mapped[datetime]


class RecentSearchKeeper(Base):
    """A person who wants the recent searches kept here. No row, nothing kept."""

    __tablename__ = "recent_search_keeper"
    quiet: ClassVar[bool] = True

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
