"""A plan as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask_babel import gettext as _

from app.improvement.plans.models import Plan
from app.improvement.plans.progress import Progress
from app.improvement.plans.rules import KIND_NAMES, STATE_NAMES, ItemKind, ItemState

Row = tuple[str | float | None, ...]


def as_rows(plan: Plan, progress: Progress, names: Mapping[str, str]) -> Iterator[Row]:
    """A head and a row for each item, in the plan's order. Levels stand as numbers, days as in the ISO."""
    yield (
        _("What to do"),
        _("Kind"),
        _("Capability"),
        _("From level"),
        _("To level"),
        _("Level now"),
        _("Why"),
        _("Who sees to it"),
        _("Due on"),
        _("State"),
        _("Since"),
        _("Reason"),
    )
    for item in plan.items:
        yield (
            item.what,
            str(KIND_NAMES[ItemKind(item.kind)]),
            names.get(item.capability, item.capability),
            item.from_level if progress.tells_levels else None,
            item.to_level if progress.tells_levels else None,
            progress.levels_now.get(item.capability),
            item.because if progress.tells_levels else "",
            item.owner.name if item.owner else "",
            item.due_on.isoformat() if item.due_on else "",
            str(STATE_NAMES[ItemState(item.state)]),
            item.state_since.date().isoformat(),
            item.reason,
        )
