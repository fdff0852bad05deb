"""One answer a person and subject."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.community.helpful.rules import MAX_WORDS
from app.community.subjects import MAX_KIND, MAX_SLUG
from app.kernel.db import Base


class HelpfulAnswer(Base):
    """Whether something was helpful to a person; where not, why, in one word of `rules.Reason` and in the person's own."""

    __tablename__ = "helpful_answer"
    __table_args__ = (
        CheckConstraint("reason in ('', 'outdated', 'unclear', 'does_not_work', 'missing')", name="reason"),
        CheckConstraint("not is_helpful or (reason = '' and words = '')", name="reason_for_no"),
    )

    kind: Mapped[str] = mapped_column(String(MAX_KIND), primary_key=True)
    slug: Mapped[str] = mapped_column(String(MAX_SLUG), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True)
    is_helpful: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(20), default="")
    words: Mapped[str] = mapped_column(String(MAX_WORDS), default="")
    at: Mapped[datetime]

    user: Mapped[User] = relationship()
