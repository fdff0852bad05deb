"""Search finds what we think is right, and no worse than what else could have been taken."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.relevance.chance import interval, sign_test
from tests.relevance.comparing import Comparison, compare
from tests.relevance.documents import CORPUS, load_all
from tests.relevance.engines import FTS5, PRODUCT, WHOOSH
from tests.relevance.judgements import GROUPS, SETS, judged_queries
from tests.relevance.measures import Quality, quality

pytestmark = pytest.mark.slow

# nDCG@10 on all queries, a little less than it is: over our own content alone, and with the corpus.
FLOORS_CONTENT = {"english": 0.83, "chinese": 0.91, "sentences": 0.79, "across": 0.0}
FLOORS_ALL = {"english": 0.80, "chinese": 0.85, "sentences": 0.71, "across": 0.53}

FEW = 10
HAS_CORPUS = CORPUS.is_dir()


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(load_all())


def test_the_first_good_document_and_the_order_count() -> None:
    grades = {"a": 3, "b": 2, "c": 1}
    assert quality(["a", "b", "c"], grades) == Quality(1.0, 1.0, 1.0, 1.0)
    twice = quality(["x", "x", "c", "a"], grades)
    assert (round(twice.ndcg, 3), twice.mrr, twice.success_1, twice.success_3) == (0.44, 1 / 3, 0.0, 1.0)
    late = quality(["c", "x", "y", "b"], grades)
    assert (round(late.ndcg, 3), late.mrr, late.success_1, late.success_3) == (0.244, 0.25, 0.0, 0.0)
    assert quality([], grades) == Quality(0.0, 0.0, 0.0, 0.0)


def test_the_judged_queries_are_in_order() -> None:
    queries = judged_queries()
    assert len(queries) >= 350
    assert max(Counter(query.text for query in queries).values()) == 1
    assert {query.group for query in queries} == set(GROUPS)
    assert {query.set for query in queries} == set(SETS)
    assert {grade for query in queries for grade in query.grades.values()} == {1, 2, 3}
    assert [query.text for query in queries if 3 not in query.grades.values()] == []
    for group in GROUPS:
        sets = Counter(query.set for query in queries if query.group == group)
        assert 0.3 <= sets["aside"] / (sets["tune"] + sets["aside"]) <= 0.37, group
        assert sets["held_out"] >= 25


def test_every_judged_document_is_there() -> None:
    judged = {name for query in judged_queries() for name in query.grades}
    if not HAS_CORPUS:
        judged = {name for name in judged if not name.startswith("corpus/")}
    assert judged - {document.group for document in load_all()} == set()


def test_chance_is_told_from_a_difference() -> None:
    low, high = interval([0.1, 0.2] * 30)
    assert 0.1 < low < 0.15 < high < 0.2
    low, high = interval([0.3, -0.3] * 10)
    assert low < 0 < high
    assert interval([0.1, -0.2, 0.4]) == interval([0.1, -0.2, 0.4])
    assert round(sign_test(8, 2), 3) == round(sign_test(2, 8), 3) == 0.109
    assert sign_test(5, 5) == sign_test(0, 0) == 1.0


@pytest.mark.parametrize("group", GROUPS)
def test_it_is_as_good_as_it_was(comparison: Comparison, group: str) -> None:
    _skip_if_few(comparison, group)
    floors = FLOORS_ALL if HAS_CORPUS else FLOORS_CONTENT
    assert comparison.quality(PRODUCT, group).ndcg >= floors[group]


@pytest.mark.parametrize("baseline", [FTS5, WHOOSH])
@pytest.mark.parametrize("group", GROUPS)
def test_it_is_ahead_of_what_else_there_is(comparison: Comparison, group: str, baseline: str) -> None:
    _skip_if_few(comparison, group)
    assert comparison.quality(PRODUCT, group).ndcg > comparison.quality(baseline, group).ndcg


def _skip_if_few(comparison: Comparison, group: str) -> None:
    """Most queries across languages are about the corpus: what is in both languages is found in either."""
    if len(comparison.among(group)) < FEW:
        pytest.skip("too few of these queries can be answered without the corpus")
