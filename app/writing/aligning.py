"""Which runs of two sequences are the same: what a difference and a merge are made of.

Like difflib, but the work is counted. People paste whole books, and some paste them to see what happens: where the steps
are used up, what is left counts as changed, which is true enough and comes at once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

# About a fifth of a second.
STEPS = 600_000
# Longer stretches are first cut at what occurs once on both sides, which takes a single pass (see `align`).
LONG = 400
_HALF = 24
_LOWER = (1 << _HALF) - 1

Thing = TypeVar("Thing", bound=Hashable)


def _one(_thing: Hashable) -> int:
    return 1


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """`length` equal things, from `left` in the one and from `right` in the other."""

    left: int
    right: int
    length: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of both sequences: [left, left_end) and [right, right_end)."""

    left: int
    left_end: int
    right: int
    right_end: int

    @property
    def size(self) -> int:
        return self.left_end - self.left + self.right_end - self.right


class Budget:
    """Steps that may still be taken."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int) -> bool:
        """Take `steps`, if so many are left."""
        if steps > self.left:
            return False
        self.left -= steps
        return True


def align(
    left: Sequence[Thing],
    right: Sequence[Thing],
    budget: Budget | None = None,
    *,
    weigh: Callable[[Thing], int] = _one,
    long: int = LONG,
) -> list[Run]:
    """The equal runs in order; neighbours are joined. What lies between two runs is changed.

    `weigh` says how much it is worth that a thing is found again: a sentence more than the space behind it. Stretches of
    more than `long` things are first cut at what occurs once on both sides: for whole blocks that is always better.
    """
    budget = budget or Budget(STEPS)
    found: list[Run] = []
    waiting = [Stretch(0, len(left), 0, len(right))]
    while waiting:
        stretch, ends = _trim(left, right, waiting.pop())
        found += ends
        if stretch.left == stretch.left_end or stretch.right == stretch.right_end or not budget.spend(stretch.size):
            continue
        runs = _runs_inside(left, right, stretch, budget, weigh, long)
        found += runs
        waiting += _between(runs, stretch) if runs else ()
    return _joined(sorted(found))


def changed(runs: Sequence[Run], left_size: int, right_size: int) -> list[Stretch]:
    """What lies before, between and behind `runs`, as far as there is anything."""
    return [each for each in _between(runs, Stretch(0, left_size, 0, right_size)) if each.size]


def _between(runs: Sequence[Run], whole: Stretch) -> list[Stretch]:
    stretches, left, right = [], whole.left, whole.right
    for run in runs:
        stretches.append(Stretch(left, run.left, right, run.right))
        left, right = run.left + run.length, run.right + run.length
    return [*stretches, Stretch(left, whole.left_end, right, whole.right_end)]


def _joined(runs: Sequence[Run]) -> list[Run]:
    joined: list[Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        if last and (last.left + last.length, last.right + last.length) == (run.left, run.right):
            joined[-1] = Run(last.left, last.right, last.length + run.length)
        else:
            joined.append(run)
    return joined


def _trim(left: Sequence[Thing], right: Sequence[Thing], whole: Stretch) -> tuple[Stretch, list[Run]]:
    """The stretch without what is equal at its ends, and those ends."""
    most = min(whole.left_end - whole.left, whole.right_end - whole.right)
    head = 0
    while head < most and left[whole.left + head] == right[whole.right + head]:
        head += 1
    tail = 0
    while tail < most - head and left[whole.left_end - 1 - tail] == right[whole.right_end - 1 - tail]:
        tail += 1
    rest = Stretch(whole.left + head, whole.left_end - tail, whole.right + head, whole.right_end - tail)
    ends = [Run(whole.left, whole.right, head), Run(rest.left_end, rest.right_end, tail)]
    return rest, [run for run in ends if run.length]


def _runs_inside(
    left: Sequence[Thing],
    right: Sequence[Thing],
    stretch: Stretch,
    budget: Budget,
    weigh: Callable[[Thing], int],
    long: int,
) -> list[Run]:
    """Some runs to cut the stretch at; none where there are none, or where finding them would take too long."""
    counts = Counter(left[stretch.left : stretch.left_end])
    places: dict[Thing, list[int]] = {}
    for place in range(stretch.right, stretch.right_end):
        if right[place] in counts:
            places.setdefault(right[place], []).append(place)
    if not places:
        return []
    if stretch.size > long:
        lonely = _lonely(left, stretch, counts, places)
        if lonely:
            return lonely
    pairs = sum(counts[thing] * len(there) for thing, there in places.items())
    return [_heaviest(left, stretch, places, weigh)] if budget.spend(pairs) else []


def _lonely(
    left: Sequence[Thing], stretch: Stretch, counts: Counter[Thing], places: dict[Thing, list[int]]
) -> list[Run]:
    """The longest row of things in the same order among those that occur once on either side (Cohen's patience diff)."""
    pairs = [
        (place, places[left[place]][0])
        for place in range(stretch.left, stretch.left_end)
        if counts[left[place]] == 1 and len(places.get(left[place], ())) == 1
    ]
    # Longest increasing row by patience sorting: the last card of each pile, and what lay on the pile before.
    tops: list[int] = []
    cards: list[int] = []
    before: list[int | None] = []
    for number, (_left, right) in enumerate(pairs):
        pile = bisect_left(tops, right)
        before.append(cards[pile - 1] if pile else None)
        tops[pile : pile + 1] = [right]
        cards[pile : pile + 1] = [number]
    row: list[Run] = []
    card = cards[-1] if cards else None
    while card is not None:
        row.append(Run(*pairs[card], 1))
        card = before[card]
    return _joined(row[::-1])


def _heaviest(
    left: Sequence[Thing], stretch: Stretch, places: dict[Thing, list[int]], weigh: Callable[[Thing], int]
) -> Run:
    """The equal run that weighs most, the first of equals (Ratcliff and Obershelp's rule, which people find natural)."""
    best, most = Run(stretch.left, stretch.right, 0), 0
    # How heavy and how long is the run that ends at a place: one number, of which the lower half is the length.
    runs: dict[int, int] = {}
    for place in range(stretch.left, stretch.left_end):
        longer: dict[int, int] = {}
        here = places.get(left[place])
        if here:
            step = (weigh(left[place]) << _HALF) + 1
            for other in here:
                total = longer[other] = runs.get(other - 1, 0) + step
                if total > most:
                    most, length = total, total & _LOWER
                    best = Run(place - length + 1, other - length + 1, length)
        runs = longer
    return best
