"""What capabilities need: a graph by slugs, without a circle."""

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
