"""What the home page shows of the plans: what is the reader's and due soon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.improvement.plans.models import PlanItem
from app.improvement.plans.queries import list_due_of
from app.improvement.plans.rules import DUE_SOON, KIND_NAMES, ItemKind
from app.web.dates import request_today
from app.web.sections import Section

CARD = "improvement/_due.html"
SHOWN = 6


@dataclass(frozen=True)
class DueCard:
    """Something that is to be done soon, or should have been."""

    item: PlanItem
    kind_name: object
    is_overdue: bool


def due_soon(_home: Any, reader: Any) -> Section | None:
    """What the reader sees to and is due within a fortnight, or was."""
    day = request_today()
    items = list_due_of(reader.id, reader.team_ids, day + DUE_SOON)
    cards = [
        DueCard(item, KIND_NAMES[ItemKind(item.kind)], is_overdue=item.due_on is not None and item.due_on < day)
        for item in items[:SHOWN]
    ]
    return Section(_("Yours, in your team’s plan"), CARD, cards, len(items)) if cards else None
