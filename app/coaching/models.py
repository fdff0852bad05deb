"""Requests for coaching and the coaches they were offered to; engagements with what was agreed in them; how much a coach takes on.

What coach and team write to each other here is read by nobody else: these tables are in no search, no export and no log.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Team, User
from app.capabilities.models import Capability
from app.coaching.rules import MAX_REASON, MAX_TITLE, Ask, Origin, Phase
from app.kernel.db import Base

_RUNS = text("ending is null")


class CoachRoom(Base):
    """How much a coach takes on: engagements and what is pending, together. Without a row it is `load.USUAL`."""

    __tablename__ = "coach_room"
    __table_args__ = (CheckConstraint("most between 0 and 50", name="most"),)
    quiet: ClassVar[bool] = True

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    most: Mapped[int]
    note: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime]


class CoachAway(Base):
    """Days on which a coach is away, from the first to the last of them: no office hours, whichever are kept then, and no new requests."""

    __tablename__ = "coach_away"
    __table_args__ = (
        UniqueConstraint("coach_id", "first", "last"),
        CheckConstraint("last >= first", name="last_after_first"),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    coach_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    first: Mapped[date]
    last: Mapped[date]


class CoachingRequest(Base):
    """A team asks for a coach. `wished_from` and `wished_until` bound the days it would like to begin. `coach_id` is whom it is
    offered to now, `due_at` until when that coach has to say something. `revision` is counted up by every step, to lock the row.
    `key` is of the form it was sent with, so that a form sent twice asks once.
    """

    __tablename__ = "coaching_request"
    __table_args__ = (
        CheckConstraint("state in ('open', 'asked', 'stranded', 'accepted', 'withdrawn')", name="state"),
        CheckConstraint("language in ('en', 'zh')", name="language"),
        UniqueConstraint("team_id", "key"),
        Index("ix_coaching_request_clock", "state", "due_at"),
        Index("ix_coaching_request_coach", "coach_id", "state"),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    capability_id: Mapped[int | None] = mapped_column(ForeignKey("capability.id", ondelete="SET NULL"))
    from_level: Mapped[int | None]
    to_level: Mapped[int | None]
    goal: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    wished_from: Mapped[date | None]
    wished_until: Mapped[date | None]
    key: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12), default=Ask.OPEN)
    state_since: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=0)
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    due_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    is_sample: Mapped[bool] = mapped_column(default=False)

    team: Mapped[Team] = relationship()
    asked_by: Mapped[User | None] = relationship(foreign_keys=asked_by_id)
    coach: Mapped[User | None] = relationship(foreign_keys=coach_id)
    capability: Mapped[Capability | None] = relationship()
    offers: Mapped[list[Offer]] = relationship(cascade="all, delete-orphan", order_by="Offer.id", lazy="raise")
    words: Mapped[list[RequestWord]] = relationship(
        cascade="all, delete-orphan", order_by="RequestWord.id", lazy="raise"
    )


class Offer(Base):
    """A request was offered to a coach: from when until when the clock ran, and how it ended; `ending` is None while it runs.
    A request is with one coach at a time. No coach gets it twice, unless an administrator gives it once more: that is an offer of
    its own, and the former one stays as it was.
    """

    __tablename__ = "coaching_offer"
    __table_args__ = (
        CheckConstraint(
            "ending in ('accepted', 'declined', 'handed over', 'ran out', 'gone', 'withdrawn')", name="ending"
        ),
        CheckConstraint("origin in ('matched', 'wished', 'handed over', 'given')", name="origin"),
        Index("ix_coaching_offer_coach", "coach_id", "offered_at"),
        Index("ix_coaching_offer_running", "request_id", unique=True, sqlite_where=_RUNS, postgresql_where=_RUNS),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("coaching_request.id", ondelete="CASCADE"), index=True)
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    origin: Mapped[str] = mapped_column(String(12), default=Origin.MATCHED)
    offered_at: Mapped[datetime]
    due_at: Mapped[datetime]
    first_word_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ending: Mapped[str | None] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(MAX_REASON), default="")

    coach: Mapped[User | None] = relationship()


class RequestWord(Base):
    """A step of a request with what was said: a question, its answer, a reason."""

    __tablename__ = "coaching_request_word"
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("coaching_request.id", ondelete="CASCADE"), index=True)
    step: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    at: Mapped[datetime]

    author: Mapped[User | None] = relationship()


class Engagement(Base):
    """A coach helps a team towards goals for some weeks. `outcome` is what came of it, in the words of coach and team. `left_told_at`
    is when the team was told that its coach is gone.
    """

    __tablename__ = "engagement"
    __table_args__ = (
        CheckConstraint("state in ('running', 'paused', 'ended')", name="state"),
        UniqueConstraint("request_id"),
        Index("ix_engagement_coach", "coach_id", "state"),
        Index("ix_engagement_team", "team_id", "state"),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("coaching_request.id", ondelete="SET NULL"))
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"))
    coach_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    title: Mapped[str] = mapped_column(String(MAX_TITLE))
    state: Mapped[str] = mapped_column(String(8), default=Phase.RUNNING)
    state_since: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=0)
    began_on: Mapped[date]
    ends_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(Text, default="")
    left_told_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    is_sample: Mapped[bool] = mapped_column(default=False)

    team: Mapped[Team] = relationship()
    coach: Mapped[User | None] = relationship()
    goals: Mapped[list[Goal]] = relationship(cascade="all, delete-orphan", order_by="Goal.id")
    notes: Mapped[list[Note]] = relationship(cascade="all, delete-orphan", order_by="Note.id", lazy="raise")
    actions: Mapped[list[AgreedAction]] = relationship(
        cascade="all, delete-orphan", order_by="AgreedAction.id", lazy="raise"
    )
    sessions: Mapped[list[EngagementSession]] = relationship(cascade="all, delete-orphan", lazy="raise")
    feedback: Mapped[list[EngagementFeedback]] = relationship(cascade="all, delete-orphan", lazy="raise")


class Goal(Base):
    """What an engagement is to reach: a capability at a level, or something in words; `reached_on` is when it was."""

    __tablename__ = "engagement_goal"
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"), index=True)
    capability_id: Mapped[int | None] = mapped_column(ForeignKey("capability.id", ondelete="SET NULL"))
    from_level: Mapped[int | None]
    to_level: Mapped[int | None]
    text: Mapped[str] = mapped_column(String(500), default="")
    reached_on: Mapped[date | None]

    capability: Mapped[Capability | None] = relationship()


class Note(Base):
    """What coach or team wrote down, for each other alone. `text` is Markdown; `html` was made of it when it was saved.
    `revision` is counted up by every save, so that of two people who change it at once the second one is told.
    """

    __tablename__ = "engagement_note"
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"), index=True)
    on: Mapped[date]
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(default=0)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    at: Mapped[datetime]

    author: Mapped[User | None] = relationship()


class AgreedAction(Base):
    """Something that was agreed, whose it is, and by when. `nudged_at` is when its owner was told that it is overdue."""

    __tablename__ = "engagement_action"
    __table_args__ = (Index("ix_engagement_action_owner", "owner_id", "done_at", "due_on"),)
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(String(500))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    due_on: Mapped[date | None]
    revision: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    nudged_at: Mapped[datetime | None]

    owner: Mapped[User | None] = relationship()


class EngagementSession(Base):
    """A training session that belongs to an engagement, by its slug."""

    __tablename__ = "engagement_session"
    quiet: ClassVar[bool] = True

    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"), primary_key=True)
    training_slug: Mapped[str] = mapped_column(String(80), primary_key=True, index=True)


class EngagementFeedback(Base):
    """What somebody of the team says of the coaching when it has ended, for the coach: a mark from 1 to 5, and words. `shown_mark`
    and `shown_text` are what of it the coach sees: nothing yet, or what it was when it was shown (engagements/feedback.py).
    """

    __tablename__ = "engagement_feedback"
    __table_args__ = (CheckConstraint("mark between 1 and 5", name="mark"),)
    quiet: ClassVar[bool] = True

    engagement_id: Mapped[int] = mapped_column(ForeignKey("engagement.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    mark: Mapped[int]
    text: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    shown_mark: Mapped[int | None]
    shown_text: Mapped[str] = mapped_column(Text, default="")
