"""What a plan has on a capability goes along when it is renamed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.capabilities.models import Framework
from app.improvement.plans.models import Plan, PlanItem
from app.improvement.plans.rules import ItemKind, key_of


def move_items(session: Session, framework: str, old: str, new: str) -> None:
    """The key of what was advised goes along, too, so that the same advice is not put in a second time. Where there is something
    under the new one from a time in which that was another capability, the item keeps its old key.
    """
    here = select(Plan.id).join(Framework, Framework.id == Plan.framework_id).where(Framework.slug == framework)
    items = session.execute(select(PlanItem).where(PlanItem.plan_id.in_(here))).scalars().all()
    taken = {(item.plan_id, item.key) for item in items}
    for item in items:
        if item.capability != old:
            continue
        item.capability, kind = new, ItemKind(item.kind)
        key = key_of(kind, item.ref, new)
        if item.key == key_of(kind, item.ref, old) and (item.plan_id, key) not in taken:
            item.key = key
    session.flush()
