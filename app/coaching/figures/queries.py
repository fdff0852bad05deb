"""Reading what the figures are made of. Each function is one query, however many rows there are."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from app.accounts.models import User
from app.coaches.models import Coach
from app.coaching.figures.rules import FEWEST, Heard, Missing, Spread
from app.coaching.load import IS_COACH, list_loads
from app.coaching.models import CoachingRequest, Offer, RequestWord
from app.coaching.rules import AskStep
from app.kernel.db import db


def list_heard(since: datetime, *, coach_id: int | None = None) -> list[Heard]:
    """The offers since then, of everybody or of one coach."""
    query = (
        select(Offer.coach_id, Offer.offered_at, Offer.due_at, Offer.first_word_at, Offer.ending, User.time_zone)
        .join(User, User.id == Offer.coach_id)
        .where(Offer.offered_at >= since)
        .order_by(Offer.id)
    )
    if coach_id is not None:
        query = query.where(Offer.coach_id == coach_id)
    return [Heard(*row) for row in db.session.execute(query)]


def count_requests(since: datetime) -> int:
    return db.session.execute(
        select(func.count()).select_from(CoachingRequest).where(CoachingRequest.created_at >= since)
    ).scalar_one()


def list_missing(since: datetime) -> list[Missing]:
    """By capability, how many requests there were since then, and how many of them were with nobody at some time."""
    was_stranded = select(RequestWord.request_id).where(RequestWord.step == AskStep.STRAND)
    query = (
        select(
            CoachingRequest.capability_id,
            func.count(),
            func.count().filter(CoachingRequest.id.in_(was_stranded)),
        )
        .where(CoachingRequest.created_at >= since, CoachingRequest.capability_id.is_not(None))
        .group_by(CoachingRequest.capability_id)
    )
    return [Missing(*row) for row in db.session.execute(query)]


def spread_of_load() -> Spread | None:
    """Over the coaches who take requests; None for fewer than FEWEST."""
    query = (
        select(Coach.user_id)
        .join(User, User.id == Coach.user_id)
        .where(Coach.is_taking_requests, IS_COACH, User.disabled_at.is_(None))
    )
    loads = list(list_loads(list(db.session.execute(query).scalars())).values())
    if len(loads) < FEWEST:
        return None
    full = sum(not load.has_room for load in loads)
    free = sum(load.has_room and not load.total for load in loads)
    return Spread(free, len(loads) - free - full, full)
