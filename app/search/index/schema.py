"""What the index holds of a document.

Ranking uses one field in which the weights of title, summary, tags and body are summed for each term before BM25
saturates them (Robertson, Zaragoza, Taylor, "Simple BM25 extension to multiple weighted fields", 2004): summing scores
of separate fields ranks worse.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

import numpy as np
from whoosh.columns import NumericColumn
from whoosh.fields import COLUMN, STORED, FieldType, Schema
from whoosh.formats import Existence, Positions

from app.search.analysis import ANALYSIS, base_terms, fold, inner_terms, is_han, overlapping_words, spans
from app.search.sounds import sounds
from app.search.sources import Document

# Change the number with the fields below, and every index is rebuilt.
META = {"schema": "7", "analysis": ANALYSIS}
WEIGHTS = {"title": 8.0, "summary": 3.0, "tags": 3.0, "body": 1.0}
# A word that is there only if the text is cut otherwise is found, but counts for little.
OVERLAPPING = 0.25
# Positions jump between the parts of a document, so that no phrase reaches from one into the next. They are 16 bits
# wide: a phrase beyond the first 65,000 words of a document is not found as one.
PART_GAP = 100
MAX_POSITION = 0xFFFF
# What can be chosen beside the words. All but the audience are counted on the page.
EXACT = ("kind", "area", "capability", "level", "language", "tag", "coach", "year", "audience")
FACETS = EXACT[:-1]

Posting = tuple[bytes, int, float, bytes]


class Columns(NamedTuple):
    """A field of one document: its terms, and the weight of each, or each place where it stands. `length` is how long the
    document counts in the ranked field.
    """

    terms: Collection[str]
    weights: Collection[float] = ()
    positions: Sequence[int] = ()
    length: int = 0


class RawPositions(Positions):  # type: ignore[misc]
    """Positions as 16-bit numbers in a row, which can be read without a loop."""

    def encode(self, positions: Sequence[int]) -> bytes:
        return np.array(positions, "<u2").tobytes()

    def decode_positions(self, value: bytes) -> list[int]:
        return np.frombuffer(value, "<u2").tolist()


class _TermField(FieldType):  # type: ignore[misc]
    """A field whose value is already taken apart into terms."""

    def __init__(self, value_format: Any, *, scorable: bool = False) -> None:
        self.format = value_format
        self.analyzer = None
        self.indexed = True
        self.scorable = scorable
        self.stored = self.unique = self.spelling = False
        self.vector = self.column_type = None
        self.multitoken_query = "and"

    def process_text(self, text: str, **_: Any) -> Iterator[str]:
        return base_terms(fold(text))

    def columns(self, value: Any) -> Columns:
        """What the field has of the document."""
        raise NotImplementedError

    def index(self, value: Any, **_: Any) -> list[Posting]:
        """The same one by one, as Whoosh's own writer asks for it, whose files those of ours are held against."""
        columns = self.columns(value)
        places: dict[str, list[int]] = {}
        for term, position in zip_longest(columns.terms, columns.positions):
            places.setdefault(term, []).append(position)
        weights = columns.weights or [1.0] * len(places)
        postings = [
            (term.encode(), 0, weight, self.format.encode(found) if columns.positions else b"")
            for (term, found), weight in zip(places.items(), weights, strict=True)
        ]
        if postings:
            # Whoosh takes the sum of the second members as the length of the field.
            first, _frequency, weight, value = postings[0]
            postings[0] = (first, columns.length, weight, value)
        return postings


class _RankField(_TermField):
    """One posting a term with its weight. The value is the weights and the length of the document in words."""

    def columns(self, value: tuple[Mapping[str, float], int]) -> Columns:
        weights, length = value
        return Columns(weights.keys(), weights.values(), length=1 + length if weights else 0)


class _PhraseField(_TermField):
    """Positions of the base words, for quoted phrases only. The value is the words of each part of the document."""

    def columns(self, value: Mapping[str, Sequence[str]]) -> Columns:
        terms: list[str] = []
        positions: list[int] = []
        first = 0
        for words in value.values():
            terms += words
            positions += range(first, first + len(words))
            first += len(words) + PART_GAP
        kept = bisect_right(positions, MAX_POSITION)
        return Columns(terms[:kept], positions=positions[:kept])


class _SetField(_TermField):
    """Terms that are there or are not."""

    def columns(self, value: Collection[str]) -> Columns:
        return Columns(value)


def schema() -> Schema:
    """A schema of its own for every caller: Whoosh writes into it."""
    return Schema(
        id=_SetField(Existence()),
        document=STORED(),
        text=_RankField(Existence(), scorable=True),
        phrase=_PhraseField(RawPositions()),
        # Words as they were written, for `deploym*`: the stem of "deployment" begins otherwise.
        word=_SetField(Existence()),
        title=_SetField(Existence()),
        sound=_SetField(Existence()),
        group=COLUMN(NumericColumn("q")),
        day=COLUMN(NumericColumn("i")),
        usefulness=COLUMN(NumericColumn("B")),
        **{name: _SetField(Existence()) for name in EXACT},
    )


def fields_of(document: Document) -> dict[str, Any]:
    """The document as the schema wants it."""
    texts = {
        "title": document.title,
        "summary": document.summary,
        "tags": " ".join([*document.tags, *document.keywords]),
        "body": document.body,
    }
    folded = {part: fold(text) for part, text in texts.items()}
    found = {part: list(spans(text)) for part, text in folded.items()}
    terms = {part: [term for term, _start, _end in places] for part, places in found.items()}
    body = "\n".join(part for part in (document.summary, document.body) if part)
    return {
        "id": [document.id],
        "document": (document.kind, document.key, document.title, body, tuple(document.languages)),
        "text": (_weights(folded, terms), len(terms["body"])),
        "phrase": terms,
        "word": {folded[part][start:end] for part, places in found.items() for _term, start, end in places},
        "title": _title_words(folded["title"], found["title"]),
        "sound": {sound for part in ("title", "summary", "tags") for sound in _sounds(found[part])},
        "group": _number(document.group),
        "day": document.day.toordinal() if document.day else 0,
        "usefulness": document.usefulness,
        "kind": {document.kind},
        "area": _present(document.area),
        "capability": set(document.capabilities),
        "level": set(map(str, document.levels)),
        "language": set(document.languages),
        "tag": _present(*document.tags),
        "coach": set(document.coaches),
        "year": _present(str(document.day.year) if document.day else ""),
        "audience": document.audience,
    }


def _present(*values: str) -> set[str]:
    return {value for value in values if value}


def _number(group: str) -> int:
    """A group as a number; 0 for none. Two groups of a million have the same one with a chance of one in ten million."""
    if not group:
        return 0
    return int.from_bytes(hashlib.blake2b(group.encode(), digest_size=8).digest(), "big", signed=True) or 1


def _title_words(title: str, places: Sequence[tuple[str, int, int]]) -> set[str]:
    """What `title:` and suggestions look for: the words as they were written, their stems, and what is inside them."""
    words = {title[start:end] for _term, start, end in places}
    return (
        words
        | {inner for term, _start, _end in places for inner in (term, *inner_terms(term))}
        | {*overlapping_words(title)}
    )


def _sounds(places: Sequence[tuple[str, int, int]]) -> Iterator[str]:
    """How the Chinese words sound, and each two that stand together (cxjc for 持续集成, which is cut 持续/集成)."""
    before = ("", -1)
    for term, start, end in places:
        if not is_han(term):
            continue
        yield from sounds(term)
        if before[1] == start:
            yield from sounds(before[0] + term)
        before = (term, end)


def _weights(folded: Mapping[str, str], terms: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """The weight of every term, summed over the parts of the document."""
    weights: defaultdict[str, float] = defaultdict(float)
    for part, found in terms.items():
        certain = Counter(each for term in found for each in (term, *inner_terms(term)))
        for term, count in certain.items():
            weights[term] += count * WEIGHTS[part]
        for term, count in Counter(overlapping_words(folded[part])).items():
            if term not in certain:
                weights[term] += count * WEIGHTS[part] * OVERLAPPING
    return weights
