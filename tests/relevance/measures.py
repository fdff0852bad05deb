"""How good a ranking is. Documents are named as in `judged.yaml`; a name counts at its first rank only, so translations
of one document are one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from math import log2
from statistics import fmean

CUTOFF = 10
GOOD = 2

Grades = Mapping[str, int]


@dataclass(frozen=True)
class Quality:
    """Of one query, or the mean of several. All from 0 to 1; `mrr` and `success` ask for the first good document."""

    ndcg: float
    mrr: float
    success_1: float
    success_3: float

    @classmethod
    def mean(cls, several: Collection[Quality]) -> Quality:
        return cls(*(fmean(getattr(each, one.name) for each in several) for one in fields(cls)))


def quality(ranked: Iterable[str], grades: Grades) -> Quality:
    """Of the names in `ranked`, best first."""
    names = list(dict.fromkeys(ranked))[:CUTOFF]
    rank = next((rank for rank, name in enumerate(names, 1) if grades.get(name, 0) >= GOOD), 0)
    return Quality(ndcg(names, grades), 1 / rank if rank else 0.0, float(rank == 1), float(1 <= rank <= 3))


def ndcg(names: Sequence[str], grades: Grades) -> float:
    """Discounted cumulative gain of the first ten by that of the best possible order, with gains 2^grade - 1 (Burges et
    al., "Learning to rank using gradient descent", 2005).
    """
    best = _gain(sorted(grades.values(), reverse=True)[:CUTOFF])
    return _gain([grades.get(name, 0) for name in names[:CUTOFF]]) / best if best else 0.0


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / log2(rank + 1) for rank, grade in enumerate(grades, 1))
