# ruff: noqa: SLF001 (to write a segment in Whoosh's form is to know its insides)
"""Whoosh's segment writer with the two loops replaced that take nearly all of its time: postings are gathered by term, not
sorted one by one, and written block by block. The files, the locking and the commit are Whoosh's own.
"""

from __future__ import annotations

import pickle
import zlib
from array import array
from collections import defaultdict
from collections.abc import Sequence
from operator import sub
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import LENGTHS_COLUMN, W3Codec, W3TermInfo
from whoosh.util.numeric import byte_to_length, length_to_byte
from whoosh.writing import SegmentWriter

from app.search.index.postings import MAGIC, decode

BLOCK = 128
# Smaller blocks do not get smaller.
WORTH_COMPRESSING = 80
COMPRESSION = 3
PROTOCOL = 2


class _Term:
    """The postings of one term while they are gathered, in the order of the documents."""

    __slots__ = ("ids", "values", "weights")

    def __init__(self) -> None:
        self.ids = array("I")
        self.weights = array("f")
        self.values: list[bytes] = []


class _Pool:
    """What Whoosh calls the posting pool. {field: {term: postings}}."""

    def __init__(self) -> None:
        self.fields: defaultdict[str, defaultdict[bytes, _Term]] = defaultdict(lambda: defaultdict(_Term))

    def cleanup(self) -> None:
        self.fields.clear()


class Writer(SegmentWriter):  # type: ignore[misc]
    """Keeps the postings of one segment in memory: about 100 MB for 2,500 articles."""

    def __init__(self, index: Any) -> None:
        # In one file, a segment would be copied into memory by whoever opens it.
        super().__init__(index, codec=W3Codec(), compound=False)
        self.pool = _Pool()

    def add_document(self, **fields: Any) -> None:
        """As Whoosh does, for the kinds of fields that the schema has."""
        documents, number = self.perdocwriter, self.docnum
        documents.start_doc(number)
        for name in sorted(fields):
            field, value, length = self.schema[name], fields[name], 0
            if field.indexed:
                terms = self.pool.fields[name]
                for text, count, weight, place in field.index(value):
                    term = terms[text]
                    term.ids.append(number)
                    term.weights.append(weight)
                    if place:
                        term.values.append(place)
                    length += count
            documents.add_field(name, field, value if field.stored else None, length if field.scorable else 0)
            if field.column_type:
                documents.add_column_value(name, field.column_type, value)
        documents.finish_doc()
        self._added = True
        self.docnum += 1

    def add_reader(self, reader: Any) -> None:
        """Take over what is left of a segment."""
        self._check_state()
        first, names = self.docnum, set(self.schema.names())
        moved = self.write_per_doc(names, reader)
        size = reader.doc_count_all()
        places = np.arange(first, first + size, dtype=np.int64)
        if moved is not None:
            places[:] = -1
            places[list(moved.keys())] = list(moved.values())
        terms = reader._terms
        for field in reader.indexed_field_names():
            for text in list(reader.lexicon(field)):
                offset, length = terms.term_info(field, text).extent()
                length = length[0] if isinstance(length, tuple) else length
                self._take_over(field, text, bytes(terms._postfile.get(offset, length)), places)
        self._added = True

    def _take_over(self, field: str, text: bytes, raw: bytes, places: Any) -> None:
        postings, values = decode(raw)
        ids = places[postings.ids]
        kept = np.flatnonzero(ids >= 0)
        if not len(kept):
            return
        term = self.pool.fields[field][text]
        term.ids.extend(ids[kept].tolist())
        term.weights.extend(postings.weights[kept].tolist())
        term.values.extend(values[place] for place in kept.tolist() if values)

    def _flush_segment(self) -> None:
        self.perdocwriter.close()
        lengths = self._lengths()
        writer = self.fieldwriter
        for name in sorted(self.pool.fields):
            field = self.schema[name]
            writer.start_field(name, field)
            key = writer._fieldid.to_bytes(2, "big")
            terms = self.pool.fields[name]
            of_field = lengths if field.scorable else []
            for text in sorted(terms):
                info = _write_term(writer._postfile, terms[text], of_field)
                writer._tindex.add(key + text, info.to_bytes())
            writer.finish_field()
        writer.close()

    def _lengths(self) -> list[int]:
        """The length of each document in the ranked field, as far as Whoosh can note it."""
        documents = self.per_document_reader()
        column = documents._cached_reader("_text_len", LENGTHS_COLUMN)
        lengths = [byte_to_length(byte) for byte in column.load()] if column is not None else []
        documents.close()
        return lengths + [0] * (self.docnum - len(lengths))


def _write_term(file: Any, term: _Term, lengths: Sequence[int]) -> W3TermInfo:
    """Write the posting list of a term. Returns what the table of terms says of it."""
    start, size = file.tell(), len(term.ids)
    parts = [MAGIC]
    shortest, longest = 1 << 30, 0
    for first in range(0, size, BLOCK):
        last = min(first + BLOCK, size)
        ids, weights = term.ids[first:last], term.weights[first:last]
        low = high = 0
        if lengths:
            of_these = [lengths[document] for document in ids]
            low, high = min(of_these), max(of_these)
        shortest, longest = min(shortest, low), max(longest, high)
        data = pickle.dumps((_steps(ids), _shortened(weights), tuple(term.values[first:last])), PROTOCOL)
        level = COMPRESSION if len(data) >= WORTH_COMPRESSING else 0
        data = zlib.compress(data, level) if level else data
        head = (len(ids), ids[-1], max(weights), level, length_to_byte(low), length_to_byte(high))
        packed = pickle.dumps(head, PROTOCOL) + data
        parts += ((len(packed) if last < size else -len(packed)).to_bytes(4, "big", signed=True), packed)
    raw = b"".join(parts)
    file.write(raw)
    info = W3TermInfo(sum(term.weights), size, shortest, longest, max(term.weights), term.ids[0], term.ids[-1])
    info.set_extent(start, len(raw))
    return info


def _steps(ids: array[int]) -> tuple[int, ...]:
    """The first number, then from each to the next."""
    return (ids[0], *map(sub, ids[1:], ids))


def _shortened(weights: array[float]) -> float | tuple[float, ...] | None:
    """Nothing where all are 1, a single one where all are the same."""
    first = weights[0]
    if weights.count(first) < len(weights):
        return tuple(weights)
    return None if first == 1.0 else first
