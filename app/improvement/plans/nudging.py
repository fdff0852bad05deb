"""Reminding people of what is overdue: each item at most once a fortnight, however often and by however many workers this is called."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from app.accounts.models import Membership, Team, User
from app.improvement.plans.models import Plan, PlanItem
from app.improvement.plans.queries import to_be_nudged
from app.kernel.db import db, take_turns
from app.notifications.service import notify_all

KIND = "plan overdue"
# Reminders in one transaction; the rest comes with the next one.
BATCH = 100


def is_any_due(today: date, now: datetime) -> bool:
    """Most of the time nothing is, and no writer has to wait for that."""
    query = select(PlanItem.id).join(PlanItem.plan).where(to_be_nudged(today, now)).limit(1)
    return db.session.execute(query).first() is not None


def nudge(session: Session, *, today: date, now: datetime) -> int:
    """Remind of what is overdue, at most BATCH. Returns how many items that were.

    The moment is written down in the same transaction, so whoever calls this, and however often, each is sent once.
    """
    take_turns(session, "plan nudges")
    query = (
        select(PlanItem)
        .join(PlanItem.plan)
        .where(to_be_nudged(today, now))
        .options(
            contains_eager(PlanItem.plan).options(
                joinedload(Plan.team).selectinload(Team.memberships).joinedload(Membership.user),
                joinedload(Plan.framework),
            ),
            joinedload(PlanItem.owner),
        )
        .order_by(PlanItem.due_on, PlanItem.id)
        .limit(BATCH)
        .execution_options(populate_existing=True)
    )
    items = list(session.execute(query).unique().scalars())
    for item in items:
        item.nudged_at = now
        notify_all(session, _whom(item), KIND, facts(item), now=now)
    session.flush()
    return len(items)


def _whom(item: PlanItem) -> list[User]:
    """Who sees to it, as long as that is somebody of the team; else who leads the team; where nobody leads, all of it."""
    people = [each for each in item.plan.team.memberships if each.user.is_active]
    owner = [each.user for each in people if each.user_id == item.owner_id]
    leads = [each.user for each in people if each.is_lead]
    return owner or leads or [each.user for each in people]


def facts(item: PlanItem) -> dict[str, Any]:
    """What is told of an item."""
    assert item.due_on is not None
    return {
        "item": item.id,
        "what": item.what,
        "due": item.due_on.isoformat(),
        "team": item.plan.team.name,
        "slug": item.plan.team.slug,
        "framework": item.plan.framework.slug,
    }
