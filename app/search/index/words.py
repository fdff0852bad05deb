"""What is looked up while somebody types, and when a mistyped word finds nothing: beside each segment stands a file with the
words of three of its fields in order, as one row of bytes with the bounds of each, because a list of strings takes ten times
the memory. In another file are the documents of what titles and sounds there are; of it is read only what is asked for.

Mistakes in letters are found by distance (Damerau-Levenshtein without crossing edits), mistakes in Chinese by sound: 布署 for 部署.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from app.search.analysis import is_han
from app.search.sounds import readings

# The fields, and those of them whose documents are told. All documents of all words would be as much as the index.
TYPED = ("title", "sound", "word")
WITH_DOCUMENTS = ("title", "sound")
MIN_LETTERS = 4
# Sorts behind every letter.
LAST = b"\xff"
SEPARATOR = "\t"

Heading = tuple[str, str, str]
Documents = npt.NDArray[np.uint32]
# The terms of a field, the bounds of their postings, and the documents of these.
Typed = tuple[Sequence[str], npt.NDArray[np.int64], Documents]


def path_of(folder: Path, segment: Any) -> Path:
    """By its name it is a file of the segment, which Whoosh takes away with it."""
    return folder / str(segment.make_filename(".typed"))


def _documents_of(path: Path) -> Path:
    return path.with_suffix(".typed_documents")


class Row:
    """Texts in one row of bytes, with the end of each."""

    def __init__(self, text: npt.NDArray[np.uint8], ends: Documents) -> None:
        self._text, self._ends = text.tobytes(), ends

    @classmethod
    def arrays(cls, texts: Sequence[str]) -> tuple[npt.NDArray[np.uint8], Documents]:
        encoded = [text.encode() for text in texts]
        ends = np.cumsum([len(text) for text in encoded], dtype=np.uint32)
        return np.frombuffer(b"".join(encoded), np.uint8), ends

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> bytes:
        return self._text[self._ends[number - 1] if number else 0 : self._ends[number]]

    def several(self, numbers: npt.NDArray[np.int64]) -> list[bytes]:
        starts = np.where(numbers > 0, self._ends[numbers - 1], 0).tolist()
        ends = self._ends[numbers].tolist()
        return [self._text[start:end] for start, end in zip(starts, ends, strict=True)]

    def beginning_with(self, prefix: str) -> range:
        """The numbers of those that begin so, where they are in order."""
        begin = prefix.encode()
        return range(bisect_left(self, begin), bisect_left(self, begin + LAST))

    @cached_property
    def letters(self) -> npt.NDArray[np.uint32]:
        """For each text one bit for each letter that it has (some letters share one)."""
        bits = _bits(self._text.decode())
        starts = np.cumsum(self.lengths, dtype=np.int64) - self.lengths
        return np.bitwise_or.reduceat(bits, starts) if len(starts) else np.empty(0, np.uint32)

    @cached_property
    def lengths(self) -> npt.NDArray[np.uint16]:
        """How many letters each text has."""
        is_start = (np.frombuffer(self._text, np.uint8) & 0xC0) != 0x80
        until = np.concatenate([[0], np.cumsum(is_start, dtype=np.int64)])
        return np.diff(until[self._ends], prepend=0).astype(np.uint16)


def _bits(text: str) -> npt.NDArray[np.uint32]:
    """For each letter its bit."""
    return np.left_shift(np.uint32(1), np.frombuffer(text.encode("utf-32-le"), np.uint32) % 32, dtype=np.uint32)


class Words:
    """Of one segment. Immutable."""

    def __init__(self, path: Path) -> None:
        self._documents = _documents_of(path)
        with np.load(path) as arrays:
            self._rows = {name: Row(arrays[f"{name}_text"], arrays[f"{name}_ends"]) for name in TYPED}
            self._bounds = {name: arrays[f"{name}_bounds"] for name in TYPED}
            self._headings = Row(arrays["heading_text"], arrays["heading_ends"])
            self._heard, self._of_heard = arrays["heard"], arrays["of_heard"]

    @staticmethod
    def write(path: Path, typed: Mapping[str, Typed], headings: Sequence[Heading]) -> None:
        arrays: dict[str, npt.NDArray[Any]] = {}
        arrays["heading_text"], arrays["heading_ends"] = Row.arrays([SEPARATOR.join(heading) for heading in headings])
        nothing: Typed = ((), np.zeros(1, np.int64), np.empty(0, np.uint32))
        all_documents = [typed.get(name, nothing)[2] for name in WITH_DOCUMENTS]
        np.concatenate(all_documents).astype(np.uint32).tofile(_documents_of(path))
        before = dict(zip(WITH_DOCUMENTS, accumulate(map(len, all_documents), initial=0), strict=False))
        for name in TYPED:
            terms, bounds, _documents = typed.get(name, nothing)
            arrays[f"{name}_text"], arrays[f"{name}_ends"] = Row.arrays(terms)
            arrays[f"{name}_bounds"] = (bounds + before.get(name, 0)).astype(np.uint32)
        arrays["heard"], arrays["of_heard"] = _by_sound(typed.get("word", nothing)[0])
        with path.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)

    def heading(self, number: int) -> Heading:
        """(kind, key, title) of a document."""
        kind, key, title = self._headings[number].decode().split(SEPARATOR, 2)
        return kind, key, title

    def beginning_with(self, field: str, prefix: str) -> dict[str, int]:
        """The words of a field that begin so, each with the number of documents that have it."""
        row, bounds = self._rows[field], self._bounds[field]
        found = row.beginning_with(prefix)
        numbers = np.arange(found.start, found.stop)
        counts = (bounds[numbers + 1] - bounds[numbers]).tolist()
        return {word.decode(): number for word, number in zip(row.several(numbers), counts, strict=True)}

    def count(self, field: str, word: str) -> int:
        """How many documents have the word in a field."""
        row, bounds, wanted = self._rows[field], self._bounds[field], word.encode()
        number = bisect_left(row, wanted)
        return int(bounds[number + 1] - bounds[number]) if number < len(row) and row[number] == wanted else 0

    def documents(self, field: str, prefix: str) -> Documents:
        """The documents that have a word that begins so, some of them several times."""
        found = self._rows[field].beginning_with(prefix)
        first, last = self._bounds[field][[found.start, found.stop]].tolist()
        documents = np.fromfile(self._documents, np.uint32, last - first, offset=first * 4)
        if len(documents) < last - first:
            raise EOFError(self._documents)
        return documents

    def like(self, word: str) -> list[bytes]:
        """Words that `word` may have been meant to be, and some others."""
        return self._rows["word"].several(self._by_ear(word) if is_han(word) else self._by_letters(word))

    def _by_ear(self, word: str) -> npt.NDArray[np.int64]:
        numbers = [_number_of(reading) for reading in readings(word)]
        firsts, lasts = (np.searchsorted(self._heard, numbers, side).tolist() for side in ("left", "right"))
        return np.concatenate(
            [self._of_heard[first:last].astype(np.int64) for first, last in zip(firsts, lasts, strict=True)]
        )

    def _by_letters(self, word: str) -> npt.NDArray[np.int64]:
        found = [np.empty(0, np.int64)]
        if len(word) < MIN_LETTERS or not word.isalpha():
            return found[0]
        row, most = self._rows["word"], _most_mistakes(word)
        letters = np.bitwise_or.reduce(_bits(word))
        # Who mistypes the first letter swaps it with the second, mostly.
        for first in {word[0], word[1]}:
            same = row.beginning_with(first)
            lengths = row.lengths[same.start : same.stop]
            numbers = same.start + np.flatnonzero((lengths >= len(word) - most) & (lengths <= len(word) + most))
            # A mistake brings in one letter and takes out one, at most.
            others = row.letters[numbers]
            is_like = np.bitwise_count(others & ~letters) <= most
            is_like &= np.bitwise_count(letters & ~others) <= most
            found.append(numbers[is_like])
        return np.concatenate(found)


def near(word: str, others: Iterable[str]) -> dict[str, float]:
    """Those of `others` that `word` may have been meant to be, with their distance from it."""
    if is_han(word):
        sounds = set(readings(word))
        return {other: 0.0 for other in others if not sounds.isdisjoint(readings(other))}
    words = [other for other in others if other.isalpha()]
    found = extract(word, words, scorer=OSA.distance, score_cutoff=_most_mistakes(word), limit=None)
    return {other: distance for other, distance, _place in found}


def _most_mistakes(word: str) -> int:
    return 1 if len(word) < 7 else 2


def _by_sound(words: Sequence[str]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """What each Chinese word sounds like, as numbers in order, and the number of the word."""
    pairs = sorted(
        (_number_of(reading), number)
        for number, word in enumerate(words)
        if len(word) > 1 and is_han(word)
        for reading in readings(word)
    )
    table = np.array(pairs, np.uint32).reshape(-1, 2)
    return table[:, 0].copy(), table[:, 1].copy()


def _number_of(reading: str) -> int:
    return zlib.crc32(reading.encode())
