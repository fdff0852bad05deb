"""What is different between two texts, for people to read.

Blocks are compared first (a paragraph that was only wrapped anew is the same, one that stands elsewhere has moved), then
the words inside those that belong together. All of it within a number of steps: two books that have nothing in common are
said to be replaced, not compared sign by sign.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from app.writing.aligning import STEPS, Budget, Stretch, align, changed
from app.writing.cutting import Piece, Shape, blocks, count_words, words
from app.writing.marking import Mark, Marked, mark_words

# Unchanged blocks that are shown before and behind a change.
CONTEXT = 1
# Shorter ones occur twice by chance.
LEAST_MOVED = 30
# Blocks that a page shows at most.
MOST = 1_500
# How much of their words two blocks share, from 0 to 1, before they count as one that was changed.
ALIKE = 0.4


class Change(StrEnum):
    """What became of a block."""

    SAME = "same"
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"
    MOVED_AWAY = "moved-away"
    MOVED_HERE = "moved-here"


_COUNTED = frozenset({Change.CHANGED, Change.REMOVED, Change.ADDED})


@dataclass(frozen=True, slots=True)
class Row:
    """A block of either text or of both. `marked` is how it reads in one; `left` and `right` are how it was and is."""

    change: Change
    shape: Shape
    marked: tuple[Marked, ...]

    @property
    def left(self) -> list[Marked]:
        return [each for each in self.marked if each.mark is not Mark.ADDED]

    @property
    def right(self) -> list[Marked]:
        return [each for each in self.marked if each.mark is not Mark.REMOVED]


@dataclass(frozen=True, slots=True)
class Hunk:
    """A change with what stands around it. `skipped` blocks before it are the same; `heading` is what it stands under."""

    rows: tuple[Row, ...]
    skipped: int
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """`skipped` blocks behind the last hunk are the same. `removed` and `added` are numbers of words. `left_out` more blocks
    differ, but nobody reads that far.
    """

    hunks: tuple[Hunk, ...]
    skipped: int
    removed: int
    added: int
    left_out: int = 0


def compare(before: str, after: str, *, context: int | None = CONTEXT) -> Difference:
    """The changes from `before` to `after`; with `context` None nothing is left out."""
    left, right = ([piece for piece in blocks(text) if piece.shape is not Shape.EMPTY] for text in (before, after))
    budget = Budget(STEPS)
    old, new = [_key(piece) for piece in left], [_key(piece) for piece in right]
    stretches = changed(align(old, new, budget, weigh=lambda key: len(key[0]), long=0), len(left), len(right))
    moved = _moved(old, new, stretches)
    rows: list[Row] = []
    done = 0
    for stretch in stretches:
        rows += (_row(Change.SAME, piece) for piece in right[done : stretch.right])
        gone, come = left[stretch.left : stretch.left_end], right[stretch.right : stretch.right_end]
        rows += _rows_of(gone, come, moved, budget)
        done = stretch.right_end
    rows += (_row(Change.SAME, piece) for piece in right[done:])
    hunks, skipped = _fold(rows[:MOST], context)
    left_out = sum(row.change is not Change.SAME for row in rows[MOST:])
    return Difference(hunks, skipped, _count(rows, Mark.REMOVED), _count(rows, Mark.ADDED), left_out)


Key = tuple[str, Shape]


def _key(piece: Piece) -> Key:
    return piece.text, piece.shape


def _moved(old: Sequence[Key], new: Sequence[Key], stretches: Sequence[Stretch]) -> AbstractSet[Key]:
    """The blocks that are gone in one place and new in another."""
    gone = {key for each in stretches for key in old[each.left : each.left_end] if len(key[0]) >= LEAST_MOVED}
    return gone & {key for each in stretches for key in new[each.right : each.right_end]}


def _row(change: Change, piece: Piece) -> Row:
    mark = {Change.REMOVED: Mark.REMOVED, Change.ADDED: Mark.ADDED}.get(change, Mark.SAME)
    return Row(change, piece.shape, (Marked(piece.text, mark),))


def _rows_of(gone: Sequence[Piece], come: Sequence[Piece], moved: AbstractSet[Key], budget: Budget) -> list[Row]:
    """What became of the blocks of a changed stretch: those that belong together side by side, the others one by one."""
    rows: list[Row] = []
    here = there = 0
    for old, new in [*_partners(gone, come, moved, budget), (len(gone), len(come))]:
        alone, fresh = gone[here:old], come[there:new]
        if len(alone) == len(fresh) == 1 and moved.isdisjoint(map(_key, (*alone, *fresh))):
            rows.append(_changed_row(alone[0], fresh[0], budget))
        else:
            rows += (_row(Change.MOVED_AWAY if _key(each) in moved else Change.REMOVED, each) for each in alone)
            rows += (_row(Change.MOVED_HERE if _key(each) in moved else Change.ADDED, each) for each in fresh)
        if old < len(gone):
            rows.append(_changed_row(gone[old], come[new], budget))
        here, there = old + 1, new + 1
    return rows


def _changed_row(old: Piece, new: Piece, budget: Budget) -> Row:
    marked = mark_words(old.text, new.text, budget, exactly=new.shape is Shape.CODE)
    return Row(Change.CHANGED, new.shape, marked)


def _partners(
    gone: Sequence[Piece], come: Sequence[Piece], moved: AbstractSet[Key], budget: Budget
) -> list[tuple[int, int]]:
    """Which of the old blocks became which of the new ones, in order: the choice that is most alike in all. None where
    finding it would take too long.
    """
    if len(gone) <= 1 >= len(come) or not gone or not come:
        return []
    bags = [[_bag(piece, moved) for piece in side] for side in (gone, come)]
    sizes = [sum(len(bag) for bag in side) for side in bags]
    # Blocks without a word are compared, too, though there is nothing in them.
    if not budget.spend(len(gone) * len(come) + len(gone) * sizes[1] + len(come) * sizes[0]):
        return []
    likeness = [[_likeness(old, new) for new in bags[1]] for old in bags[0]]
    best = [[0.0] * (len(come) + 1) for _ in range(len(gone) + 1)]
    for here in range(len(gone)):
        for there in range(len(come)):
            together = best[here][there] + likeness[here][there]
            best[here + 1][there + 1] = max(together, best[here][there + 1], best[here + 1][there])
    partners: list[tuple[int, int]] = []
    here, there = len(gone), len(come)
    while here and there:
        if best[here][there] == best[here - 1][there]:
            here -= 1
        elif best[here][there] == best[here][there - 1]:
            there -= 1
        else:
            here, there = here - 1, there - 1
            partners.append((here, there))
    return partners[::-1]


def _bag(piece: Piece, moved: AbstractSet[Key]) -> Counter[str]:
    """The words of a block without signs and numbers, which are alike in all lists; none for one that has found its place."""
    found = () if _key(piece) in moved else (each.word for each in words(piece.text))
    return Counter(word.casefold() for word in found if word[0].isalpha())


def _likeness(old: Counter[str], new: Counter[str]) -> float:
    """Dice's coefficient of the words, 0 where it is below `ALIKE`."""
    size = old.total() + new.total()
    share = 2 * (old & new).total() / size if size else 0.0
    return share if share >= ALIKE else 0.0


def _fold(rows: Sequence[Row], context: int | None) -> tuple[tuple[Hunk, ...], int]:
    """The rows around changes, and how many are left out behind the last."""
    changes = [place for place, row in enumerate(rows) if row.change is not Change.SAME]
    if not changes:
        return (), len(rows)
    if context is None:
        return (Hunk(tuple(rows), 0),), 0
    hunks: list[Hunk] = []
    start, end, done = 0, 0, 0
    headings = _headings(rows)
    for number, place in enumerate(changes):
        if number == 0 or place - context > end + 1:
            start = max(done, place - context)
            # To leave out a single block saves nobody anything.
            start = done if start - done == 1 else start
        following = changes[number + 1] if number + 1 < len(changes) else None
        end = min(len(rows), place + 1 + context)
        if following is None or following - context > end + 1:
            hunks.append(Hunk(tuple(rows[start:end]), start - done, headings[start]))
            done = end
    rest = len(rows) - done
    if rest == 1:
        last = hunks.pop()
        hunks.append(Hunk((*last.rows, rows[-1]), last.skipped, last.heading))
        rest = 0
    return tuple(hunks), rest


def _headings(rows: Sequence[Row]) -> list[str]:
    """For each row the heading above it; empty where it is one itself."""
    found, heading = [], ""
    for row in rows:
        is_heading = row.shape is Shape.HEADING and row.change is not Change.REMOVED
        found.append("" if is_heading else heading)
        if is_heading:
            heading = "".join(each.text for each in row.right).strip("# ")
    return found


def _count(rows: Sequence[Row], mark: Mark) -> int:
    """The words with this mark."""
    return sum(
        count_words(each.text) for row in rows if row.change in _COUNTED for each in row.marked if each.mark is mark
    )
