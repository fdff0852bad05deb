"""Which text was begun from which of a team's snapshots."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class StoryOrigin(Base):
    """A case study that a team began from two snapshots: the page of the team leads to it, and nobody begins it twice."""

    __tablename__ = "story_origin"
    __table_args__ = (UniqueConstraint("before_id", "after_id"),)
    quiet: ClassVar[bool] = True

    manuscript_id: Mapped[int] = mapped_column(ForeignKey("manuscript.id", ondelete="CASCADE"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
    before_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id", ondelete="CASCADE"))
    after_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
