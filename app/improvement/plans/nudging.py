"""Reminding people: of each overdue item at most once a fortnight, and of the day by which the team is to be assessed again once, however
often and by however many workers this is called.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from app.accounts.models import Membership, Team, User
from app.improvement.plans.models import Plan, PlanItem
from app.improvement.plans.queries import to_be_nudged, to_be_reminded
from app.kernel.db import db, take_turns
from app.notifications.service import notify_all

KIND = "plan overdue"
REVIEW = "plan review"
# Reminders in one transaction; the rest comes with the next one.
BATCH = 100
_WITH_PEOPLE = (
    joinedload(Plan.team).selectinload(Team.memberships).joinedload(Membership.user),
    joinedload(Plan.framework),
)


def is_any_due(today: date, now: datetime) -> bool:
    """Most of the time nothing is, and no writer has to wait for that."""
    items = select(PlanItem.id).join(PlanItem.plan).where(to_be_nudged(today, now)).limit(1)
    plans = select(Plan.id).where(to_be_reminded(today)).limit(1)
    return any(db.session.execute(query).first() is not None for query in (items, plans))


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
            contains_eager(PlanItem.plan).options(*_WITH_PEOPLE),
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


def remind_of_reviews(session: Session, *, today: date, now: datetime) -> int:
    """Remind of assessing again, at most BATCH teams. Returns how many plans that were.

    The day is written down in the same transaction, so each is told once; of another day, people are reminded again.
    """
    take_turns(session, "plan nudges")
    query = (
        select(Plan)
        .where(to_be_reminded(today))
        .options(*_WITH_PEOPLE, selectinload(Plan.items))
        .order_by(Plan.review_on, Plan.id)
        .limit(BATCH)
        .execution_options(populate_existing=True)
    )
    plans = list(session.execute(query).unique().scalars())
    for plan in plans:
        plan.reminded_for = plan.review_on
        notify_all(session, _who_reviews(plan), REVIEW, review_facts(plan), now=now)
    session.flush()
    return len(plans)


def _who_reviews(plan: Plan) -> list[User]:
    """Whoever of the team leads it or sees to something in the plan; where that is nobody, all of it."""
    owners = {item.owner_id for item in plan.items}
    people = [each for each in plan.team.memberships if each.user.is_active]
    concerned = [each.user for each in people if each.is_lead or each.user_id in owners]
    return concerned or [each.user for each in people]


def review_facts(plan: Plan) -> dict[str, Any]:
    """What is told of a plan."""
    assert plan.review_on is not None
    return {
        "plan": plan.id,
        "due": plan.review_on.isoformat(),
        "team": plan.team.name,
        "slug": plan.team.slug,
        "framework": plan.framework.slug,
    }


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
