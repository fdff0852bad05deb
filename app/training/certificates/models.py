"""Certificates, what earns one, and their printed form."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.kernel.db import Base
from app.training.certificates.rules import MAX_NAME
from app.training.models import TrainingSession
from app.training.rules import MAX_MEETINGS, MAX_REASON


class CertificateRule(Base):
    """What those who run a session said about its certificates. `needed` is a number of meetings; None means all of them."""

    __tablename__ = "certificate_rule"
    __table_args__ = (CheckConstraint(f"needed between 1 and {MAX_MEETINGS}", name="needed"),)
    # No stored page shows it.
    quiet: ClassVar[bool] = True

    training_id: Mapped[int] = mapped_column(ForeignKey("training_session.id", ondelete="CASCADE"), primary_key=True)
    is_on: Mapped[bool]
    needed: Mapped[int | None]


class Certificate(Base):
    """One certificate, with what it says as it was when it was issued. A person has at most one that is valid for a session.

    `doubted_at`: those who run the session were told that the attendance no longer bears it; `kept_at`: one of them decided
    that it stays all the same.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        Index(
            "uq_certificate_valid",
            "training_id",
            "user_id",
            unique=True,
            sqlite_where=text("revoked_at is null"),
            postgresql_where=text("revoked_at is null"),
        ),
        CheckConstraint("language in ('en', 'zh')", name="language"),
        CheckConstraint("(revoked_at is null) = (revoked_reason = '')", name="revoked_with_a_reason"),
    )
    # No stored page shows it.
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    training_id: Mapped[int] = mapped_column(ForeignKey("training_session.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    language: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(MAX_NAME))
    title: Mapped[str] = mapped_column(String(200))
    coaches: Mapped[str] = mapped_column(String(1000))
    first_day: Mapped[date]
    last_day: Mapped[date]
    attended: Mapped[int]
    meetings: Mapped[int]
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    doubted_at: Mapped[datetime | None]
    kept_at: Mapped[datetime | None]
    kept_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    revoked_reason: Mapped[str] = mapped_column(String(MAX_REASON), default="")

    training: Mapped[TrainingSession] = relationship()
    user: Mapped[User] = relationship(foreign_keys=user_id)
    issued_by: Mapped[User | None] = relationship(foreign_keys=issued_by_id)
    kept_by: Mapped[User | None] = relationship(foreign_keys=kept_by_id)
    revoked_by: Mapped[User | None] = relationship(foreign_keys=revoked_by_id)
    paper: Mapped[CertificatePaper | None] = relationship(back_populates="certificate")


class CertificatePaper(Base):
    """A certificate as a PDF. Without one: `lacking` are the characters that none of our fonts has; where there are none of
    them, printing failed.
    """

    __tablename__ = "certificate_paper"
    quiet: ClassVar[bool] = True

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id", ondelete="CASCADE"), primary_key=True)
    pdf: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    has_pdf: Mapped[bool]
    lacking: Mapped[str] = mapped_column(String(MAX_NAME), default="")

    certificate: Mapped[Certificate] = relationship(back_populates="paper")
