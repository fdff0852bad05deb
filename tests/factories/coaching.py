"""Requests for coaching and engagements for tests, made as people make them. Each function opens its own transaction."""

from __future__ import annotations

from datetime import datetime
from itertools import count

from app.accounts.models import Team, User
from app.coaching.engagements.service import GoalDraft, begin
from app.coaching.models import CoachingRequest, CoachRoom, Engagement
from app.coaching.requests.service import Asking, ask
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction

_keys = count(1)
GOAL = "Merge requests that know within ten minutes whether they are good"


def make_request(
    team: Team,
    by: User,
    *,
    goal: str = GOAL,
    capability_id: int | None = None,
    from_level: int | None = None,
    to_level: int | None = None,
    language: str = "en",
    coach: User | None = None,
    key: str = "",
    now: datetime | None = None,
) -> CoachingRequest:
    """`team` asks for a coach, by the hand of `by`; `coach` is whom it wishes for."""
    asking = Asking(
        team_id=team.id,
        goal=goal,
        capability_id=capability_id,
        from_level=from_level,
        to_level=to_level,
        language=language,
        coach_id=coach.id if coach is not None else None,
    )
    with transaction() as session:
        return ask(session, asking, key=key or f"key-{next(_keys)}", actor=by, now=now or utc_now())


def make_engagement(
    team: Team,
    coach: User,
    *,
    title: str = "Test automation",
    goals: tuple[GoalDraft, ...] = (),
    now: datetime | None = None,
) -> Engagement:
    with transaction() as session:
        return begin(session, team_id=team.id, coach_id=coach.id, title=title, goals=goals, now=now or utc_now())


def set_most(coach: User, most: int) -> None:
    """How much a coach takes on."""
    with transaction() as session:
        session.merge(CoachRoom(user_id=coach.id, most=most, note="", changed_at=utc_now()))


def fresh(request: CoachingRequest) -> CoachingRequest:
    """The request as it is now."""
    db.session.rollback()
    return db.session.get_one(CoachingRequest, request.id, populate_existing=True)
