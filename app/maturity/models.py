"""Assessments with their answers, what the verifying coach said of them, snapshots of what was agreed, and targets.

Capabilities are named by slug: what a team said stays readable whatever becomes of the framework.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, Connection, ForeignKey, Index, String, Text, UniqueConstraint, event, text
from sqlalchemy.orm import Mapped, Mapper, ORMExecuteState, mapped_column, relationship

from app.accounts.models import Team, User
from app.capabilities.models import Framework, FrameworkVersion
from app.kernel.db import Base, db
from app.maturity.rules import MAX_EVIDENCE_TITLE, MAX_LINK, MAX_REASON, MAX_TITLE, RUNNING, State

KEPT = "a snapshot is never changed"
_IS_RUNNING = text(f"state in ({', '.join(repr(state.value) for state in RUNNING)})")


class Assessment(Base):
    """A team's graded answers against one version of a framework. `revision` is counted up by every step and by every change of
    an answer, which locks the row, and tells a page that is open whether anything is new. `moved_from` is the number of the version that its answers were given for before a newer one came.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        CheckConstraint(
            "state in ('answering', 'submitted', 'verifying', 'returned', 'final', 'withdrawn')", name="state"
        ),
        Index(
            "ix_assessment_running",
            "team_id",
            "framework_id",
            unique=True,
            sqlite_where=_IS_RUNNING,
            postgresql_where=_IS_RUNNING,
        ),
        Index("ix_assessment_state", "state", "state_since"),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id", ondelete="CASCADE"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("framework_version.id", ondelete="CASCADE"), index=True)
    moved_from: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(MAX_TITLE))
    state: Mapped[str] = mapped_column(String(16), default=State.ANSWERING)
    state_since: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=0)
    verifier_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    started_at: Mapped[datetime]
    is_sample: Mapped[bool] = mapped_column(default=False)

    team: Mapped[Team] = relationship()
    framework: Mapped[Framework] = relationship()
    version: Mapped[FrameworkVersion] = relationship()
    verifier: Mapped[User | None] = relationship(foreign_keys=verifier_id)
    answers: Mapped[list[Answer]] = relationship(back_populates="assessment", cascade="all, delete-orphan")
    events: Mapped[list[AssessmentEvent]] = relationship(
        cascade="all, delete-orphan", order_by="AssessmentEvent.id", lazy="raise"
    )


class AssessmentEvent(Base):
    """A step of an assessment."""

    __tablename__ = "assessment_event"
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), index=True)
    step: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    comment: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    at: Mapped[datetime]

    actor: Mapped[User | None] = relationship()


class Answer(Base):
    """What a team says of one capability: a level, or why it does not apply. `revision` is that of the assessment at the last
    change of the answer or its evidence, so it only grows; by it, whoever answers beside somebody else overwrites nothing.
    `is_changed_item` marks an answer whose capability reads
    otherwise in the version that the assessment moved to, until somebody answers it again.
    """

    __tablename__ = "assessment_answer"
    __table_args__ = (
        UniqueConstraint("assessment_id", "capability"),
        CheckConstraint("level between 1 and 5", name="level"),
        CheckConstraint("level is null or not is_not_applicable", name="level_or_reason"),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    capability: Mapped[str] = mapped_column(String(80))
    level: Mapped[int | None]
    is_not_applicable: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(MAX_REASON), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    is_changed_item: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(default=0)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime]

    assessment: Mapped[Assessment] = relationship(back_populates="answers")
    changed_by: Mapped[User | None] = relationship()
    evidence: Mapped[list[Evidence]] = relationship(cascade="all, delete-orphan", order_by="Evidence.id")


class AnswerEvent(Base):
    """What an answer was after each change, and whose change it was."""

    __tablename__ = "assessment_answer_event"
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("assessment_answer.id", ondelete="CASCADE"), index=True)
    revision: Mapped[int]
    level: Mapped[int | None]
    is_not_applicable: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(MAX_REASON), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    at: Mapped[datetime]

    actor: Mapped[User | None] = relationship()


class Evidence(Base):
    """Something that shows an answer to be true: a link, a file (its address among what was uploaded), or a number with its unit
    and where it was read. An adopted practice counts without a row here.
    """

    __tablename__ = "assessment_evidence"
    __table_args__ = (CheckConstraint("kind in ('link', 'file', 'metric')", name="kind"),)
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("assessment_answer.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(MAX_EVIDENCE_TITLE))
    link: Mapped[str] = mapped_column(String(MAX_LINK), default="")
    value: Mapped[float | None]
    unit: Mapped[str] = mapped_column(String(40), default="")
    window: Mapped[str] = mapped_column(String(80), default="")
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    added_at: Mapped[datetime]


class Finding(Base):
    """What the verifying coach says of an answer as it stands: agrees, differs (with a level and a reason) or asks for evidence.
    `answer_revision` is the revision that was looked at; where the answer is newer, the coach has to look again.
    """

    __tablename__ = "assessment_finding"
    __table_args__ = (
        UniqueConstraint("assessment_id", "capability"),
        CheckConstraint("verdict in ('agree', 'differ', 'ask')", name="verdict"),
        CheckConstraint("level between 1 and 5", name="level"),
        CheckConstraint("(verdict = 'differ') = (level is not null)", name="differs_by_a_level"),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    capability: Mapped[str] = mapped_column(String(80))
    verdict: Mapped[str] = mapped_column(String(8))
    level: Mapped[int | None]
    answer_revision: Mapped[int]
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    at: Mapped[datetime]


class FindingWord(Base):
    """What was said about a finding, by the coach or the team, the oldest first. `verdict` and `level` are those of a coach's word."""

    __tablename__ = "assessment_finding_word"
    __table_args__ = (Index("ix_assessment_finding_word_of", "assessment_id", "capability"),)
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    capability: Mapped[str] = mapped_column(String(80))
    verdict: Mapped[str | None] = mapped_column(String(8))
    level: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    at: Mapped[datetime]

    author: Mapped[User | None] = relationship()


class Snapshot(Base):
    """Where a team stood on a day, as agreed. Nothing ever changes one. `content` is everything that the score was made of: the
    framework's version, answers, evidence, findings, targets; `digest` is the SHA-256 of it in canonical JSON. `score` is the
    weighted mean of the areas, None where nothing applied. `department` is the team's at the time.
    """

    __tablename__ = "snapshot"
    __table_args__ = (
        UniqueConstraint("assessment_id"),
        Index("ix_snapshot_team", "team_id", "framework_id", "taken_at"),
        Index("ix_snapshot_framework", "framework_id", "taken_at"),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    assessment_id: Mapped[int] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id", ondelete="CASCADE"))
    version_id: Mapped[int] = mapped_column(ForeignKey("framework_version.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(MAX_TITLE))
    department: Mapped[str] = mapped_column(String(120), default="")
    taken_at: Mapped[datetime]
    verifier_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    score: Mapped[float | None]
    content: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    is_sample: Mapped[bool] = mapped_column(default=False)

    team: Mapped[Team] = relationship()
    framework: Mapped[Framework] = relationship()
    version: Mapped[FrameworkVersion] = relationship()
    verifier: Mapped[User | None] = relationship()
    marks: Mapped[list[SnapshotMark]] = relationship(cascade="all, delete-orphan", order_by="SnapshotMark.position")


class SnapshotMark(Base):
    """The level of one capability in a snapshot, for everything that is computed over many teams. `level` is None where it does
    not apply; `self_level` is what the team had said before the coach looked. `area` is the slug of its area, `weight` is its own
    and `area_weight` its area's.
    """

    __tablename__ = "snapshot_mark"
    __table_args__ = (
        CheckConstraint("level between 1 and 5", name="level"),
        CheckConstraint("self_level between 1 and 5", name="self_level"),
    )
    quiet: ClassVar[bool] = True

    snapshot_id: Mapped[int] = mapped_column(ForeignKey("snapshot.id", ondelete="CASCADE"), primary_key=True)
    capability: Mapped[str] = mapped_column(String(80), primary_key=True)
    position: Mapped[int]
    area: Mapped[str] = mapped_column(String(80))
    weight: Mapped[float]
    area_weight: Mapped[float]
    level: Mapped[int | None]
    self_level: Mapped[int | None]


@event.listens_for(Snapshot, "before_update")
@event.listens_for(Snapshot, "before_delete")
@event.listens_for(SnapshotMark, "before_update")
@event.listens_for(SnapshotMark, "before_delete")
def _keep_row(_mapper: Mapper[Any], _connection: Connection, row: Snapshot | SnapshotMark) -> None:
    """Refuse it here, where the mistake is; the database refuses the rest (migration 0022)."""
    raise RuntimeError(f"{type(row).__name__}: {KEPT}")


@event.listens_for(db.session, "do_orm_execute")
def _keep_rows(state: ORMExecuteState) -> None:
    if (state.is_update or state.is_delete) and state.bind_mapper in {Snapshot.__mapper__, SnapshotMark.__mapper__}:
        raise RuntimeError(f"{state.bind_mapper.class_.__name__}: {KEPT}")


class Target(Base):
    """The level that a team wants to have in a capability, by a day if it said one, and why."""

    __tablename__ = "maturity_target"
    __table_args__ = (
        UniqueConstraint("team_id", "framework_id", "capability"),
        CheckConstraint("level between 1 and 5", name="level"),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id", ondelete="CASCADE"), index=True)
    capability: Mapped[str] = mapped_column(String(80))
    level: Mapped[int]
    due_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(300), default="")
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    set_at: Mapped[datetime]
