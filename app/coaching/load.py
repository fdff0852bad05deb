"""How much coaches have on them, and who has room for more.

What counts is what is running or paused, and what was offered and waits for an answer. A request that is accepted moves from
the one to the other, so two that are accepted at once cannot pass the limit: both were counted when they were offered.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant, User
from app.accounts.rules import Role
from app.coaches.models import Coach
from app.coaching.models import CoachingRequest, CoachRoom, Engagement
from app.coaching.rules import OFFERED, UNDER_WAY
from app.kernel.db import db, take_turns

# Engagements and pending requests, together, of a coach who has not said how many.
USUAL = 3


@dataclass(frozen=True)
class Load:
    """`engagements` run or are paused, `pending` requests are offered and wait; together at most `most`. Who takes no requests
    has no room, whatever the numbers say.
    """

    user_id: int
    engagements: int
    pending: int
    most: int
    is_taking: bool = True

    @property
    def total(self) -> int:
        return self.engagements + self.pending

    @property
    def room(self) -> int:
        """How many more requests may be offered to this coach."""
        return max(0, self.most - self.total) if self.is_taking else 0

    @property
    def has_room(self) -> bool:
        return self.room > 0


_ENGAGEMENTS = (
    select(func.count())
    .where(Engagement.coach_id == User.id, Engagement.state.in_(UNDER_WAY))
    .correlate(User)
    .scalar_subquery()
)
_PENDING = (
    select(func.count())
    .where(CoachingRequest.coach_id == User.id, CoachingRequest.state.in_(OFFERED))
    .correlate(User)
    .scalar_subquery()
)
# Whoever gives the role back keeps the profile, and coaches nobody.
IS_COACH = User.grants.any(RoleGrant.role == Role.COACH)
_MOST = func.coalesce(CoachRoom.most, USUAL)


def list_loads(user_ids: Collection[int]) -> dict[int, Load]:
    """The load of each of these people, by id, in one query. Who has no profile, no role of a coach or no open account takes no
    requests.
    """
    query = (
        select(User.id, User.disabled_at, Coach.is_taking_requests & IS_COACH, _MOST, _ENGAGEMENTS, _PENDING)
        .outerjoin(Coach, Coach.user_id == User.id)
        .outerjoin(CoachRoom, CoachRoom.user_id == User.id)
        .where(User.id.in_(user_ids))
    )
    return {
        user_id: Load(user_id, engagements, pending, most, is_taking=bool(is_taking) and disabled_at is None)
        for user_id, disabled_at, is_taking, most, engagements, pending in db.session.execute(query)
    }


def load_of(user_id: int) -> Load:
    """The load of one person."""
    return list_loads([user_id]).get(user_id) or Load(user_id, 0, 0, USUAL, is_taking=False)


def lock_loads(session: Session) -> None:
    """From here to its end, this transaction alone gives coaches something to do. Whoever offers a request or begins an
    engagement calls this first and counts afterwards: rows that are not there yet cannot be locked one by one.
    """
    take_turns(session, "coaching loads")
