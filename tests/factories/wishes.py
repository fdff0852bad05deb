"""Wishes for tests. Each function opens its own transaction, so a test reads like a story."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.accounts.models import User
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.training.models import TrainingSession
from app.training.service import Details
from app.training.wishes import service
from app.training.wishes.models import Wish
from tests.factories.people import make_user
from tests.factories.training import make_details


def make_asked(title: str = "Contract tests with Pact", **given: Any) -> service.Asked:
    values: dict[str, Any] = {"why": "", "capability_id": None, "level": None, "language": "en", **given}
    return service.Asked(title=title, **values)


def make_wish(
    title: str = "Contract tests with Pact",
    *voters: User,
    by: User | None = None,
    votes: bool = True,
    now: datetime | None = None,
    **given: Any,
) -> Wish:
    """A wish of `by`, whose vote it has, and of `voters` after that."""
    by = by or make_user("Wang Wisher")
    moment = now or utc_now()
    with transaction() as session:
        wish, _new = service.make_wish(session, make_asked(title, **given), actor=by, votes=votes, now=moment)
    wish_id = wish.id
    for voter in voters:
        with transaction() as session:
            service.vote(session, wish_id, actor=voter, now=moment)
    return wish


def plan(wish: Wish, coach: User, *, hours: int = 48, details: Details | None = None) -> TrainingSession:
    """The coach makes a session of it."""
    details, wish_id = details or make_details(coach), wish.id
    with transaction() as session:
        return service.plan_session(session, wish_id, details, head_start_hours=hours, actor=coach, now=utc_now())
