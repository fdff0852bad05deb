"""What a plan has on a capability goes along when it is renamed."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.capabilities.models import Framework
from app.improvement.plans.models import Plan, PlanItem


def move_items(session: Session, framework: str, old: str, new: str) -> None:
    plans = select(Plan.id).join(Framework, Framework.id == Plan.framework_id).where(Framework.slug == framework)
    session.execute(
        update(PlanItem).where(PlanItem.plan_id.in_(plans), PlanItem.capability == old).values(capability=new)
    )
