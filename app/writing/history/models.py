"""Which version of the original a translation says the same as."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class TranslationSource(Base):
    """From its version `number` on, a translation says what version `source_number` of the original says: so somebody vouched,
    or so the file was understood, then without `user_id`. Rows are added and never changed, so that it can be seen for
    the translation that readers see as well as for the one that is being written.
    """

    __tablename__ = "translation_source"
    __table_args__ = (
        CheckConstraint("number > 0 and source_number > 0", name="numbers"),
        Index("ix_translation_source_manuscript_id", "manuscript_id", "number", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    manuscript_id: Mapped[int] = mapped_column(ForeignKey("manuscript.id", ondelete="CASCADE"))
    number: Mapped[int]
    source_number: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]
