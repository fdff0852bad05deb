"""Who reviews what, what reviewers said, remarks on passages, and what must not be published."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from flask_babel.speaklater import LazyString
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.capabilities.models import Capability
from app.kernel.db import Base
from app.writing.models import Assignment, Manuscript
from app.writing.review.anchoring import Passage
from app.writing.review.rules import MAX_BECAUSE, MAX_CONTEXT, MAX_QUOTE, MAX_WORD, Criterion, Mark
from app.writing.rules import STEP_NAMES, Step

MARKS = "('good', 'enough', 'not_yet')"


class ReviewerCapability(Base):
    """An editor said that this person reviews texts on this capability."""

    __tablename__ = "reviewer_capability"
    quiet: ClassVar[bool] = True

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    capability_id: Mapped[int] = mapped_column(
        ForeignKey("capability.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    user: Mapped[User] = relationship()
    capability: Mapped[Capability] = relationship()


class AssignmentReason(Base):
    """Why the rule chose the reviewer of an assignment: for knowing `fit`, with so many `open` reviews beside it."""

    __tablename__ = "review_assignment_reason"
    __table_args__ = (CheckConstraint("fit in ('capability', 'area', 'editor')", name="fit"),)
    quiet: ClassVar[bool] = True

    assignment_id: Mapped[int] = mapped_column(ForeignKey("review_assignment.id", ondelete="CASCADE"), primary_key=True)
    fit: Mapped[str] = mapped_column(String(16))
    open: Mapped[int]

    assignment: Mapped[Assignment] = relationship()


class HandedBack(Base):
    """Somebody who was asked to review a text would rather not, and why. The rule does not ask them again."""

    __tablename__ = "review_handed_back"
    __table_args__ = (Index("ix_review_handed_back_manuscript_id", "manuscript_id"),)
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    manuscript_id: Mapped[int] = mapped_column(ForeignKey("manuscript.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(String(MAX_BECAUSE))
    at: Mapped[datetime]

    user: Mapped[User] = relationship()


class Review(Base):
    """A decision on one version with its marks and its reason. Never changed; of another version there is another one."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("decision in ('accept', 'request_changes', 'reject')", name="decision"),
        *(CheckConstraint(f"{name} in {MARKS}", name=name) for name in Criterion),
        CheckConstraint("decision <> 'accept' or sensitive in ('good', 'enough')", name="accepted_is_not_sensitive"),
        Index("ix_review_manuscript_id", "manuscript_id", "id"),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    manuscript_id: Mapped[int] = mapped_column(ForeignKey("manuscript.id", ondelete="CASCADE"))
    number: Mapped[int]
    decision: Mapped[str] = mapped_column(String(16))
    evidence: Mapped[str | None] = mapped_column(String(8))
    clarity: Mapped[str | None] = mapped_column(String(8))
    usefulness: Mapped[str | None] = mapped_column(String(8))
    sensitive: Mapped[str | None] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text, default="")
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]

    reviewer: Mapped[User | None] = relationship()

    @property
    def marks(self) -> list[tuple[Criterion, Mark]]:
        """What was marked, in the order of the rubric."""
        return [(name, Mark(value)) for name in Criterion if (value := getattr(self, name))]

    @property
    def decision_name(self) -> LazyString:
        return STEP_NAMES[Step(self.decision)]


class Remark(Base):
    """Something said about a passage. `quote` is the passage as it stood in `field` of version `number`, between `prefix` and
    `suffix`, `place` thousandths into it; without a quote the remark is on the whole field. Done when one of those who write it
    says so.
    """

    __tablename__ = "remark"
    __table_args__ = (Index("ix_remark_manuscript_id", "manuscript_id", "id"),)
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    manuscript_id: Mapped[int] = mapped_column(ForeignKey("manuscript.id", ondelete="CASCADE"))
    number: Mapped[int]
    field: Mapped[str] = mapped_column(String(40))
    quote: Mapped[str] = mapped_column(String(MAX_QUOTE), default="")
    prefix: Mapped[str] = mapped_column(String(MAX_CONTEXT), default="")
    suffix: Mapped[str] = mapped_column(String(MAX_CONTEXT), default="")
    place: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)

    manuscript: Mapped[Manuscript] = relationship()
    done_by: Mapped[User | None] = relationship()
    entries: Mapped[list[RemarkEntry]] = relationship(
        back_populates="remark", cascade="all, delete-orphan", order_by="RemarkEntry.id"
    )

    @property
    def is_open(self) -> bool:
        return self.done_at is None

    @property
    def passage(self) -> Passage:
        return Passage(self.quote, self.prefix, self.suffix, self.place / 1000)


class RemarkEntry(Base):
    """The remark itself, or an answer to it. Until it is sent only those on the same side see it: who writes, or who reviews."""

    __tablename__ = "remark_entry"
    __table_args__ = (
        CheckConstraint("side in ('review', 'writing')", name="side"),
        Index("ix_remark_entry_remark_id", "remark_id", "id"),
    )
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    remark_id: Mapped[int] = mapped_column(ForeignKey("remark.id", ondelete="CASCADE"))
    side: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    remark: Mapped[Remark] = relationship(back_populates="entries")
    author: Mapped[User | None] = relationship()


class Nudged(Base):
    """A reminder that was sent, so that it is not sent again in the same round. A round begins when the state changes."""

    __tablename__ = "review_nudge"
    quiet: ClassVar[bool] = True

    manuscript_id: Mapped[int] = mapped_column(ForeignKey("manuscript.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True)
    nudge: Mapped[str] = mapped_column(String(16), primary_key=True)
    round: Mapped[datetime] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class GuardedWord(Base):
    """A name that must not be published, such as a customer's, as editors keep them. `normal` is how it is compared."""

    __tablename__ = "guarded_word"
    __table_args__ = (UniqueConstraint("normal"),)
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(String(MAX_WORD))
    normal: Mapped[str] = mapped_column(String(MAX_WORD))
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    added_at: Mapped[datetime]

    added_by: Mapped[User | None] = relationship()


class FindingAnswer(Base):
    """Why something that was found may stay, wherever in the manuscript it stands. `digest` stands for it: what it is, is not
    kept a second time.
    """

    __tablename__ = "finding_answer"
    __table_args__ = (UniqueConstraint("manuscript_id", "digest"),)
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    manuscript_id: Mapped[int] = mapped_column(ForeignKey("manuscript.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(String(32))
    because: Mapped[str] = mapped_column(String(MAX_BECAUSE))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]

    author: Mapped[User | None] = relationship()
