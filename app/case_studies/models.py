"""A case study in one language, its numbers, whom and what it credits, and its history."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from typing import Any

from flask_babel.speaklater import LazyString
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Team, User
from app.capabilities.models import Capability
from app.case_studies.rules import (
    PARTS,
    STATE_NAMES,
    STATE_TONES,
    STEP_NAMES,
    MetricValues,
    State,
    Step,
    Story,
    before_in_unit,
    best_of,
)
from app.kernel.db import Base

STORY = "story"


class CaseStudy(Base):
    """A team's story. Versions in other languages share the slug. The parts are Markdown; `html`, `headings` and `text`
    were made of them when they were saved. `revision` counts every write and guards against lost ones.

    `source_path` names the file in the library that the row is kept in; such a row is changed through its file alone.
    """

    __tablename__ = "case_study"
    __table_args__ = (
        UniqueConstraint("slug", "language"),
        UniqueConstraint("source_path"),
        CheckConstraint("language in ('en', 'zh')", name="language"),
        CheckConstraint("translation_of <> language", name="translation_of"),
        CheckConstraint(
            "state in ('draft', 'submitted', 'changes_requested', 'published', 'rejected', 'withdrawn')", name="state"
        ),
        CheckConstraint("state <> 'published' or published_on is not null", name="published_on"),
        Index("ix_case_study_state", "state", "published_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(8))
    translation_of: Mapped[str | None] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(120))
    summary: Mapped[str] = mapped_column(String(240), default="")
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), index=True)
    capability_id: Mapped[int | None] = mapped_column(ForeignKey("capability.id", ondelete="SET NULL"), index=True)
    state: Mapped[str] = mapped_column(String(20), default=State.DRAFT)
    state_since: Mapped[datetime]
    byline: Mapped[str] = mapped_column(String(200), default="")
    organisation: Mapped[str] = mapped_column(String(120), default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    published_on: Mapped[date | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)
    source_path: Mapped[str | None] = mapped_column(String(500))
    source_hash: Mapped[str | None] = mapped_column(String(64))
    is_sample: Mapped[bool] = mapped_column(default=False)

    context: Mapped[str] = mapped_column(Text, default="", deferred=True, deferred_group=STORY)
    challenge: Mapped[str] = mapped_column(Text, default="", deferred=True, deferred_group=STORY)
    approach: Mapped[str] = mapped_column(Text, default="", deferred=True, deferred_group=STORY)
    results: Mapped[str] = mapped_column(Text, default="", deferred=True, deferred_group=STORY)
    lessons: Mapped[str] = mapped_column(Text, default="", deferred=True, deferred_group=STORY)
    next_steps: Mapped[str] = mapped_column(Text, default="", deferred=True, deferred_group=STORY)
    html: Mapped[str] = mapped_column(Text, default="", deferred=True, deferred_group=STORY)
    text: Mapped[str] = mapped_column(Text, default="", deferred=True, deferred_group=STORY)
    headings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, deferred=True, deferred_group=STORY)

    team: Mapped[Team] = relationship()
    capability: Mapped[Capability | None] = relationship()
    author: Mapped[User | None] = relationship()
    metrics: Mapped[list[Metric]] = relationship(cascade="all, delete-orphan", order_by="Metric.position")
    practices: Mapped[list[CreditedPractice]] = relationship(
        cascade="all, delete-orphan", order_by="CreditedPractice.position"
    )
    coaches: Mapped[list[CreditedCoach]] = relationship(cascade="all, delete-orphan", order_by="CreditedCoach.position")
    sessions: Mapped[list[CreditedSession]] = relationship(
        cascade="all, delete-orphan", order_by="CreditedSession.position"
    )
    events: Mapped[list[CaseStudyEvent]] = relationship(cascade="all, delete-orphan", order_by="CaseStudyEvent.id")

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED

    @property
    def is_kept_in_file(self) -> bool:
        return self.source_path is not None

    @property
    def state_name(self) -> LazyString:
        return STATE_NAMES[State(self.state)]

    @property
    def state_tone(self) -> str:
        return STATE_TONES[State(self.state)]

    @property
    def best_metric(self) -> Metric | None:
        """The number that the card leads with."""
        return best_of(self.metrics)

    @property
    def story(self) -> Story:
        """What the team said, as plain values."""
        return Story(
            title=self.title,
            language=self.language,
            team_id=self.team_id,
            summary=self.summary,
            capability_id=self.capability_id,
            byline=self.byline,
            parts={part: getattr(self, part) for part in PARTS},
            metrics=tuple(metric.values for metric in self.metrics),
            practices=tuple(credit.practice_slug for credit in self.practices),
            coaches=tuple(credit.user_id for credit in self.coaches),
            sessions=tuple(credit.training_slug for credit in self.sessions),
        )


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


class CaseStudyEvent(Base):
    """One step of the way: who took it, when, from which state to which, and what they said."""

    __tablename__ = "case_study_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_study_id: Mapped[int] = mapped_column(ForeignKey("case_study.id", ondelete="CASCADE"), index=True)
    step: Mapped[str] = mapped_column(String(20))
    from_state: Mapped[str] = mapped_column(String(20))
    to_state: Mapped[str] = mapped_column(String(20))
    comment: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    at: Mapped[datetime]

    actor: Mapped[User | None] = relationship()

    @property
    def step_name(self) -> LazyString:
        return STEP_NAMES[Step(self.step)]
