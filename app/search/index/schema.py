"""What the index holds of a document.

Ranking uses one field in which the weights of title, summary, tags and body are summed for each term before BM25
saturates them (Robertson, Zaragoza, Taylor, "Simple BM25 extension to multiple weighted fields", 2004): summing scores
of separate fields ranks worse.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from whoosh.fields import ID, KEYWORD, STORED, FieldType, Schema
from whoosh.formats import Existence, Positions

from app.search.analysis import ANALYSIS, base_terms, fold, inner_terms, overlapping_words, spans
from app.search.sources import Document

# Change the number with the fields below, and every index is rebuilt.
META = {"schema": "2", "analysis": ANALYSIS}
WEIGHTS = {"title": 4.0, "summary": 1.5, "tags": 2.0, "body": 1.0}
# A word that is there only if the text is cut otherwise is found, but counts for little.
OVERLAPPING = 0.25
# Positions jump between the parts of a document, so that no phrase reaches from one into the next.
PART_GAP = 100

Posting = tuple[bytes, int, float, bytes]


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


class _RankField(_TermField):
    """One posting a term with its weight. The value is the weights and the length of the document in words."""

    def index(self, value: tuple[Mapping[str, float], int], **_: Any) -> list[Posting]:
        weights, length = value
        postings = [(term.encode(), 0, weight, b"") for term, weight in weights.items()]
        if postings:
            # Whoosh takes the sum of the second members as the length of the field.
            first, _frequency, weight, nothing = postings[0]
            postings[0] = (first, 1 + length, weight, nothing)
        return postings


class _PhraseField(_TermField):
    """Positions of the base words, for quoted phrases only."""

    def index(self, value: Mapping[str, Sequence[str]], **_: Any) -> list[Posting]:
        places: dict[str, list[int]] = {}
        position = 0
        for terms in value.values():
            for term in terms:
                places.setdefault(term, []).append(position)
                position += 1
            position += PART_GAP
        return [(term.encode(), len(found), 1.0, self.format.encode(found)) for term, found in places.items()]


class _WordField(_TermField):
    """The words as they were written, for `deploym*`: the stem of "deployment" begins otherwise."""

    def index(self, value: set[str], **_: Any) -> list[Posting]:
        return [(word.encode(), 1, 1.0, b"") for word in sorted(value)]


def schema() -> Schema:
    """A schema of its own for every caller: Whoosh writes into it."""
    return Schema(
        id=ID(unique=True, stored=True),
        kind=KEYWORD(stored=True, sortable=True),
        key=STORED(),
        title=STORED(),
        body=STORED(),
        text=_RankField(Existence(), scorable=True),
        phrase=_PhraseField(Positions()),
        word=_WordField(Existence()),
        language=KEYWORD(sortable=True),
        area=KEYWORD(sortable=True),
        level=KEYWORD(sortable=True),
        capability=KEYWORD(),
        audience=KEYWORD(),
    )


def fields_of(document: Document) -> dict[str, Any]:
    """The document as the schema wants it."""
    texts = {
        "title": document.title,
        "summary": document.summary,
        "tags": " ".join(document.tags),
        "body": document.body,
    }
    folded = {part: fold(text) for part, text in texts.items()}
    found = {part: list(spans(text)) for part, text in folded.items()}
    terms = {part: [term for term, _start, _end in places] for part, places in found.items()}
    return {
        "id": document.id,
        "kind": document.kind,
        "key": document.key,
        "title": document.title,
        "body": "\n".join(part for part in (document.summary, document.body) if part),
        "text": (_weights(folded, terms), len(terms["body"])),
        "phrase": terms,
        "word": {folded[part][start:end] for part, places in found.items() for _term, start, end in places},
        "language": " ".join(document.languages),
        "area": document.area,
        "capability": " ".join(document.capabilities),
        "level": " ".join(map(str, document.levels)),
        "audience": " ".join(sorted(document.audience)),
    }


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
