"""Links that belong to a session."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.training.materials.rules import MAX_TITLE, MAX_URL, Audience


class Material(Base):
    """Something with an address. `is_told`: those who may see it have heard that it is there."""

    __tablename__ = "material"
    __table_args__ = (
        CheckConstraint("audience in ('all', 'there')", name="audience"),
        Index("ix_material_order", "training_id", "position"),
        Index("ix_material_untold", "is_told", "training_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    training_id: Mapped[int] = mapped_column(ForeignKey("training_session.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(MAX_TITLE))
    url: Mapped[str] = mapped_column(String(MAX_URL))
    audience: Mapped[str] = mapped_column(String(8), default=Audience.ALL)
    is_told: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]
