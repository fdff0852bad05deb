"""What of the heat map a reader wants to see, out of the address."""

from __future__ import annotations

from collections.abc import Mapping

from app.maturity.company.heatmap import BY_AREA, BY_CAPABILITY, BY_TEAM, NO_DEPARTMENT, State

UP, DOWN = "up", "down"
MAX_NAME = 120


def state_of(said: Mapping[str, str]) -> State:
    """Whatever the address says: what is not known is as it usually is."""
    sort = said.get("sort", BY_TEAM)[:MAX_NAME]
    department = said.get("department", "")[:MAX_NAME] or None
    return State(
        by=BY_CAPABILITY if said.get("by") == BY_CAPABILITY else BY_AREA,
        department="" if department == NO_DEPARTMENT else department,
        sort=sort,
        is_down=said.get("order", UP) == DOWN,
    )
