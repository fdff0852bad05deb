"""Reading plans."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, or_, select, union
from sqlalchemy.orm import contains_eager, joinedload, lazyload, selectinload

from app.accounts.models import User
from app.capabilities.models import Framework
from app.improvement.plans.models import Plan, PlanItem
from app.improvement.plans.rules import ALIVE, NUDGE_EVERY, REVIEW_SOON, ItemState, PlanState
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.maturity.models import Assessment, Snapshot
from app.maturity.rules import RUNNING, State

# For the name alone.
_NAME_ONLY = (lazyload(User.grants), lazyload(User.memberships))
WHOLE = (
    joinedload(Plan.framework),
    selectinload(Plan.items).joinedload(PlanItem.owner).options(*_NAME_ONLY),
    selectinload(Plan.items).joinedload(PlanItem.changed_by).options(*_NAME_ONLY),
)
NO_SUCH_PLAN = _l("There is no such plan, or it is not for you to see.")
NO_SUCH_ITEM = _l("This is not in the plan any more.")


def list_plans(team_id: int) -> list[Plan]:
    """Every plan of a team with its items: the running ones by framework, then the former ones, the last first."""
    query = select(Plan).where(Plan.team_id == team_id).options(*WHOLE).order_by(Plan.began_on.desc(), Plan.id.desc())
    plans = list(db.session.execute(query).unique().scalars())
    return sorted(plans, key=lambda plan: (plan.state == PlanState.CLOSED, _place(plan)))


def _place(plan: Plan) -> int:
    """Running plans stand in the order of their frameworks; former ones stay as they come."""
    return plan.framework.position if plan.state == PlanState.RUNNING else 0


def find_running(team_id: int, framework_id: int) -> Plan | None:
    """The plan that the team works by, with its items."""
    query = select(Plan).where(
        Plan.team_id == team_id, Plan.framework_id == framework_id, Plan.state == PlanState.RUNNING
    )
    return db.session.execute(query.options(*WHOLE)).unique().scalar_one_or_none()


def get_plan(team_id: int, plan_id: int) -> Plan:
    """The team's plan with its items. Raises NotFoundError."""
    query = select(Plan).where(Plan.id == plan_id, Plan.team_id == team_id).options(*WHOLE)
    plan = db.session.execute(query).unique().scalar_one_or_none()
    if plan is None:
        raise NotFoundError(NO_SUCH_PLAN)
    return plan


def get_item(team_id: int, item_id: int) -> PlanItem:
    """An item of one of the team's plans. Raises NotFoundError."""
    query = (
        select(PlanItem)
        .join(PlanItem.plan)
        .where(PlanItem.id == item_id, Plan.team_id == team_id)
        .options(contains_eager(PlanItem.plan).joinedload(Plan.framework), joinedload(PlanItem.changed_by))
    )
    item = db.session.execute(query).unique().scalar_one_or_none()
    if item is None:
        raise NotFoundError(NO_SUCH_ITEM)
    return item


def to_be_nudged(today: date, now: datetime) -> ColumnElement[bool]:
    """Of an item with its plan in the surrounding query. Equal to `rules.is_to_be_nudged`, of plans that run."""
    return and_(
        Plan.state == PlanState.RUNNING,
        PlanItem.state.in_(ALIVE),
        PlanItem.due_on < today,
        or_(PlanItem.nudged_at.is_(None), PlanItem.nudged_at <= now - NUDGE_EVERY),
    )


def awaits_review(today: date) -> ColumnElement[bool]:
    """Of a plan in the surrounding query: does it run, is its day of review near or over, and has the team neither been assessed since
    it began nor begun to be? Of a framework that is set aside nobody can begin.
    """
    begun = select(Assessment.id).where(
        Assessment.team_id == Plan.team_id,
        Assessment.framework_id == Plan.framework_id,
        or_(
            Assessment.state.in_(RUNNING),
            and_(Assessment.state == State.FINAL, Assessment.state_since > Plan.created_at),
        ),
    )
    return and_(
        Plan.state == PlanState.RUNNING,
        Plan.review_on <= today + REVIEW_SOON,
        Plan.framework.has(Framework.is_aside.is_(False)),
        ~begun.correlate(Plan).exists(),
    )


def to_be_reminded(today: date) -> ColumnElement[bool]:
    """Of a plan that awaits its review: has nobody been reminded of this day?"""
    return and_(awaits_review(today), or_(Plan.reminded_for.is_(None), Plan.reminded_for != Plan.review_on))


def list_due_of(user_id: int, team_ids: Collection[int], until: date) -> list[PlanItem]:
    """What is somebody's and due until that day in the plans of the person's teams, the most urgent first."""
    query = (
        _alive()
        .where(PlanItem.owner_id == user_id, Plan.team_id.in_(team_ids), PlanItem.due_on <= until)
        .order_by(PlanItem.due_on, PlanItem.position, PlanItem.id)
    )
    return list(db.session.execute(query).unique().scalars())


def _alive() -> Select[PlanItem]:
    return (
        select(PlanItem)
        .join(PlanItem.plan)
        .where(Plan.state == PlanState.RUNNING, PlanItem.state.in_(ALIVE))
        .options(contains_eager(PlanItem.plan).options(joinedload(Plan.team), joinedload(Plan.framework)))
    )


def count_states(plan: Plan) -> dict[ItemState, int]:
    """How many items of the plan are in each state."""
    return {state: sum(item.state == state for item in plan.items) for state in ItemState}


def list_frameworks_of(team_id: int, *, with_running: bool) -> set[int]:
    """The frameworks by which the team was assessed or has a plan, or, `with_running`, is being assessed."""
    parts = [
        select(Snapshot.framework_id).where(Snapshot.team_id == team_id),
        select(Plan.framework_id).where(Plan.team_id == team_id),
    ]
    if with_running:
        parts.append(
            select(Assessment.framework_id).where(Assessment.team_id == team_id, Assessment.state != State.WITHDRAWN)
        )
    return set(db.session.execute(union(*parts)).scalars())
