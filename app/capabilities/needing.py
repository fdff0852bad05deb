"""What a capability needs, and what therefore waits for it: a graph by slugs, without a circle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter


def find_circle(needs: Mapping[str, Sequence[str]]) -> list[str]:
    """The slugs of one circle, each of which needs the next, and whose first is also its last; empty where there is none."""
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle[::-1]
    return []


def blocked_by(slug: str, needs: Mapping[str, Sequence[str]]) -> list[str]:
    """What needs `slug` directly, in the order of `needs`."""
    return [each for each, wanted in needs.items() if slug in wanted]
