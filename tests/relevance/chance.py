"""What of a difference between two engines could be chance: other queries of the same kind might have told otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

import numpy as np

SAMPLES = 10_000


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """Where the mean lies for 95 of a hundred draws of as many queries from these, with putting back (paired bootstrap).
    Zero between the two ends means that these queries do not tell which engine is better.
    """
    drawn = np.random.default_rng(0).choice(np.array(differences), (SAMPLES, len(differences)))
    low, high = np.percentile(drawn.mean(axis=1), (2.5, 97.5))
    return float(low), float(high)


def sign_test(better: int, worse: int) -> float:
    """How likely so uneven a number of wins is between two that are equally good; ties say nothing."""
    tosses = better + worse
    tail = sum(comb(tosses, wins) for wins in range(min(better, worse) + 1))
    return min(1.0, 2 * tail / 2**tosses)
