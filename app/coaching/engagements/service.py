"""What coach and team do in an engagement. Each function is one action; the caller opens the transaction.

Whoever acts on an engagement locks its row first. What two people can change at once carries a revision: who changes what
somebody else has changed meanwhile is told, and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Membership, User
from app.coaching.load import load_of, lock_loads
from app.coaching.models import Engagement, Goal
from app.coaching.rules import MAX_TITLE, Phase
from app.kernel.clock import zone
from app.kernel.errors import ConflictError, InvalidInputError


@dataclass(frozen=True, kw_only=True)
class GoalDraft:
    """What is to be reached: a capability at a level, or something in words."""

    capability_id: int | None = None
    from_level: int | None = None
    to_level: int | None = None
    text: str = ""


def begin(
    session: Session,
    *,
    team_id: int,
    coach_id: int,
    title: str,
    goals: Sequence[GoalDraft] = (),
    request_id: int | None = None,
    ends_on: date | None = None,
    now: datetime,
    is_sample: bool = False,
) -> Engagement:
    """A coach begins to help a team. With a `request_id`, that request was counted in the coach's load already; without one
    there has to be room. Raises ConflictError where there is none, InvalidInputError for a coach of the team itself.
    """
    lock_loads(session)
    coach = session.get_one(User, coach_id)
    of_team = select(Membership.user_id).where(Membership.team_id == team_id, Membership.user_id == coach_id)
    if session.execute(of_team).first() is not None:
        raise InvalidInputError(_l("A coach comes from another team."), field="coach")
    if request_id is None and not load_of(coach_id).has_room:
        raise ConflictError(_l("This coach has no room at the moment."))
    engagement = Engagement(
        request_id=request_id,
        team_id=team_id,
        coach_id=coach_id,
        title=" ".join(title.split())[:MAX_TITLE],
        state=Phase.RUNNING,
        state_since=now,
        began_on=now.astimezone(zone(coach.time_zone)).date(),
        ends_on=ends_on,
        created_at=now,
        is_sample=is_sample,
        goals=[
            Goal(capability_id=each.capability_id, from_level=each.from_level, to_level=each.to_level, text=each.text)
            for each in goals
        ],
    )
    session.add(engagement)
    session.flush()
    return engagement
