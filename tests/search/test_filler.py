"""Words that only make a question do not decide what answers it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.search.index import SearchIndex
from app.search.index.filler import without_filler
from app.search.sources import Document
from tests.search.test_index import ask, filled, found

LIBRARY = (
    Document("practice", "reviews", "Small reviews", "", "Somebody reads every change. Nobody waits for a release."),
    Document("practice", "rollback", "Rollback", "", "A release is taken back by one command."),
    Document("practice", "回退", "回退", "", "发布以后可以回退。", languages=["zh"]),
    Document("practice", "值班", "值班", "", "没有人愿意半夜起来，怎么办？", languages=["zh"]),
)


@pytest.fixture
def index(tmp_path: Path) -> SearchIndex:
    return filled(tmp_path / "search", *LIBRARY)


@pytest.mark.parametrize(
    ("text", "first", "missing"),
    [
        ("can nobody take a release back by one command", "rollback", ()),
        ("发布以后没有人愿意回退怎么办", "回退", ("人",)),
    ],
)
def test_a_question_is_answered_by_what_it_is_about(
    index: SearchIndex, text: str, first: str, missing: tuple[str, ...]
) -> None:
    hit = ask(index, text).hits[0]
    assert (hit.key, hit.missing) == (first, missing)


@pytest.mark.parametrize("text", ["nobody", "怎么办", "nobody release", '"nobody waits" release change'])
def test_whoever_asks_for_nothing_else_or_in_quotes_finds_them(index: SearchIndex, text: str) -> None:
    assert found(index, text) <= {"practice:reviews", "practice:值班", "practice:rollback"}
    assert ask(index, text).hits[0].key in {"reviews", "值班"}


def test_two_words_have_to_be_left() -> None:
    assert without_filler(["use", "case"]) == [0, 1]
    assert without_filler(["use", "case", "diagram"]) == [1, 2]
    assert without_filler([]) == []
