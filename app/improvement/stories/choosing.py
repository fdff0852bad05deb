"""Which two snapshots a story lies between, if nobody says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.maturity.models import Snapshot


@dataclass(frozen=True)
class Pair:
    before: Snapshot
    after: Snapshot


def usual_pair(snapshots: Sequence[Snapshot], baseline_ids: frozenset[int]) -> Pair | None:
    """The latest snapshot of all, and of the same framework the last baseline of a plan before it, else the first one there is.
    None where no framework has two.
    """
    by_framework: dict[int, list[Snapshot]] = {}
    for snapshot in snapshots:
        by_framework.setdefault(snapshot.framework_id, []).append(snapshot)
    several = [each for each in by_framework.values() if len(each) > 1]
    if not several:
        return None
    mine = max(several, key=lambda each: each[-1].taken_at)
    earlier = mine[:-1]
    baselines = [snapshot for snapshot in earlier if snapshot.id in baseline_ids]
    return Pair((baselines or earlier[:1])[-1], mine[-1])


def find_pair(snapshots: Sequence[Snapshot], before_id: int | None, after_id: int | None) -> Pair | None:
    """The two that were asked for, in the order of time; None where they are not two of one framework."""
    by_id = {snapshot.id: snapshot for snapshot in snapshots}
    one, other = by_id.get(before_id or 0), by_id.get(after_id or 0)
    if one is None or other is None or one is other or one.framework_id != other.framework_id:
        return None
    before, after = sorted((one, other), key=lambda each: (each.taken_at, each.id))
    return Pair(before, after)
