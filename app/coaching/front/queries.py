"""What other pages have to know of coaching, in one query each."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import select

from app.accounts.models import User
from app.coaching.models import CoachingRequest, Offer
from app.coaching.queries import REQUEST_ROW
from app.coaching.rules import Ask, working_hours
from app.kernel.db import db

# From so many answers on it is said how quickly a coach usually answers.
FEWEST = 5
_LOOKED_AT = 20
_PERIOD = timedelta(days=365)


def list_questions_to(user: User) -> list[CoachingRequest]:
    """What coaches have asked the person's teams, the oldest question first."""
    query = (
        select(CoachingRequest)
        .where(CoachingRequest.team_id.in_(user.team_ids), CoachingRequest.state == Ask.ASKED)
        .options(*REQUEST_ROW)
        .order_by(CoachingRequest.state_since, CoachingRequest.id)
    )
    return list(db.session.execute(query).unique().scalars())


def usual_days(coach_id: int, now: datetime) -> int | None:
    """In how many working days a coach usually says the first word: the median of the last ones, rounded up. None for fewer than
    FEWEST.
    """
    query = (
        select(Offer.offered_at, Offer.first_word_at, User.time_zone)
        .join(User, User.id == Offer.coach_id)
        .where(Offer.coach_id == coach_id, Offer.first_word_at.is_not(None), Offer.offered_at >= now - _PERIOD)
        .order_by(Offer.offered_at.desc(), Offer.id.desc())
        .limit(_LOOKED_AT)
    )
    hours = [working_hours(row.offered_at, row.first_word_at, row.time_zone) for row in db.session.execute(query)]
    if len(hours) < FEWEST:
        return None
    return max(1, -int(-median(hours) // 24))
