"""The judged queries, asked of the product and of what it is compared with."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from app.search.sources import Document
from tests.relevance import engines
from tests.relevance.engines import ENGINES, PRODUCT
from tests.relevance.judgements import SETS, Judged, answerable, judged_queries
from tests.relevance.kept import kept
from tests.relevance.measures import CUTOFF, Quality, quality

# Translations fold into one, so that ten names need more than ten documents.
DEPTH = 3 * CUTOFF

# What is found for each query: the names of documents, the best first.
Rankings = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Comparison:
    """What every engine finds for the queries that the documents can answer."""

    queries: Sequence[Judged]
    rankings: Mapping[str, Rankings]

    def among(self, group: str, sets: Collection[str] = SETS) -> list[Judged]:
        return [query for query in self.queries if query.group == group and query.set in sets]

    def quality(self, engine: str, group: str, sets: Collection[str] = SETS) -> Quality:
        """The mean over a group."""
        return Quality.mean([self._quality(engine, query) for query in self.among(group, sets)])

    def ahead(self, engine: str, other: str, group: str, sets: Collection[str] = SETS) -> list[float]:
        """By how much nDCG@10 is more than the other's, for each query."""
        queries = self.among(group, sets)
        return [self._quality(engine, query).ndcg - self._quality(other, query).ndcg for query in queries]

    def _quality(self, engine: str, query: Judged) -> Quality:
        return quality(self.rankings[engine][query.text], query.grades)


def compare(documents: Sequence[Document]) -> Comparison:
    """Every query that `documents` can answer, asked of every engine."""
    queries = answerable(judged_queries(), {each.group for each in documents})
    texts = [query.text for query in queries]
    code = Path(engines.__file__).read_text(encoding="utf-8"), version("whoosh3")
    rankings = {
        name: _rank(name, documents, texts)
        if name == PRODUCT
        else kept((name, code, documents, texts), lambda name=name: _rank(name, documents, texts))  # type: ignore[misc]
        for name in ENGINES
    }
    return Comparison(queries, rankings)


def _rank(name: str, documents: Sequence[Document], texts: Sequence[str]) -> dict[str, list[str]]:
    groups = {document.id: document.group for document in documents}
    with tempfile.TemporaryDirectory(prefix="guildhall-judged-") as folder:
        engine = ENGINES[name](Path(folder))
        engine.build(documents)
        return {text: [groups[document_id] for document_id in engine.find(text, DEPTH)] for text in texts}
