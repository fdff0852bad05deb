"""What is typed and not yet saved, who has a text open, and which form began which text. No page of others shows any of it
but the name of who is there, so all of it is quiet.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.kernel.db import Base


class Unsaved(Base):
    """What somebody has typed and not saved: the fields of the form as they were sent. Of a text that is there it names the
    manuscript and the version it began from (`base`); of a new one the `key` of its form. `address` is where the form is.
    """

    __tablename__ = "autosave"
    __table_args__ = (
        UniqueConstraint("user_id", "manuscript_id"),
        UniqueConstraint("user_id", "key"),
        CheckConstraint("(manuscript_id is null) <> (key is null)", name="of_what"),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    manuscript_id: Mapped[int | None] = mapped_column(ForeignKey("manuscript.id", ondelete="CASCADE"), index=True)
    key: Mapped[str | None] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(300))
    title: Mapped[str] = mapped_column(String(200), default="")
    typed: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    base: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime] = mapped_column(index=True)

    @property
    def way_back(self) -> str:
        """Where the form is, with these words in it."""
        return f"{self.address}{'&' if '?' in self.address else '?'}unsaved={self.id}"


class Presence(Base):
    """Somebody has the desk open on a text, since when, and when the page was last heard of."""

    __tablename__ = "desk_presence"
    quiet: ClassVar[bool] = True

    manuscript_id: Mapped[int] = mapped_column(ForeignKey("manuscript.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True)
    since: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)

    user: Mapped[User] = relationship()


class Begun(Base):
    """The form with this key has become that text: sent a second time, it makes no second one."""

    __tablename__ = "desk_begun"
    quiet: ClassVar[bool] = True

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    manuscript_id: Mapped[int] = mapped_column(ForeignKey("manuscript.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
