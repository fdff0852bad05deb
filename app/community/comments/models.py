"""Comments on any subject. An answer hangs on the comment that opened its thread."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.community.comments.rules import MAX_REASON
from app.community.subjects import MAX_KIND, MAX_SLUG
from app.kernel.db import Base


class Comment(Base):
    """`source` is Markdown; `html` was made of it when it was saved. `thread_id` is the comment that opened the thread,
    None for that one itself. `key` is what the same form sent twice has in common. A comment that its author took back
    while answers hang on it stays, without its words; one that an editor hid keeps them, for those who may see them.
    """

    __tablename__ = "comment"
    __table_args__ = (
        UniqueConstraint("author_id", "key"),
        CheckConstraint("language in ('en', 'zh')", name="language"),
        Index("ix_comment_subject", "kind", "slug", "thread_id", "id"),
        Index("ix_comment_author", "author_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(MAX_KIND))
    slug: Mapped[str] = mapped_column(String(MAX_SLUG))
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    key: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    hidden_reason: Mapped[str] = mapped_column(String(MAX_REASON), default="")
    answered_at: Mapped[datetime | None]

    author: Mapped[User | None] = relationship(foreign_keys=[author_id])

    @property
    def is_read(self) -> bool:
        """Are its words there for every reader?"""
        return self.removed_at is None and self.hidden_at is None
