"""How good the search is, beside others on the same documents. `python -m tests.bench.relevance` prints these tables alone."""

from __future__ import annotations

from tests.bench.tables import Results
from tests.relevance.chance import interval, sign_test
from tests.relevance.comparing import Comparison, compare
from tests.relevance.documents import CORPUS, load_all
from tests.relevance.engines import ENGINES, PRODUCT
from tests.relevance.judgements import GROUPS, SETS

RELEVANCE, AHEAD = "relevance", "relevance, ahead"
# Each set alone, then all queries together.
PARTS = {**{name: (name,) for name in SETS}, "all": SETS}


def measure_relevance(results: Results) -> None:
    documents = load_all()
    comparison = compare(documents)
    over = f"{len(documents)} documents{'' if CORPUS.is_dir() else ', without the corpus, which is not here'}"
    columns = ["set, group, engine", "queries", "nDCG@10", "MRR", "success@1", "success@3"]
    results.begin(RELEVANCE, columns, f"{over}; good is a grade of 2 or more")
    parts = [(part, group) for part, sets in PARTS.items() for group in GROUPS if comparison.among(group, sets)]
    for part, group in parts:
        _add_quality(results, comparison, part, group)
    columns = ["set, group, other engine", "nDCG@10", "from", "to", "better", "worse", "chance"]
    note = f"{PRODUCT} less the other; 95 % interval of a paired bootstrap; queries better and worse, sign test"
    results.begin(AHEAD, columns, note)
    for part, group in parts:
        _add_ahead(results, comparison, part, group)


def _add_quality(results: Results, comparison: Comparison, part: str, group: str) -> None:
    count = len(comparison.among(group, PARTS[part]))
    for engine in ENGINES:
        mean = comparison.quality(engine, group, PARTS[part])
        row = {"row": f"{part}, {group}, {engine}", "queries": count, "nDCG@10": _three(mean.ndcg)}
        figures = {"MRR": mean.mrr, "success@1": mean.success_1, "success@3": mean.success_3}
        results.add(RELEVANCE, {**row, **{name: _three(figure) for name, figure in figures.items()}})


def _add_ahead(results: Results, comparison: Comparison, part: str, group: str) -> None:
    for other in ENGINES:
        if other == PRODUCT:
            continue
        ahead = comparison.ahead(PRODUCT, other, group, PARTS[part])
        low, high = interval(ahead)
        better, worse = sum(each > 0 for each in ahead), sum(each < 0 for each in ahead)
        row = {"row": f"{part}, {group}, {other}", "nDCG@10": f"{sum(ahead) / len(ahead):+.3f}"}
        chance = {"from": f"{low:+.3f}", "to": f"{high:+.3f}", "better": better, "worse": worse}
        results.add(AHEAD, {**row, **chance, "chance": _three(sign_test(better, worse))})


def _three(figure: float) -> str:
    return f"{figure:.3f}"


if __name__ == "__main__":
    measure_relevance(Results())
