"""What has changed and is not in the index yet."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base


class SearchOutbox(Base):
    """One document to be read and indexed again. Written in the transaction that changed it."""

    __tablename__ = "search_outbox"
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
