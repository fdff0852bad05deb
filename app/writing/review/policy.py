"""Who sees what was said about a text, who says it, and who says who reviews what. Pure questions, no database."""

from __future__ import annotations

from enum import StrEnum

from app.accounts.models import User
from app.writing.models import Manuscript
from app.writing.policy import can_read, can_review, is_of_team, is_reviewer
from app.writing.review.models import Remark, RemarkEntry


class Side(StrEnum):
    """On which side of a review somebody stands. Nobody stands on both."""

    REVIEW = "review"
    WRITING = "writing"


def side_of(user: User, manuscript: Manuscript) -> Side | None:
    """None for whoever has no say in it, such as an editor who is too near."""
    if is_of_team(user, manuscript):
        return Side.WRITING
    return Side.REVIEW if is_reviewer(user, manuscript) else None


def sees_review(user: User, manuscript: Manuscript) -> bool:
    """Remarks, findings, marks: those who write it and those who review. Members who may only propose a change do not."""
    if not can_read(user, manuscript):
        return False
    return is_of_team(user, manuscript) or can_review(user) or user.id in manuscript.reviewer_ids


def sees_entry(side: Side | None, entry: RemarkEntry) -> bool:
    """What was not sent yet is there for the own side alone."""
    return entry.sent_at is not None or entry.side == side


def sees_remark(side: Side | None, remark: Remark) -> bool:
    return bool(remark.entries) and sees_entry(side, remark.entries[0])
