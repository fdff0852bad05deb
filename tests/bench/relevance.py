"""How good the search is, beside others on the same documents. `python -m tests.bench.relevance` prints this table alone."""

from __future__ import annotations

import os

from tests.bench.tables import Results
from tests.relevance.comparing import compare
from tests.relevance.documents import CORPUS, load_all
from tests.relevance.engines import ENGINES
from tests.relevance.judgements import GROUPS

RELEVANCE = "relevance"
# The queries put aside are to be looked at once: with RELEVANCE_ASIDE=1.
ASIDE = "RELEVANCE_ASIDE"


def measure_relevance(results: Results) -> None:
    sets = ("tune", "aside") if os.environ.get(ASIDE) == "1" else ("tune",)
    documents = load_all()
    comparison = compare(documents, sets)
    over = f"{len(documents)} documents{'' if CORPUS.is_dir() else ', without the corpus, which is not here'}"
    columns = ("set, group, engine", "queries", "nDCG@10", "MRR", "success@1", "success@3")
    results.begin(RELEVANCE, columns, f"{over}; good is a grade of 2 or more")
    for of_set in sets:
        for group in GROUPS:
            count = sum((query.set, query.group) == (of_set, group) for query in comparison.queries)
            for engine in ENGINES:
                mean = comparison.quality(engine, group, of_set)
                row = {"row": f"{of_set}, {group}, {engine}", "queries": count, "nDCG@10": _three(mean.ndcg)}
                figures = {"MRR": mean.mrr, "success@1": mean.success_1, "success@3": mean.success_3}
                results.add(RELEVANCE, {**row, **{name: _three(figure) for name, figure in figures.items()}})


def _three(figure: float) -> str:
    return f"{figure:.3f}"


if __name__ == "__main__":
    measure_relevance(Results())
