"""Where a passage is by now: found again in a later version by its own words, by nearly its own words, or by what stood
around it. Pure, and bounded in time.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

# So many places of the same words are compared by what stands around them.
MAX_PLACES = 200
# Nearly the same words are looked for this far around the place where the passage was, on either side.
NEARBY = 6_000
# Of 100; below, it is another passage. The words for "no" and "not" alone must not make it one.
LIKENESS = 72.0
# Fewer signs are too common to be recognised by anything but themselves.
SHORT = 8
# Neighbours of so many signs are enough, since both have to be there: in Chinese that is a sentence.
NEIGHBOUR = 4
# The passage may have grown so many times over and still stand between the same neighbours.
GROWN = 4


class State(StrEnum):
    """`SAME`: the same words among the same words. `MOVED`: the same words elsewhere. `CHANGED`: other words by now, in
    about this place. `GONE`: not to be found.
    """

    SAME = "same"
    MOVED = "moved"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True)
class Passage:
    """What was marked: the words, what stood before and behind them, and how far in the text they stood, from 0 to 1."""

    quote: str
    prefix: str = ""
    suffix: str = ""
    place: float = 0.0


@dataclass(frozen=True)
class Anchor:
    """Where the passage is: [start, end) of the text."""

    state: State
    start: int = 0
    end: int = 0


GONE = Anchor(State.GONE)


def anchor(text: str, passage: Passage) -> Anchor:
    """The best place of `passage` in `text`. Of SAME and MOVED the text there is the quote to the letter."""
    if not passage.quote:
        return GONE
    exact = _exact(text, passage)
    if exact is not None:
        start = exact
        moved = _is_elsewhere(text, start, passage)
        return Anchor(State.MOVED if moved else State.SAME, start, start + len(passage.quote))
    between = _between_neighbours(text, passage)
    if between is not None:
        return Anchor(State.CHANGED, *between)
    near = _nearly(text, passage)
    return GONE if near is None else Anchor(State.CHANGED, *near)


def _exact(text: str, passage: Passage) -> int | None:
    """Where the quote stands; of several places the one among the same words, then the one nearest to where it was."""
    places: list[int] = []
    start = text.find(passage.quote)
    while start >= 0 and len(places) < MAX_PLACES:
        places.append(start)
        start = text.find(passage.quote, start + 1)
    wanted = passage.place * len(text)

    def rank(start: int) -> tuple[int, float]:
        return -_shared_context(text, start, passage), abs(start - wanted)

    return min(places, key=rank, default=None)


def _shared_context(text: str, start: int, passage: Passage) -> int:
    """How many signs before and behind are what they were."""
    end = start + len(passage.quote)
    before, after = text[max(0, start - len(passage.prefix)) : start], text[end : end + len(passage.suffix)]
    return _shared(before[::-1], passage.prefix[::-1]) + _shared(after, passage.suffix)


def _shared(one: str, other: str) -> int:
    """How many signs are the same from the beginning on."""
    number = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        number += 1
    return number


def _is_elsewhere(text: str, start: int, passage: Passage) -> bool:
    """Are both neighbours others? At the ends of a text, where there was none, this cannot be told."""
    known = min(len(passage.prefix), SHORT) + min(len(passage.suffix), SHORT)
    return known >= SHORT and _shared_context(text, start, passage) < SHORT // 2


def _between_neighbours(text: str, passage: Passage) -> tuple[int, int] | None:
    """What stands between the same neighbours by now."""
    prefix, suffix = passage.prefix, passage.suffix
    if len(prefix.strip()) < NEIGHBOUR or len(suffix.strip()) < NEIGHBOUR:
        return None
    start = text.find(prefix)
    if start < 0 or text.find(prefix, start + 1) >= 0:
        return None
    start += len(prefix)
    most = GROWN * len(passage.quote) + 2 * SHORT
    end = text.find(suffix, start, start + most + len(suffix))
    return (start, end) if end > start else None


def _nearly(text: str, passage: Passage) -> tuple[int, int] | None:
    """The words that are most like the quote, near the place where it was."""
    if len(passage.quote) < SHORT:
        return None
    middle = int(passage.place * len(text))
    begin = max(0, middle - NEARBY)
    window = text[begin : middle + NEARBY]
    if len(window) < len(passage.quote):
        # Compared would be a piece of the quote rather than the whole.
        return None
    found = fuzz.partial_ratio_alignment(passage.quote, window, score_cutoff=LIKENESS)
    if found is None or found.dest_end <= found.dest_start:
        return None
    return begin + found.dest_start, begin + found.dest_end
