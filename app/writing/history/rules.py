"""What of a history is shown first, what is compared by itself, and when a translation is behind. No database, no Flask."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import groupby
from typing import TypeVar

from app.writing.rules import Step

T = TypeVar("T")
# The steps that make a version one that others have read.
READ_BY_OTHERS = frozenset({Step.SUBMIT, Step.ACCEPT})
# A version that was saved and nothing more is put away, where more than one such follow each other.
FEWEST_FOLDED = 2


def fold(rows: Iterable[T], is_plain: Callable[[T], bool]) -> list[list[T]]:
    """The rows in their order, each in a list of its own but for plain ones in a row, which share one."""
    groups: list[list[T]] = []
    for plain, group in groupby(rows, is_plain):
        together = list(group)
        groups += [together] if plain and len(together) >= FEWEST_FOLDED else [[row] for row in together]
    return groups


def pair_to_compare(to: int, published: int | None, marked: Collection[int], before: int | None) -> tuple[int, int]:
    """What is compared with version `to` where nobody said so: the version that readers see; where that is not earlier, the
    one that others read before it; else the one `before` it. The first version is compared with itself.
    """
    if published is not None and published < to:
        return published, to
    earlier = [number for number in marked if number < to]
    return max(earlier, default=before or to), to


def is_behind(source: int | None, original: int | None) -> bool:
    """Does a translation of version `source` say something else than the original that readers see? Not where nobody knows
    of what version it is, or where readers see no original.
    """
    return source is not None and original is not None and source != original
