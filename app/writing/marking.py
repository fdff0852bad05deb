"""The changed words between an old and a new passage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.writing.aligning import Budget, align
from app.writing.cutting import Word, words

# Where less than this share stays, one reads the old and then the new rather than a puzzle of both.
LEGIBLE = 0.25
# A single short word between two changes is read as part of them. Chinese characters say twice as much as letters.
_THIN = 3
_SAYS_MORE = re.compile("[㐀-䶿一-鿿豈-﫿]")


class Mark(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Marked:
    """Some words, and whether they stand in both texts, in the old one, or in the new one."""

    text: str
    mark: Mark


@dataclass
class _Segment:
    """Words that are the same, or that are others now."""

    old: list[Word]
    new: list[Word]
    is_same: bool

    @property
    def weight(self) -> int:
        return max(_weight(self.old), _weight(self.new))


def mark_words(old: str, new: str, budget: Budget, *, exactly: bool = False) -> tuple[Marked, ...]:
    """`old` and `new` in one: what stayed, and at each change what was removed, then what was added. `exactly`: spaces
    count, as they do in code.
    """
    before, after = words(old, exactly=exactly), words(new, exactly=exactly)
    segments = _segments(before, after, budget)
    kept = sum(_weight(segment.new) for segment in segments if segment.is_same)
    if kept < LEGIBLE * max(_weight(before), _weight(after)):
        return _replaced(old, new)
    marked: list[Marked] = []
    was_space = space = ""
    for segment in _thickened(segments):
        if not segment.is_same:
            marked += _changed(was_space + _text(segment.old), space + _text(segment.new), marked, exactly=exactly)
            was_space = space = ""
            continue
        same = _text(segment.new)
        was_space, space = segment.old[-1].space, segment.new[-1].space
        if bool(was_space) == bool(space):
            was_space = space = ""
        # Where there was a space and is none, as in "main line" and "main, or trunk", it is part of what follows.
        marked.append(Marked(same.removesuffix(space), Mark.SAME))
    return (*marked, Marked(space, Mark.SAME)) if space else tuple(marked)


def _changed(old: str, new: str, before: list[Marked], *, exactly: bool) -> tuple[Marked, ...]:
    """Without the space behind, where one more does not matter: a line under nothing looks like a mistake."""
    texts = [text for text in (old, new) if text]
    follows_space = not before or before[-1].text[-1:].isspace()
    if exactly or not follows_space or not all(text[-1:].isspace() for text in texts):
        return _replaced(old, new)
    return (*_replaced(old.rstrip(), new.rstrip()), Marked(" ", Mark.SAME))


def _segments(before: Sequence[Word], after: Sequence[Word], budget: Budget) -> list[_Segment]:
    runs = align([each.word for each in before], [each.word for each in after], budget, weigh=len)
    segments: list[_Segment] = []
    here = there = 0
    for run in runs:
        segments.append(_Segment([*before[here : run.left]], [*after[there : run.right]], is_same=False))
        here, there = run.left + run.length, run.right + run.length
        segments.append(_Segment([*before[run.left : here]], [*after[run.right : there]], is_same=True))
    segments.append(_Segment([*before[here:]], [*after[there:]], is_same=False))
    return [segment for segment in segments if segment.old or segment.new]


def _thickened(segments: Sequence[_Segment]) -> list[_Segment]:
    """Changes with next to nothing between them made one: a comma that stayed is no comfort."""
    joined: list[_Segment] = []
    for number, segment in enumerate(segments):
        last = joined[-1] if joined else None
        if last is None or last.is_same:
            joined.append(segment)
        elif not segment.is_same or (
            number + 1 < len(segments)
            and segment.weight <= min(_THIN, last.weight - 1, segments[number + 1].weight - 1)
        ):
            last.old += segment.old
            last.new += segment.new
        else:
            joined.append(segment)
    return joined


def _weight(part: Sequence[Word]) -> int:
    return sum(len(each.word) + len(_SAYS_MORE.findall(each.word)) for each in part if each.word[0].isalnum())


def _text(part: Sequence[Word]) -> str:
    return "".join(each.word + each.space for each in part)


def _replaced(old: str, new: str) -> tuple[Marked, ...]:
    both = Marked(old, Mark.REMOVED), Marked(new, Mark.ADDED)
    return tuple(each for each in both if each.text)
