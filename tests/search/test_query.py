"""What was typed, taken apart. Any input is a query."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.query import MAX_TERMS, Parsed, parse


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("Deployment pipeline", Parsed(words=["deploy", "pipelin"])),
        ("Jenkins 流水线", Parsed(words=["jenkin", "流水线"])),
        ('"trunk based" flow', Parsed(phrases=[["trunk", "base"]], words=["flow"])),
        ("“trunk based”", Parsed(phrases=[["trunk", "base"]])),
        ("「持续 集成」", Parsed(phrases=[["持续", "集成"]])),
        ("＂trunk based＂", Parsed(phrases=[["trunk", "base"]])),
        ("deploym*", Parsed(prefixes=["deploym"])),
        ("Deployment* tests", Parsed(prefixes=["deployment"], words=["test"])),
        ("trunk-bas*", Parsed(prefixes=["bas"], words=["trunk"])),
        ("部署流水*", Parsed(prefixes=["流水"], words=["部署"])),
        ("云*", Parsed(prefixes=["云"])),
        ("d*", Parsed(words=["d"])),
        ("*", Parsed()),
        ("test -unit", Parsed(words=["test"], excluded=[["unit"]])),
        ('test -"unit test"', Parsed(words=["test"], excluded=[["unit", "test"]])),
        ("-unit", Parsed(excluded=[["unit"]])),
        ("well-known", Parsed(words=["well", "known"])),
        ("看板", Parsed(words=["看板"])),
        ('"看板"', Parsed(phrases=[["看板"]])),
        ("the of", Parsed()),
        ('"', Parsed()),
        ('"open', Parsed(words=["open"])),
        ("", Parsed()),
    ],
)
def test_words_phrases_prefixes_exclusions(text: str, parsed: Parsed) -> None:
    assert parse(text) == parsed


def test_to_leave_something_out_is_not_yet_to_look_for_anything() -> None:
    assert parse("-unit").is_empty
    assert parse("").is_empty
    assert not parse("unit*").is_empty


def test_a_query_has_an_end() -> None:
    parsed = parse(" ".join(f"w{number}" for number in range(100)))
    assert len(parsed.words) == MAX_TERMS
    assert len(parse("词 " * 400).words) <= MAX_TERMS
    assert parse("x" * 10_000).words == ["x" * 256]


@given(st.text(max_size=300) | st.text(alphabet='ab"*-+ \t部署“”「」|&()', max_size=80))
def test_any_text_is_a_query(text: str) -> None:
    parsed = parse(text)
    found = [*parsed.terms, *parsed.prefixes, *(term for group in parsed.excluded for term in group)]
    assert all(found)
    assert len(found) <= MAX_TERMS
