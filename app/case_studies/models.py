"""A published case study in one language, its numbers, and whom and what it credits."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Team, User
from app.capabilities.models import Capability
from app.case_studies.rules import Form, MetricValues, before_in_unit, best_of
from app.kernel.db import Base

STORY = "story"


class CaseStudy(Base):
    """What readers see of a team's story or interview. Versions in other languages share the slug. It is written when a
    version of its manuscript is published, and by nothing else; what people wrote is in that version.

    `html`, `headings` and `text` were made of it then. `source_path` names the file in the library that the text is kept
    in, `source_hash` what was read there.
    """

    __tablename__ = "case_study"
    __table_args__ = (
        UniqueConstraint("slug", "language"),
        UniqueConstraint("source_path"),
        CheckConstraint("language in ('en', 'zh')", name="language"),
        CheckConstraint("translation_of <> language", name="translation_of"),
        CheckConstraint("form in ('story', 'interview')", name="form"),
        Index("ix_case_study_published_on", "published_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(8))
    translation_of: Mapped[str | None] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(240), default="")
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
    capability_id: Mapped[int | None] = mapped_column(ForeignKey("capability.id", ondelete="SET NULL"), index=True)
    form: Mapped[str] = mapped_column(String(12), default=Form.STORY)
    byline: Mapped[str] = mapped_column(String(200), default="")
    organisation: Mapped[str] = mapped_column(String(120), default="")
    published_on: Mapped[date]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    source_path: Mapped[str | None] = mapped_column(String(500))
    source_hash: Mapped[str | None] = mapped_column(String(64))
    is_sample: Mapped[bool] = mapped_column(default=False)

    html: Mapped[str] = mapped_column(Text, default="", deferred=True, deferred_group=STORY)
    text: Mapped[str] = mapped_column(Text, default="", deferred=True, deferred_group=STORY)
    headings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, deferred=True, deferred_group=STORY)

    team: Mapped[Team] = relationship()
    capability: Mapped[Capability | None] = relationship()
    metrics: Mapped[list[Metric]] = relationship(cascade="all, delete-orphan", order_by="Metric.position")
    practices: Mapped[list[CreditedPractice]] = relationship(
        cascade="all, delete-orphan", order_by="CreditedPractice.position"
    )
    coaches: Mapped[list[CreditedCoach]] = relationship(cascade="all, delete-orphan", order_by="CreditedCoach.position")
    sessions: Mapped[list[CreditedSession]] = relationship(
        cascade="all, delete-orphan", order_by="CreditedSession.position"
    )

    @property
    def best_metric(self) -> Metric | None:
        """The number that the card leads with."""
        return best_of(self.metrics)


class Metric(Base):
    """A number before and after, with what one needs to judge it (see `rules.MetricValues`)."""

    __tablename__ = "case_study_metric"
    __table_args__ = (
        CheckConstraint("better in ('lower', 'higher')", name="better"),
        CheckConstraint("cases_before > 0 and cases_after > 0", name="cases"),
        Index("ix_case_study_metric_case_study", "case_study_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_study_id: Mapped[int] = mapped_column(ForeignKey("case_study.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    before: Mapped[float | None]
    after: Mapped[float | None]
    unit: Mapped[str] = mapped_column(String(40))
    better: Mapped[str] = mapped_column(String(8))
    window: Mapped[str] = mapped_column(String(80))
    source: Mapped[str] = mapped_column(String(200))
    measure: Mapped[str] = mapped_column(String(40), default="")
    before_unit: Mapped[str] = mapped_column(String(40), default="")
    window_before: Mapped[str] = mapped_column(String(80), default="")
    cases_before: Mapped[int | None]
    cases_after: Mapped[int | None]
    remark: Mapped[str] = mapped_column(String(300), default="")

    @property
    def values(self) -> MetricValues:
        return MetricValues(**{each.name: getattr(self, each.name) for each in fields(MetricValues)})

    @property
    def before_in_unit(self) -> float | None:
        return before_in_unit(self)


class CreditedPractice(Base):
    """A practice that the team used. Practices come and go with their files, so only the slug is kept."""

    __tablename__ = "credited_practice"

    case_study_id: Mapped[int] = mapped_column(ForeignKey("case_study.id", ondelete="CASCADE"), primary_key=True)
    practice_slug: Mapped[str] = mapped_column(String(80), primary_key=True, index=True)
    position: Mapped[int]


class CreditedCoach(Base):
    """A coach who helped the team."""

    __tablename__ = "credited_coach"

    case_study_id: Mapped[int] = mapped_column(ForeignKey("case_study.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True)
    position: Mapped[int]

    user: Mapped[User] = relationship()


class CreditedSession(Base):
    """A training session that the team took something from."""

    __tablename__ = "credited_session"

    case_study_id: Mapped[int] = mapped_column(ForeignKey("case_study.id", ondelete="CASCADE"), primary_key=True)
    training_slug: Mapped[str] = mapped_column(String(80), primary_key=True, index=True)
    position: Mapped[int]
