"""The index against a search that anybody can check: random queries over random documents have equal answers."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.search.index import Question, SearchIndex
from app.search.index.asking import FEW
from app.search.query import parse
from app.search.sources import Document
from tests.thorough import examples

WORDS = ("alpha", "alpine", "beta", "gamma", "gamut", "delta", "流水线", "部署", "测试")
PIECES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from([f"-{word}" for word in WORDS]),
    st.sampled_from(["alp*", "gam*", "b*", "流水*", "zeta", "zeta*"]),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=2).map(lambda words: f'-"{" ".join(words)}"'),
)
PUBLIC = frozenset({"public"})
Parts = tuple[list[str], list[str]]


@pytest.fixture(scope="module")
def documents() -> dict[str, Parts]:
    """{key: words of the title, words of the text}."""
    chance = random.Random(20261116)
    return {
        str(number): (chance.choices(WORDS, k=chance.randint(0, 3)), chance.choices(WORDS, k=chance.randint(0, 12)))
        for number in range(80)
    }


@pytest.fixture(scope="module")
def index(documents: dict[str, Parts], tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    """Four segments, with documents written twice and others taken out."""
    made = [
        Document("even" if int(key) % 2 else "odd", key, " ".join(title), body=" ".join(body))
        for key, (title, body) in documents.items()
    ]
    index = SearchIndex(tmp_path_factory.mktemp("search"))
    with index.writing():
        index.rebuild([*made[:40], Document("odd", "out", " ".join(WORDS))])
        index.apply([*made[30:60], Document("odd", "out2", " ".join(WORDS))], ["odd:out"])
        index.apply(made[55:80], ["odd:out2"])
        index.apply(made[:3], [])
    return index


def plainly(documents: dict[str, Parts], pieces: list[str]) -> tuple[set[str], set[str]]:
    """The keys of the documents without anything that is excluded: those that have all of what is asked, and those that
    have some of it.
    """
    wanted = [_test(piece) for piece in pieces if not piece.startswith("-")]
    excluded = [_test(piece[1:]) for piece in pieces if piece.startswith("-")]
    allowed = {key: parts for key, parts in documents.items() if not any(test(parts) for test in excluded)}
    every = {key for key, parts in allowed.items() if all(test(parts) for test in wanted)}
    return every, {key for key, parts in allowed.items() if any(test(parts) for test in wanted)}


def _test(piece: str) -> Callable[[Parts], bool]:
    if piece.startswith('"'):
        phrase = piece.replace('"', " ")
        return lambda parts: any(phrase in f" {' '.join(part)} " for part in parts)
    if piece.endswith("*") and len(piece) > 2:
        return lambda parts: any(word.startswith(piece[:-1]) for part in parts for word in part)
    return lambda parts: any(piece.rstrip("*") in part for part in parts)


@settings(max_examples=examples(60), deadline=None)
@given(pieces=st.lists(PIECES, min_size=1, max_size=4))
def test_equal_answers(index: SearchIndex, documents: dict[str, Parts], pieces: list[str]) -> None:
    parsed = parse(" ".join(pieces))
    if parsed.is_empty:
        return
    answer = index.search(Question(parsed, PUBLIC, limit=100))
    every, some = plainly(documents, pieces)
    found = {hit.key for hit in answer.hits}
    if answer.loosened:
        assert len(every) < FEW
        assert every < found <= some
    else:
        assert found == every
    assert answer.total == answer.facets["kind"].total() == len(found)
    one_kind = index.search(Question(parsed, PUBLIC, {"kind": ["odd"]}, limit=3))
    assert one_kind.total == answer.facets["kind"]["odd"]
    assert len(one_kind.hits) == min(3, one_kind.total)
