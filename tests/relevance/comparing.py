"""The judged queries, asked of the product and of what it is compared with."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from app.search.sources import Document
from tests.relevance import engines
from tests.relevance.engines import ENGINES, PRODUCT
from tests.relevance.judgements import Judged, answerable, judged_queries
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

    def quality(self, engine: str, group: str, in_set: str) -> Quality:
        """The mean over a group of a set."""
        return Quality.mean(
            [
                quality(self.rankings[engine][query.text], query.grades)
                for query in self.queries
                if (query.group, query.set) == (group, in_set)
            ]
        )


def compare(documents: Sequence[Document], sets: Iterable[str] = ("tune",)) -> Comparison:
    """Queries of other sets are not even asked."""
    wanted = set(sets)
    queries = answerable(
        [query for query in judged_queries() if query.set in wanted], {each.group for each in documents}
    )
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
