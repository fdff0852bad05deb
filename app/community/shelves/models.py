"""Bookmarks, what somebody has read, and collections."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Team, User
from app.community.shelves.rules import MAX_ABOUT, MAX_NOTE, MAX_TITLE, Sight
from app.community.subjects import MAX_KIND, MAX_SLUG, Ref
from app.kernel.db import Base


class Bookmark(Base):
    """Something that a person keeps for later. Nobody else sees it."""

    __tablename__ = "bookmark"
    quiet: ClassVar[bool] = True

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(MAX_KIND), primary_key=True)
    slug: Mapped[str] = mapped_column(String(MAX_SLUG), primary_key=True)
    at: Mapped[datetime]


class ReadTick(Base):
    """Something that a person ticked as read. It counts in every collection that has it."""

    __tablename__ = "read_tick"
    quiet: ClassVar[bool] = True

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(MAX_KIND), primary_key=True)
    slug: Mapped[str] = mapped_column(String(MAX_SLUG), primary_key=True)
    at: Mapped[datetime]


class Collection(Base):
    """An ordered list of subjects with a title. `sight` says who may see it; `key` is what the address of one that is shared
    by link has to have. The people of its team, if it has one, edit it like its owner. `revision` counts changes.
    """

    __tablename__ = "collection"
    __table_args__ = (
        CheckConstraint("sight in ('private', 'link', 'listed')", name="sight"),
        CheckConstraint("language in ('en', 'zh')", name="language"),
        Index("ix_collection_listed", "sight", "updated_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(MAX_TITLE))
    about: Mapped[str] = mapped_column(String(MAX_ABOUT), default="")
    language: Mapped[str] = mapped_column(String(8))
    sight: Mapped[str] = mapped_column(String(8), default=Sight.PRIVATE)
    key: Mapped[str] = mapped_column(String(32))
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="SET NULL"), index=True)
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    owner: Mapped[User] = relationship()
    team: Mapped[Team | None] = relationship()
    entries: Mapped[list[CollectionEntry]] = relationship(
        cascade="all, delete-orphan", order_by="CollectionEntry.position"
    )


class CollectionEntry(Base):
    """One subject of a collection. `title` is what it was called when it was put in: what is gone is still named."""

    __tablename__ = "collection_entry"
    __table_args__ = (
        UniqueConstraint("collection_id", "kind", "slug"),
        Index("ix_collection_entry_position", "collection_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    collection_id: Mapped[int] = mapped_column(ForeignKey("collection.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(MAX_KIND))
    slug: Mapped[str] = mapped_column(String(MAX_SLUG))
    title: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(MAX_NOTE), default="")
    position: Mapped[int]

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.slug)
