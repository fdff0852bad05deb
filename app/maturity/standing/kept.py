"""The latest standings of all teams, kept in this process: every team's page compares with them, and they change only with a new
snapshot. Snapshots are quiet, so it is their stamp that says whether what is kept is still true.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import datetime

from app.maturity.standing.queries import FRESH, Standing, list_latest
from app.web.stored import stored


def latest_standings(framework_id: int, stamp: Hashable, now: datetime) -> Sequence[Standing]:
    """The latest snapshot of each team of the last twelve months. `stamp` is `asking.snapshots_stamp` as this request saw it."""
    return stored(("standings", framework_id, stamp), lambda: list_latest(framework_id, now - FRESH))
