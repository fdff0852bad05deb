"""What the people of a team say of the coaching when it has ended: a mark, and words if they like.

The coach sees it without names, and only once three people have said something: in smaller a number everybody knows who it was.
Before that, and for everybody else, it is only known how many have. Whoever gave it sees the own one, and can change it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.coaching.engagements.service import lock
from app.coaching.models import Engagement, EngagementFeedback
from app.coaching.policy import can_say_how_it_was
from app.coaching.rules import MAX_REASON, Phase
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError

MARKS = range(1, 6)
# From so many on the coach sees what was said.
MIN_SHOWN = 3


@dataclass(frozen=True)
class Heard:
    """What the coach gets to see: how many have spoken, and from MIN_SHOWN on their mean mark and their words, in an order that
    does not say who was when.
    """

    number: int
    mean: float | None
    words: tuple[str, ...]


def give_feedback(session: Session, engagement_id: int, *, mark: int, text: str, actor: User, now: datetime) -> None:
    """Say, or say otherwise, how it was. Raises ForbiddenError for the coach, ConflictError before the end."""
    if mark not in MARKS:
        raise InvalidInputError(_l("Choose a mark from 1 to 5."), field="mark")
    if len(text) > MAX_REASON:
        raise InvalidInputError(_l("Use at most 1000 characters."), field="text")
    engagement = lock(session, engagement_id, actor)
    if not can_say_how_it_was(actor, engagement):
        raise ForbiddenError(_l("Those who were coached say how it was."))
    if engagement.state != Phase.ENDED:
        raise ConflictError(_l("Say it when the coaching has ended. Until then, tell your coach."))
    row = session.get(EngagementFeedback, (engagement_id, actor.id))
    if row is None:
        row = EngagementFeedback(engagement_id=engagement_id, user_id=actor.id, mark=mark, at=now)
        session.add(row)
    row.mark, row.text, row.at = mark, text.strip(), now
    session.flush()


def heard(engagement: Engagement) -> Heard:
    """`engagement` was loaded with its feedback."""
    rows = engagement.feedback
    if len(rows) < MIN_SHOWN:
        return Heard(len(rows), None, ())
    mean = sum(row.mark for row in rows) / len(rows)
    return Heard(len(rows), mean, tuple(sorted(row.text for row in rows if row.text)))
