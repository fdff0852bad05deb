"""One segment of the index, read into arrays. A segment never changes; which of its documents were taken out since is
the view's knowledge.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.reading import SegmentReader, TermNotFound
from whoosh.util.numeric import byte_to_length

from app.search.index.postings import NONE, Cache, Postings, decode
from app.search.index.schema import EXACT
from app.search.index.words import Words, path_of

LENGTHS = np.array([byte_to_length(byte) or 0 for byte in range(256)], np.float32)
Stored = tuple[str, str, str, str, tuple[str, ...]]
# A position key holds the document above these bits and the position below.
POSITION_BITS = 17


@dataclass(frozen=True)
class Exact:
    """The values of a field without ranking, such as a facet: for each document the numbers of its values, counted from
    1 and filled up with 0; `names` has value 1 at index 0.
    """

    names: list[str]
    numbers: npt.NDArray[np.uint16]


class Segment:
    """Safe to share between threads: files are read under a lock, and what was read is kept as arrays."""

    def __init__(self, storage: Any, schema: Any, segment: Any, generation: int, cache: Cache) -> None:
        self.id = str(segment.segment_id())
        self.size = int(segment.doc_count_all())
        self.reader = SegmentReader(storage, schema, segment, generation=generation)
        # Nobody knows when the last search that reads the segment is over; then its files are closed.
        weakref.finalize(self, self.reader.close)
        self._cache = cache
        self._lock = Lock()
        self._words: Words | None = None
        self._words_path = path_of(Path(storage.folder), segment)
        self.lengths = LENGTHS[self._column("_text_len", "u1")]
        self.total_length = int(self.reader.field_length("text"))
        self.group = self._column("group", ">i8")
        self.day = self._column("day", ">i4")
        self.usefulness = self._column("usefulness", "u1")
        self.exact = {name: self._exact(name) for name in EXACT}

    def postings(self, field: str, term: str) -> Postings:
        """The documents that have `term`; none where nobody has it."""
        found: Postings = self._cache.get(
            (self.id, field, term), lambda: self._read(field, term)[0], lambda made: made.nbytes
        )
        return found

    def positions(self, term: str) -> npt.NDArray[np.int64]:
        """Where `term` stands: for each place `document << POSITION_BITS | position`, in order."""
        keys: npt.NDArray[np.int64] = self._cache.get(
            (self.id, "positions", term), lambda: self._read_positions(term), lambda made: made.nbytes
        )
        return keys

    def document_frequency(self, field: str, term: str) -> int:
        return len(self.postings(field, term).ids)

    @property
    def words(self) -> Words:
        """Read when somebody types for the first time, and kept."""
        with self._lock:
            if self._words is None:
                self._words = Words(self._words_path)
            return self._words

    def stored(self, number: int) -> Stored:
        """(kind, key, title, text, languages) of a document."""
        with self._lock:
            document: Stored = self.reader.stored_fields(number)["document"]
        return document

    def _read(self, field: str, term: str) -> tuple[Postings, list[bytes]]:
        with self._lock:
            terms = self.reader._terms  # noqa: SLF001 (Whoosh has no public way to the bytes)
            try:
                offset, length = terms.term_info(field, term.encode()).extent()
            except (TermNotFound, KeyError):
                return NONE, []
            length = length[0] if isinstance(length, tuple) else length  # what 2.7.5 forgets to unpack
            raw = terms._postfile.get(offset, length)  # noqa: SLF001
        return decode(bytes(raw))

    def _read_positions(self, term: str) -> npt.NDArray[np.int64]:
        postings, values = self._read("phrase", term)
        counts = np.fromiter(map(len, values), np.int64, len(values)) // 2
        places = np.frombuffer(b"".join(values), "<u2").astype(np.int64)
        keys: npt.NDArray[np.int64] = (np.repeat(postings.ids.astype(np.int64), counts) << POSITION_BITS) | places
        return keys

    def _column(self, name: str, kind: str) -> npt.NDArray[Any]:
        """A number for each document. Whoosh leaves out the zeros at the end, and a column of nothing but zeros."""
        numbers: npt.NDArray[Any] = np.zeros(self.size, np.dtype(kind).newbyteorder("="))
        documents = self.reader._perdoc  # noqa: SLF001
        if documents.has_column(name):
            file, offset, length = documents._get_column_file(name)  # noqa: SLF001
            present = np.frombuffer(bytes(file.get(offset, length)), kind)
            numbers[: len(present)] = present[: self.size]
            file.close()
        return numbers

    def _exact(self, field: str) -> Exact:
        lists = [(term.decode(), self._read(field, term.decode())[0].ids) for term in list(self.reader.lexicon(field))]
        counts = np.zeros(self.size, np.uint16)
        for _name, ids in lists:
            counts[ids] += 1
        numbers = np.zeros((self.size, max(1, int(counts.max(initial=0)))), np.uint16)
        filled = np.zeros(self.size, np.uint16)
        for number, (_name, ids) in enumerate(lists, 1):
            numbers[ids, filled[ids]] = number
            filled[ids] += 1
        return Exact([name for name, _ids in lists], numbers)
