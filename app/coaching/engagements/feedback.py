"""What the people of a team say of the coaching when it has ended: a mark, and words if they like.

The coach sees it without names, and only once three people have said something: in smaller a number everybody knows who it was.
What is seen then stays as it is until three others have spoken, for whoever knows the mean of three and of four knows the fourth
mark. What somebody changes waits for the next three, too. Before that, and for everybody else, it is only known how many have
spoken. Whoever gave it sees the own one, and can change it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.coaching.engagements.service import lock
from app.coaching.models import Engagement, EngagementFeedback
from app.coaching.policy import can_say_how_it_was
from app.coaching.rules import MAX_REASON, Phase
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError

MARKS = range(1, 6)
# So many have to say something new until the coach sees it.
MIN_SHOWN = 3


@dataclass(frozen=True)
class Heard:
    """What the coach gets to see: how many have spoken, and of how many of them it is `shown` what they said: their mean mark and
    their words, in an order that does not say who was when.
    """

    number: int
    shown: int
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
    query = select(EngagementFeedback).where(EngagementFeedback.engagement_id == engagement_id)
    _renew(session.execute(query).scalars().all())
    session.flush()


def _renew(rows: Sequence[EngagementFeedback]) -> None:
    """Show the coach all that was said, if MIN_SHOWN people have spoken whom the coach has not heard yet. So two figures always
    differ by the marks of three people or more, and nobody's own can be subtracted.
    """
    if sum(row.shown_mark is None for row in rows) >= MIN_SHOWN:
        for row in rows:
            row.shown_mark, row.shown_text = row.mark, row.text


def heard(engagement: Engagement) -> Heard:
    """`engagement` was loaded with its feedback."""
    marks = [row.shown_mark for row in engagement.feedback if row.shown_mark is not None]
    words = tuple(sorted(row.shown_text for row in engagement.feedback if row.shown_text))
    return Heard(len(engagement.feedback), len(marks), sum(marks) / len(marks) if marks else None, words)
