"""Plans for tests. Each function opens its own transaction, so a test reads like a story."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from app.accounts.models import Team, User
from app.capabilities.models import Framework
from app.improvement.plans.models import Plan, PlanItem
from app.improvement.plans.rules import ItemKind, ItemStep
from app.improvement.plans.service import Draft, Outline, Words, add_item, begin, take_step
from app.kernel.db import transaction
from app.maturity.models import Snapshot, Target

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 16)


def make_target(team: Team, framework: Framework, capability: str, level: int, *, due_on: date | None = None) -> None:
    """The team wants to have this level, by that day."""
    with transaction() as session:
        target = Target(team_id=team.id, framework_id=framework.id, capability=capability, level=level)
        target.due_on, target.set_at = due_on, NOW
        session.add(target)


def make_plan(
    team: Team,
    framework: Framework,
    *,
    title: str = "Until summer",
    baseline: Snapshot | None = None,
    today: date = TODAY,
    now: datetime = NOW,
) -> Plan:
    """The running plan of the team, begun on that day."""
    ids: dict[str, Any] = {"team_id": team.id, "framework_id": framework.id}
    ids["baseline_id"] = baseline.id if baseline else None
    with transaction() as session:
        return begin(session, **ids, outline=Outline(title=title, review_on=None), today=today, now=now)


def put_in(
    plan: Plan,
    actor: User,
    what: str = "Write down the branch rules",
    *,
    owner: User | None = None,
    due_on: date | None = None,
    kind: ItemKind = ItemKind.OWN,
    now: datetime = NOW,
    **given: Any,
) -> PlanItem:
    """Something to do; `given` is more of its draft."""
    words = Words(what=what, owner_id=owner.id if owner else None, due_on=due_on)
    values: dict[str, Any] = {"key": f"{kind}:{what}", "kind": kind, "words": words, **given}
    plan_id = plan.id
    with transaction() as session:
        return add_item(session, plan_id, Draft(**values), actor=actor, now=now)[0]


def step(item: PlanItem, step_: ItemStep, actor: User, *, reason: str = "", now: datetime = NOW) -> PlanItem:
    item_id, revision = item.id, item.revision
    with transaction() as session:
        return take_step(session, item_id, step_, reason=reason, revision=revision, actor=actor, now=now)
