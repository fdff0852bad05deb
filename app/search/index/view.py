"""All segments of one state of the index, as one. A view never changes: after a commit there is a new one, which takes
over the segments that are still there. Documents are numbered through, segment after segment, as Whoosh does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from whoosh.filedb.filestore import FileStorage
from whoosh.index import FileIndex

from app.search.index.postings import Cache, Ids, Postings
from app.search.index.schema import EXACT, schema
from app.search.index.segment import POSITION_BITS, Exact, Segment, Stored
from app.search.index.words import Heading, near

CACHE_BYTES = 16 << 20
KEPT_BYTES = 8 << 20

T = TypeVar("T")
Mask = npt.NDArray[np.bool_]


class View:
    """What is in the index at one moment."""

    def __init__(self, folder: Path, cache: Cache, before: View | None = None) -> None:
        self.folder = folder
        opened = open_index(folder)
        toc = opened._read_toc()  # noqa: SLF001 (opening a reader would open every segment anew)
        self.generation = int(toc.generation)
        known: dict[str, Segment] = {segment.id: segment for segment in before.segments} if before else {}
        self.segments: list[Segment] = [
            known.get(str(one.segment_id())) or Segment(opened.storage, opened.schema, one, toc.generation, cache)
            for one in toc.segments
        ]
        self.bases = np.cumsum([0, *(segment.size for segment in self.segments)])
        self.size = int(self.bases[-1])
        self._kept = Cache(KEPT_BYTES)
        self.live: Mask = np.ones(self.size, bool)
        for base, one in zip(self.bases, toc.segments, strict=False):
            self.live[[base + number for number in one.deleted_docs()]] = False
        self.lengths = self._joined("lengths", np.float32)
        self.total_length = sum(segment.total_length for segment in self.segments)
        self.group = self._joined("group", np.int64)
        self.day = self._joined("day", np.int32)
        self.usefulness = self._joined("usefulness", np.uint8)
        self.exact = {name: self._join_exact(name) for name in EXACT}
        is_document = self.exact["kind"].numbers[:, 0] > 0
        self._notes = np.flatnonzero(self.live & ~is_document)
        self.live &= is_document

    @cached_property
    def count(self) -> int:
        """How many documents there are."""
        return int(self.live.sum())

    @cached_property
    def watermark(self) -> int:
        """Up to which change the documents are, as the last commit noted it."""
        return int(self.stored(int(self._notes[-1]))[1]) if len(self._notes) else 0

    @cached_property
    def translated(self) -> tuple[Ids, int]:
        """A number from 1 on for each group of several documents (0 for a document that stands alone), and how many there are."""
        groups, number, sizes = np.unique(self.group, return_inverse=True, return_counts=True)
        is_group = (sizes > 1) & (groups != 0)
        anew = np.where(is_group, np.cumsum(is_group), 0).astype(np.int32)
        return anew[number], int(is_group.sum())

    def count_by_kind(self) -> dict[str, int]:
        kinds = self.exact["kind"]
        counts = np.bincount(kinds.numbers[self.live, 0], minlength=len(kinds.names) + 1)
        return {name: int(count) for name, count in zip(kinds.names, counts[1:], strict=True) if count}

    def postings(self, field: str, term: str) -> Postings:
        """The documents that have `term`, those taken out among them."""
        lists = [segment.postings(field, term) for segment in self.segments]
        if len(lists) == 1:
            return lists[0]
        ids = [one.ids + np.int32(base) for one, base in zip(lists, self.bases, strict=False) if len(one.ids)]
        if not ids:
            return Postings(np.empty(0, np.int32), np.empty(0, np.float32))
        return Postings(np.concatenate(ids), np.concatenate([one.weights for one in lists if len(one.ids)]))

    def positions(self, term: str) -> npt.NDArray[np.int64]:
        """Where `term` stands, as `Segment.positions`."""
        keys = [
            segment.positions(term) + (np.int64(base) << POSITION_BITS)
            for segment, base in zip(self.segments, self.bases, strict=False)
        ]
        return np.concatenate(keys) if keys else np.empty(0, np.int64)

    def words_beginning(self, field: str, prefix: str) -> Counter[str]:
        """The words of a field that begin so, each with the number of documents that have it."""
        counts: Counter[str] = Counter()
        for segment in self.segments:
            counts.update(segment.words.beginning_with(field, prefix))
        return counts

    def documents_beginning(self, field: str, prefix: str) -> Mask:
        """Which documents have a word in a field, title or sound, that begins so."""
        has = np.zeros(self.size, bool)
        for segment, base in zip(self.segments, self.bases.tolist(), strict=False):
            has[base + segment.words.documents(field, prefix).astype(np.int64)] = True
        return has

    def words_near(self, word: str) -> list[tuple[float, int, str]]:
        """Other words that `word` may have been meant to be: (distance, number of documents, word)."""
        # Most words stand in every segment, and of those that are like it few are near.
        like = {other for segment in self.segments for other in segment.words.like(word)}
        found = near(word, (other.decode() for other in like))
        return [
            (distance, sum(segment.words.count("word", other) for segment in self.segments), other)
            for other, distance in found.items()
            if other != word
        ]

    def mask(self, ids: Ids) -> Mask:
        """These documents, as a mask."""
        mask = np.zeros(self.size, bool)
        mask[ids] = True
        return mask

    def has(self, name: str, values: Iterable[str]) -> Mask:
        """Which documents have one of `values` in an exact field."""
        wanted = frozenset(values)
        return self.kept((name, wanted), lambda: self._has(name, wanted), lambda made: made.nbytes)

    def kept(self, key: Hashable, make: Callable[[], T], size: Callable[[T], int]) -> T:
        """What was made for the key before, while there is room for it, or makes it."""
        made: T = self._kept.get(key, make, size)
        return made

    def values(self, name: str, audience: Iterable[str]) -> list[str]:
        """The values of an exact field in what the audience may find."""
        exact = self.exact[name]
        present = np.unique(exact.numbers[self.live & self.has("audience", audience)])
        return [exact.names[number - 1] for number in present.tolist() if number]

    def stored(self, number: int) -> Stored:
        """(kind, key, title, text, languages) of a document."""
        place = int(np.searchsorted(self.bases, number, "right")) - 1
        return self.segments[place].stored(int(number - self.bases[place]))

    def heading(self, number: int) -> Heading:
        """(kind, key, title) of a document."""
        place = int(np.searchsorted(self.bases, number, "right")) - 1
        return self.segments[place].words.heading(int(number - self.bases[place]))

    def _has(self, name: str, values: frozenset[str]) -> Mask:
        exact = self.exact[name]
        wanted = np.array([False, *(one in values for one in exact.names)])
        has: Mask = np.asarray(wanted[exact.numbers].any(axis=1))
        return has

    def _joined(self, name: str, kind: Any) -> npt.NDArray[Any]:
        return np.concatenate([np.empty(0, kind), *(getattr(segment, name) for segment in self.segments)]).astype(kind)

    def _join_exact(self, name: str) -> Exact:
        """The field over all segments, its values numbered anew."""
        parts = [segment.exact[name] for segment in self.segments]
        names = sorted({value for part in parts for value in part.names})
        place = {value: number for number, value in enumerate(names, 1)}
        width = max((part.numbers.shape[1] for part in parts), default=1)
        numbers = np.zeros((self.size, width), np.uint16)
        for part, base in zip(parts, self.bases, strict=False):
            anew = np.array([0, *(place[value] for value in part.names)], np.uint16)
            rows, columns = part.numbers.shape
            numbers[base : base + rows, :columns] = anew[part.numbers]
        return Exact(names, numbers)


def open_index(folder: Path) -> Any:
    """Whoosh's index in `folder`. Its files are read, not mapped: to touch a map of a file that was cut short ends the
    process. Raises anything where it is broken.
    """
    return FileIndex(FileStorage(str(folder), supports_mmap=False), schema=schema())
