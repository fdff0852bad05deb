"""How well a document answers: BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009)
over the one ranked field. K1 is larger than the usual 1.2, because what it tames is not a count of words, but the sum of
their weights: once in the title is 8. B is smaller than the usual 0.75, because an article is not long for want of words:
some need a page more than others for the same subject.
"""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.scoring import BM25F

RANKED = "text"
K1, B = 8.0, 0.65


def inverse_frequency(size: int, count: int) -> float:
    """How much it tells that a document has a term which `count` of `size` documents have. Nearly nothing, if most have it;
    Whoosh's own formula gives even that half the weight of a rare one, by which questions in sentences drown in their verbs.
    """
    return log(1 + (size - count + 0.5) / (count + 0.5))


def best_first(key: npt.NDArray[Any], wanted: int, *others: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """The places of the `wanted` smallest keys, in order; of equal ones first what is less in the others, then what comes first.
    To sort everything for a page of ten would take most of its time.
    """
    near = np.flatnonzero(key <= np.partition(key, wanted)[wanted]) if wanted < len(key) else np.arange(len(key))
    order: npt.NDArray[np.int64] = near[np.lexsort((near, *(other[near] for other in others), key[near]))][:wanted]
    return order


class Weighting(BM25F):  # type: ignore[misc]
    """The same for Whoosh's searcher."""

    def __init__(self) -> None:
        super().__init__(B=B, K1=K1)

    def idf(self, searcher: Any, fieldname: str, text: str) -> float:
        everything = searcher.get_parent()
        return inverse_frequency(everything.doc_count_all(), everything.doc_frequency(fieldname, text))
