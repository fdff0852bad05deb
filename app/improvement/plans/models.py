"""A team's improvement plan and its items."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Team, User
from app.capabilities.models import Framework
from app.improvement.plans.rules import MAX_KEY, MAX_REASON, MAX_TITLE, MAX_WHAT, PlanState
from app.kernel.db import Base

_RUNNING = text("state = 'running'")


class Plan(Base):
    """What a team set out to do between two assessments. `baseline_id` is the snapshot that it began from. A team has one running
    plan for each framework. `revision` is counted up by every change, to lock the row. `reminded_for` is the day of review of which
    people were reminded.
    """

    __tablename__ = "improvement_plan"
    __table_args__ = (
        CheckConstraint("state in ('running', 'closed')", name="state"),
        Index(
            "ix_improvement_plan_running",
            "team_id",
            "framework_id",
            unique=True,
            sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id", ondelete="CASCADE"), index=True)
    baseline_id: Mapped[int | None] = mapped_column(ForeignKey("snapshot.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(String(MAX_TITLE))
    state: Mapped[str] = mapped_column(String(8), default=PlanState.RUNNING)
    revision: Mapped[int] = mapped_column(default=0)
    began_on: Mapped[date]
    review_on: Mapped[date | None]
    reminded_for: Mapped[date | None]
    closed_on: Mapped[date | None]
    learned: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    is_sample: Mapped[bool] = mapped_column(default=False)

    team: Mapped[Team] = relationship()
    framework: Mapped[Framework] = relationship()
    items: Mapped[list[PlanItem]] = relationship(
        back_populates="plan", cascade="all, delete-orphan", order_by="PlanItem.position, PlanItem.id"
    )


class PlanItem(Base):
    """Something to do: a practice to adopt, a session to go to, coaching to ask for, a team to learn from, or the team's own idea.
    `ref` is the slug of what it is about; `because` is why it was advised, as it read then. `key` is of the form it was sent with,
    or says what was advised, so that nothing is put in twice. `revision` is counted up by every change of the item, so that whoever
    changes it beside somebody else sees it and overwrites nothing; `changed_by_id` is whose change it was.
    """

    __tablename__ = "improvement_item"
    __table_args__ = (
        CheckConstraint("kind in ('practice', 'session', 'coach', 'story', 'own')", name="kind"),
        CheckConstraint("state in ('open', 'doing', 'done', 'dropped')", name="state"),
        UniqueConstraint("plan_id", "key"),
        Index("ix_improvement_item_due", "state", "due_on"),
        Index("ix_improvement_item_owner", "owner_id", "state"),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("improvement_plan.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    capability: Mapped[str] = mapped_column(String(80), default="")
    from_level: Mapped[int | None]
    to_level: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(12))
    ref: Mapped[str] = mapped_column(String(80), default="")
    what: Mapped[str] = mapped_column(String(MAX_WHAT))
    because: Mapped[str] = mapped_column(String(MAX_REASON), default="")
    key: Mapped[str] = mapped_column(String(MAX_KEY))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(8), default="open")
    state_since: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(MAX_REASON), default="")
    nudged_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(default=0)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))

    plan: Mapped[Plan] = relationship(back_populates="items")
    owner: Mapped[User | None] = relationship(foreign_keys=owner_id)
    changed_by: Mapped[User | None] = relationship(foreign_keys=changed_by_id)
