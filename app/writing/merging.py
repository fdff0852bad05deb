"""Two people changed the same text: one text of both, and what cannot be had twice.

A manuscript's content is a flat mapping of fields. Each field is merged by what it is: a word or a number as a whole,
a text by its blocks and then by its sentences, a list of words as a set that keeps its order, a table row by row. Nothing
is lost: where both changed the same thing, the merged content has mine, and a conflict carries theirs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.writing.aligning import Stretch, align, changed
from app.writing.cutting import Piece, blocks, sentences
from app.writing.matching import Row, match_rows, name_of

Content = Mapping[str, Any]
# A field that one of the three does not have at all. As None would be, but it is left out of the result.
_ABSENT: Any = object()


@dataclass(frozen=True)
class Conflict:
    """What both changed. For a text these are the passages; in a table, `row` is the row's name and `column` what differs."""

    field: str
    mine: Any
    theirs: Any
    base: Any
    row: str = ""
    column: str = ""


@dataclass(frozen=True)
class Merged:
    content: dict[str, Any]
    conflicts: tuple[Conflict, ...] = ()


@dataclass
class _Value:
    """A merged value, and the conflicts on the way."""

    value: Any
    conflicts: list[Conflict] = field(default_factory=list)


def merge(base: Content, mine: Content, theirs: Content) -> Merged:
    """What was changed from `base` by me and by them, in one content. Fields stand in the order of mine, then theirs."""
    content, conflicts = {}, []
    for name in dict.fromkeys((*mine, *theirs)):
        merged = _merge_value(name, *(each.get(name, _ABSENT) for each in (base, mine, theirs)))
        conflicts += merged.conflicts
        if merged.value is not _ABSENT:
            content[name] = merged.value
    return Merged(content, tuple(conflicts))


def _merge_value(name: str, base: Any, mine: Any, theirs: Any) -> _Value:
    if mine == base:
        return _Value(theirs)
    if theirs in (mine, base):
        return _Value(mine)
    if _is_text(mine, theirs):
        return _merge_text(name, base if isinstance(base, str) else "", mine, theirs)
    if isinstance(mine, list) and isinstance(theirs, list):
        before = base if isinstance(base, list) else []
        everything = [*before, *mine, *theirs]
        if all(isinstance(each, dict) for each in everything):
            return _merge_rows(name, before, mine, theirs)
        if not any(isinstance(each, dict | list) for each in everything):
            return _Value(_merge_words(before, mine, theirs))
    return _Value(mine, [_conflict(name, base, mine, theirs)])


def _conflict(name: str, *values: Any) -> Conflict:
    base, mine, theirs = (None if value is _ABSENT else value for value in values)
    return Conflict(name, mine, theirs, base)


def _is_text(mine: Any, theirs: Any) -> bool:
    """Has either so much to say that the other may have changed another part of it? A title is one thing."""
    both = isinstance(mine, str) and isinstance(theirs, str)
    return both and any(len(sentences(text)) > 1 for text in (mine, theirs))


def _merge_text(name: str, base: str, mine: str, theirs: str) -> _Value:
    """By blocks; what touches there by sentences. The last line is ended on all sides, lest it look changed by what
    comes after it.
    """
    texts = [text if not text or text.endswith("\n") else f"{text}\n" for text in (base, mine, theirs)]
    merged: list[Piece] = []
    conflicts: list[Conflict] = []
    for part in _parts(*(blocks(text) for text in texts), apart=True):
        if part.is_settled:
            merged += part.settled
            continue
        sides = (part.base, part.mine, part.theirs)
        for passage in _parts(*(sentences(_text(side)) for side in sides), apart=False):
            merged += passage.settled
            if not passage.is_settled:
                conflicts.append(_conflict(name, *map(_text, (passage.base, passage.mine, passage.theirs))))
    ended = [text.endswith("\n") for text in (base, mine, theirs)]
    is_ended = ended[2] if ended[1] == ended[0] else ended[1]
    text = _text(merged)
    return _Value(text if is_ended else text.removesuffix("\n"), conflicts)


def _text(pieces: Sequence[Piece]) -> str:
    return "".join(piece.source for piece in pieces)


@dataclass(frozen=True)
class _Part:
    """A stretch of the three texts, as pieces."""

    base: Sequence[Piece]
    mine: Sequence[Piece]
    theirs: Sequence[Piece]

    @property
    def is_settled(self) -> bool:
        return self.mine == self.theirs or self.base in (self.mine, self.theirs)

    @property
    def settled(self) -> Sequence[Piece]:
        """What both can live with; mine where there is no such thing."""
        return self.theirs if self.mine == self.base else self.mine


def _parts(base: Sequence[Piece], mine: Sequence[Piece], theirs: Sequence[Piece], *, apart: bool) -> Iterator[_Part]:
    """The three texts in parts, one after the other (diff3). `apart`: changes that touch belong to one part, for where
    lines are joined to paragraphs a neighbour may be the same sentence.
    """
    mine_changed = [(each, True) for each in changed(align(base, mine, weigh=_weight, long=0), len(base), len(mine))]
    theirs_changed = [
        (each, False) for each in changed(align(base, theirs, weigh=_weight, long=0), len(base), len(theirs))
    ]
    both_changed = [*mine_changed, *theirs_changed]
    waiting = deque(sorted(both_changed, key=lambda each: (each[0].left, each[0].left_end, not each[1])))
    done, mine_shift, theirs_shift = 0, 0, 0
    while waiting:
        group = [waiting.popleft()]
        start, end = group[0][0].left, group[0][0].left_end
        while waiting and _meets(waiting[0][0], start, end, apart=apart):
            group.append(waiting.popleft())
            end = max(end, group[-1][0].left_end)
        yield _Part(base[done:start], base[done:start], base[done:start])
        mine_start, theirs_start = start + mine_shift, start + theirs_shift
        mine_shift += sum(_growth(each) for each, is_mine in group if is_mine)
        theirs_shift += sum(_growth(each) for each, is_mine in group if not is_mine)
        yield _Part(base[start:end], mine[mine_start : end + mine_shift], theirs[theirs_start : end + theirs_shift])
        done = end
    yield _Part(base[done:], base[done:], base[done:])


def _weight(piece: Piece) -> int:
    return len(piece.source.strip())


def _meets(stretch: Stretch, start: int, end: int, *, apart: bool) -> bool:
    """Does a change concern what another one did from `start` to `end`? Two insertions in one place always do."""
    both_insert = start == end == stretch.left == stretch.left_end
    return stretch.left < end or both_insert or (apart and stretch.left == end)


def _growth(stretch: Stretch) -> int:
    return (stretch.right_end - stretch.right) - (stretch.left_end - stretch.left)


def _merge_words(base: Sequence[Any], mine: Sequence[Any], theirs: Sequence[Any]) -> list[Any]:
    """What is in both, what either added, and nothing that either took out. The order is that of whoever changed it."""
    kept = [word for word in base if word in mine]
    is_mine = kept != [word for word in mine if word in base]
    frame, others = (mine, theirs) if is_mine else (theirs, mine)
    merged = [word for word in dict.fromkeys(frame) if word in others or word not in base]
    for place, word in enumerate(others):
        if word in merged or word in base:
            continue
        before = next((other for other in reversed(others[:place]) if other in merged), None)
        merged.insert(0 if before is None else merged.index(before) + 1, word)
    return merged


def _merge_rows(name: str, base: Sequence[Row], mine: Sequence[Row], theirs: Sequence[Row]) -> _Value:
    in_mine, in_theirs = match_rows(base, mine), match_rows(base, theirs)
    origins = {there: here for here, there in in_mine.items()}
    added = [place for place in range(len(theirs)) if place not in in_theirs.values()]
    merged: list[tuple[Row, int | None]] = []
    conflicts: list[Conflict] = []
    for place, row in enumerate(mine):
        origin = origins.get(place)
        before = {} if origin is None else base[origin]
        partner = in_theirs.get(origin) if origin is not None else _twin(row, theirs, added)
        if partner is not None:
            both = _merge_row(name, before, row, theirs[partner])
            merged.append((both.value, partner))
            conflicts += both.conflicts
            added = [each for each in added if each != partner]
        elif origin is None or row != before:
            merged.append((row, None))
            conflicts += [] if origin is None else [Conflict(name, row, None, before, row=name_of(row))]
    for origin, place in in_theirs.items():
        if origin not in in_mine and theirs[place] != base[origin]:
            conflicts.append(Conflict(name, None, theirs[place], base[origin], row=name_of(base[origin])))
    for place in added:
        merged.insert(_place_behind(place, [there for _row, there in merged]), (theirs[place], place))
    return _Value([row for row, _there in merged], conflicts)


def _twin(row: Row, rows: Sequence[Row], places: Sequence[int]) -> int | None:
    """Where they added what I added, too."""
    name = name_of(row)
    return next((each for each in places if rows[each] == row or (name and name_of(rows[each]) == name)), None)


def _merge_row(name: str, base: Row, mine: Row, theirs: Row) -> _Value:
    merged = merge(base, mine, theirs)
    label = name_of(mine) or name_of(theirs)
    conflicts = [replace(each, field=name, row=label, column=each.field) for each in merged.conflicts]
    return _Value(merged.content, conflicts)


def _place_behind(place: int, places: Sequence[int | None]) -> int:
    """Where a row from `place` of theirs goes among rows of `places`: behind its neighbour there and what I put behind that."""
    behind = max((here for here, there in enumerate(places) if there is not None and there < place), default=-1) + 1
    while behind and behind < len(places) and places[behind] is None:
        behind += 1
    return behind
