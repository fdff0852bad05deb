# ruff: noqa: SLF001 (to write a segment in Whoosh's form is to know its insides)
"""Whoosh's segment writer with the two loops replaced that take nearly all of its time: postings are noted as they come and
sorted as arrays, and written block by block. The files, the locking and the commit are Whoosh's own.
"""

from __future__ import annotations

import pickle
import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, repeat
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, W3Codec, W3TermInfo
from whoosh.util.numeric import byte_to_length
from whoosh.writing import SegmentWriter

from app.search.index.postings import MAGIC, decode
from app.search.index.schema import Columns
from app.search.index.words import TYPED, Words, path_of

BLOCK = 1024
MAX_BYTE = 255
# Smaller blocks do not get smaller.
WORTH_COMPRESSING = 80
COMPRESSION = 3
# Whoosh writes pickles of form 2, in which bytes are a call for each value; it reads any.
PROTOCOL = 3
# Fewer numbers are smaller, and faster made, one by one.
WORTH_AN_ARRAY = 16

Numbers = npt.NDArray[np.uint32]


class _Numbers(dict[str, int]):
    """A number for each term, in the order in which they come."""

    def __missing__(self, term: str) -> int:
        self[term] = len(self)
        return self[term]


class _Noted:
    """The postings of one field as they come, document after document. Where the field has no weights or no positions, these
    are empty; where it has positions, there is an entry for each of them.
    """

    def __init__(self) -> None:
        self.numbers = _Numbers()
        self.terms, self.documents = array("I"), array("I")
        self.weights, self.positions = array("f"), array("H")

    def add(self, document: int, columns: Columns) -> None:
        self.terms.extend(map(self.numbers.__getitem__, columns.terms))
        self.documents.extend(repeat(document, len(columns.terms)))
        self.weights.extend(columns.weights)
        self.positions.extend(columns.positions)

    def sorted(self) -> _Sorted:
        terms = sorted(self.numbers)
        place = np.empty(len(terms), np.uint32)
        place[[self.numbers[term] for term in terms]] = np.arange(len(terms), dtype=np.uint32)
        of_terms = place[np.array(self.terms, np.uint32)]
        order = np.argsort(of_terms, kind="stable")
        of_terms, documents = of_terms[order], np.array(self.documents, np.uint32)[order]
        weights = np.array(self.weights, np.float32)[order] if self.weights else None
        if not self.positions:
            return _Sorted(terms, _bounds(of_terms, len(terms)), documents, weights)
        first = np.flatnonzero(_differs(of_terms) | _differs(documents))
        values = np.array(self.positions, np.uint16)[order].astype("<u2").tobytes()
        ends = 2 * np.append(first, len(order))
        return _Sorted(terms, _bounds(of_terms[first], len(terms)), documents[first], None, values, ends)


@dataclass(frozen=True)
class _Sorted:
    """The postings of one field: those of term number n are between `bounds[n]` and `bounds[n + 1]`. `ends` are the bounds of
    the value of each.
    """

    terms: list[str]
    bounds: npt.NDArray[np.int64]
    documents: Numbers
    weights: npt.NDArray[np.float32] | None = None
    values: bytes = b""
    ends: npt.NDArray[np.int64] | None = None


def _differs(numbers: Numbers) -> npt.NDArray[np.bool_]:
    """Where another number stands than before."""
    differs = np.ones(len(numbers), bool)
    differs[1:] = numbers[1:] != numbers[:-1]
    return differs


def _bounds(of_terms: Numbers, count: int) -> npt.NDArray[np.int64]:
    return np.searchsorted(of_terms, np.arange(count + 1))


class _Pool:
    """What Whoosh calls the posting pool. {field: postings}."""

    def __init__(self) -> None:
        self.fields: defaultdict[str, _Noted] = defaultdict(_Noted)

    def cleanup(self) -> None:
        self.fields.clear()


class Writer(SegmentWriter):  # type: ignore[misc]
    """Keeps the postings of one segment in memory: about 300 MB for 10,000 articles."""

    def __init__(self, index: Any) -> None:
        # In one file, a segment would be copied into memory by whoever opens it.
        super().__init__(index, codec=W3Codec(), compound=False)
        self.pool = _Pool()
        self.headings: list[tuple[str, str, str]] = []

    def add_document(self, **fields: Any) -> None:
        """As Whoosh does, for the kinds of fields that the schema has."""
        documents, number = self.perdocwriter, self.docnum
        documents.start_doc(number)
        for name in sorted(fields):
            field, value, length = self.schema[name], fields[name], 0
            if field.indexed:
                columns = field.columns(value)
                self.pool.fields[name].add(number, columns)
                length = columns.length
            documents.add_field(name, field, value if field.stored else None, length)
            if field.column_type:
                documents.add_column_value(name, field.column_type, value)
        documents.finish_doc()
        self.headings.append(fields["document"][:3])
        self._added = True
        self.docnum += 1

    def add_reader(self, reader: Any) -> None:
        """Take over what is left of a segment."""
        self._check_state()
        first, names = self.docnum, set(self.schema.names())
        moved = self.write_per_doc(names, reader)
        self.headings += [stored["document"][:3] for _number, stored in reader.iter_docs()]
        size = reader.doc_count_all()
        places = np.arange(first, first + size, dtype=np.int64)
        if moved is not None:
            places[:] = -1
            places[list(moved.keys())] = list(moved.values())
        terms = reader._terms
        for (field, text), info in terms.items():
            offset, length = info.extent()
            length = length[0] if isinstance(length, tuple) else length
            self._take_over(field, text.decode(), bytes(terms._postfile.get(offset, length)), places)
        self._added = True

    def _take_over(self, field: str, term: str, raw: bytes, places: npt.NDArray[np.int64]) -> None:
        postings, values = decode(raw)
        documents = places[postings.ids]
        is_left = documents >= 0
        if not is_left.any():
            return
        documents, noted = documents[is_left], self.pool.fields[field]
        if values:
            left = [value for value, is_it in zip(values, is_left.tolist(), strict=True) if is_it]
            documents = np.repeat(documents, [len(value) // 2 for value in left])
            noted.positions.frombytes(np.frombuffer(b"".join(left), "<u2").astype(np.uint16).tobytes())
        elif self.schema[field].scorable:
            noted.weights.frombytes(postings.weights[is_left].tobytes())
        noted.terms.extend(repeat(noted.numbers[term], len(documents)))
        noted.documents.frombytes(documents.astype(np.uint32).tobytes())

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        lengths = self._lengths()
        writer, typed = self.fieldwriter, {}
        for name in sorted(self.pool.fields):
            noted = self.pool.fields.pop(name)
            postings = noted.sorted()
            writer.start_field(name, self.schema[name])
            key = writer._fieldid.to_bytes(2, "big")
            for term, info in _write_field(writer._postfile, postings, lengths if noted.weights else None):
                writer._tindex.add(key + term.encode(), info.to_bytes())
            writer.finish_field()
            if name in TYPED:
                typed[name] = postings.terms, postings.bounds, postings.documents
        writer.close()
        Words.write(path_of(Path(self.storage.folder), self.newsegment), typed, self.headings)

    def _lengths(self) -> npt.NDArray[np.uint8]:
        """The length of each document in the ranked field, as the byte by which Whoosh notes it."""
        lengths = np.zeros(self.docnum, np.uint8)
        documents = self.per_document_reader()
        column = documents._cached_reader("_text_len", LENGTHS_COLUMN)
        if column is not None:
            known = column.load()
            lengths[: len(known)] = known
        documents.close()
        return lengths


def _write_field(
    file: Any, postings: _Sorted, lengths: npt.NDArray[np.uint8] | None
) -> Iterator[tuple[str, W3TermInfo]]:
    """Write the posting lists of a field. Gives each term with what the table of terms says of it."""
    if not postings.terms:
        return
    blocks = _Blocks.of(postings, lengths)
    offset = file.tell()
    weights = postings.weights if postings.weights is not None else np.ones(len(postings.documents), np.float32)
    totals = np.add.reduceat(weights.astype(np.float64), postings.bounds[:-1]).tolist()
    bounds, of_term = postings.bounds.tolist(), blocks.of_term.tolist()
    for number, term in enumerate(postings.terms):
        first, last = of_term[number], of_term[number + 1]
        packed = [blocks.packed(place) for place in range(first, last)]
        parts = [MAGIC]
        for one in packed:
            parts += ((-len(one) if one is packed[-1] else len(one)).to_bytes(4, "big", signed=True), one)
        raw = b"".join(parts)
        file.write(raw)
        info = W3TermInfo(
            totals[number],
            bounds[number + 1] - bounds[number],
            byte_to_length(min(blocks.shortest[first:last])),
            byte_to_length(max(blocks.longest[first:last])),
            max(blocks.heaviest[first:last]),
            blocks.first_document[first],
            blocks.last_document[last - 1],
        )
        info.set_extent(offset, len(raw))
        offset += len(raw)
        yield term, info


@dataclass(frozen=True)
class _Blocks:
    """The postings of a field in blocks; those of term number n are from `of_term[n]` on. Most terms have one, so all that can
    be told of them is found for all of them at once.
    """

    postings: _Sorted
    of_term: npt.NDArray[np.int64]
    starts: list[int]
    ends: list[int]
    steps: Numbers
    first_document: list[int]
    last_document: list[int]
    heaviest: list[float]
    lightest: list[float]
    shortest: list[int]
    longest: list[int]

    @classmethod
    def of(cls, postings: _Sorted, lengths: npt.NDArray[np.uint8] | None) -> _Blocks:
        bounds, documents, weights = postings.bounds, postings.documents, postings.weights
        counts = -(-np.diff(bounds) // BLOCK)
        of_term = np.concatenate([[0], np.cumsum(counts)])
        within = np.arange(of_term[-1]) - np.repeat(of_term[:-1], counts)
        starts = np.repeat(bounds[:-1], counts) + BLOCK * within
        ends = np.minimum(starts + BLOCK, np.repeat(bounds[1:], counts))
        # In each block the first number, then from each to the next.
        steps = documents.copy()
        steps[1:] -= documents[:-1]
        steps[starts] = documents[starts]
        no_lengths, no_weights = [0] * len(starts), [1.0] * len(starts)
        of_documents = lengths[documents] if lengths is not None else None
        return cls(
            postings,
            of_term,
            starts.tolist(),
            ends.tolist(),
            steps,
            documents[starts].tolist(),
            documents[ends - 1].tolist(),
            np.maximum.reduceat(weights, starts).tolist() if weights is not None else no_weights,
            np.minimum.reduceat(weights, starts).tolist() if weights is not None else no_weights,
            np.minimum.reduceat(of_documents, starts).tolist() if of_documents is not None else no_lengths,
            np.maximum.reduceat(of_documents, starts).tolist() if of_documents is not None else no_lengths,
        )

    def packed(self, place: int) -> bytes:
        """A block in Whoosh's form."""
        start, end = self.starts[place], self.ends[place]
        data = pickle.dumps(
            (self._steps(start, end), self._weights(place, start, end), self._values(start, end)), PROTOCOL
        )
        level = COMPRESSION if len(data) >= WORTH_COMPRESSING else 0
        data = zlib.compress(data, level) if level else data
        head = (
            end - start,
            self.last_document[place],
            self.heaviest[place],
            level,
            self.shortest[place],
            self.longest[place],
        )
        return pickle.dumps(head, PROTOCOL) + data

    def _steps(self, start: int, end: int) -> bytes | array[int] | tuple[int, ...]:
        """As a row of bytes, where that is enough for each."""
        steps = self.steps[start:end]
        if end - start <= WORTH_AN_ARRAY:
            return tuple(steps.tolist())
        return steps.astype(np.uint8).tobytes() if steps.max() <= MAX_BYTE else array("I", steps.tobytes())

    def _weights(self, place: int, start: int, end: int) -> float | array[float] | tuple[float, ...] | None:
        """Nothing where all are 1, a single one where all are the same."""
        heaviest, weights = self.heaviest[place], self.postings.weights
        if weights is not None and self.lightest[place] < heaviest:
            some = weights[start:end]
            return array("f", some.tobytes()) if len(some) > WORTH_AN_ARRAY else tuple(some.tolist())
        return None if heaviest == 1.0 else heaviest

    def _values(self, start: int, end: int) -> tuple[bytes, ...]:
        values, ends = self.postings.values, self.postings.ends
        if ends is None:
            return ()
        bounds: Sequence[int] = ends[start : end + 1].tolist()
        return tuple(values[one:other] for one, other in pairwise(bounds))
