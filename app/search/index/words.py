"""Every word of the index as it was written, to find the one that was meant when a mistyped one finds nothing.

Beside each segment stands a file with its words, in how many documents each is, and how the Chinese ones sound. Mistakes
in letters are found by distance (Damerau-Levenshtein without crossing edits), mistakes in Chinese by sound: 布署 for 部署.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from app.search.analysis import is_han
from app.search.sounds import readings

MIN_LETTERS = 4
CANDIDATES = 3
Table = dict[str, int]


def path_of(folder: Path, segment: str) -> Path:
    return folder / f"words-{segment}.json"


def write_words(folder: Path, segment: str, words: Mapping[str, int]) -> None:
    path_of(folder, segment).write_text(json.dumps(dict(words), ensure_ascii=False), encoding="utf-8")


def read_words(folder: Path, segment: str) -> Table:
    table: Table = json.loads(path_of(folder, segment).read_text(encoding="utf-8"))
    return table


class Vocabulary:
    """The words of several segments. Immutable; what is looked up is arranged when it is first asked for."""

    def __init__(self, tables: Iterable[Table]) -> None:
        self._counts: Counter[str] = Counter()
        for table in tables:
            self._counts.update(table)

    def candidates(self, word: str, count: Callable[[str], int]) -> list[str]:
        """What `word` may have been meant to be, the likeliest first; at most CANDIDATES. `count` says in how many documents
        a word is; what is in none is no candidate.
        """
        near = self._by_ear(word) if is_han(word) else self._by_letters(word)
        counts = {other: count(other) for other in near if other != word}
        known = [other for other, number in counts.items() if number]
        return sorted(known, key=lambda other: (near[other], -counts[other], other))[:CANDIDATES]

    def _by_ear(self, word: str) -> dict[str, float]:
        """The words that sound like it."""
        return {other: 0 for reading in readings(word) for other in self._sounding.get(reading, ())}

    def _by_letters(self, word: str) -> dict[str, float]:
        """The words nearby, with their distances."""
        if len(word) < MIN_LETTERS or not word.isalpha():
            return {}
        most = 1 if len(word) < 7 else 2
        near: dict[str, float] = {}
        for length in range(len(word) - most, len(word) + most + 1):
            # Who mistypes the first letter swaps it with the second, mostly.
            for first in {word[0], word[1]}:
                pool = self._buckets.get((first, length), ())
                found = extract(word, pool, scorer=OSA.distance, score_cutoff=most, limit=None)
                near.update({other: distance for other, distance, _place in found})
        return near

    @cached_property
    def _buckets(self) -> dict[tuple[str, int], list[str]]:
        buckets: dict[tuple[str, int], list[str]] = {}
        for word in self._counts:
            if not is_han(word) and word.isalpha():
                buckets.setdefault((word[0], len(word)), []).append(word)
        return buckets

    @cached_property
    def _sounding(self) -> dict[str, list[str]]:
        sounding: dict[str, list[str]] = {}
        for word in self._counts:
            if is_han(word) and len(word) > 1:
                for reading in readings(word):
                    sounding.setdefault(reading, []).append(word)
        return sounding
