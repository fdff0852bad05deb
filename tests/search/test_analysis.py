"""How text becomes terms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.analysis import base_terms, fold, inner_terms, overlapping_words, sought_places, spans


def terms(text: str) -> list[str]:
    return list(base_terms(fold(text)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Deployments deployed DEPLOYING", ["deploy", "deploy", "deploy"]),
        ("C++ and C# v1.2 CI/CD node.js", ["c++", "c#", "v1.2", "ci/cd", "node.js"]),
        ("the team's own", ["team", "own"]),
        ("ＪＥＮＫＩＮＳ ｃｉ", ["jenkin", "ci"]),
        ("Tomás Müller", ["toma", "muller"]),
        ("自动部署流水线", ["自动", "部署", "流水线"]),
        ("Jenkins流水线的配置", ["jenkin", "流水线", "配置"]),
        ("2026-11-02", ["2026", "11", "02"]),
        ("... !? —— 。，", []),
        ("", []),
    ],
)
def test_words_are_folded_and_stemmed_and_chinese_is_cut(text: str, found: list[str]) -> None:
    assert terms(text) == found


def test_offsets_are_those_of_the_text() -> None:
    text = fold("Jenkins 流水线 runs")
    assert [text[start:end] for _term, start, end in spans(text)] == ["jenkins", "流水线", "runs"]


@pytest.mark.parametrize(
    ("term", "inner"),
    [
        ("ci/cd", {"ci", "cd"}),
        ("测试环境", {"测试", "环境"}),
        ("部署", set()),
        ("deploy", set()),
        ("straße", set()),
        ("c++", set()),
    ],
)
def test_words_inside_a_word(term: str, inner: set[str]) -> None:
    assert set(inner_terms(term)) == inner


def test_two_characters_that_the_dictionary_does_not_know_are_one_word() -> None:
    assert _sought("看板") == ["看板"]
    assert _sought("看板 jenkins") == ["看板", "jenkin"]
    assert "看板" in set(overlapping_words("把看板上线"))
    assert _sought("流水线") == ["流水线"]


@given(st.text())
def test_any_text_can_be_taken_apart(text: str) -> None:
    folded = fold(text)
    for term, start, end in spans(folded):
        assert term
        assert 0 <= start < end <= len(folded)
        inner_terms(term)
    _sought(folded)
    list(overlapping_words(folded))


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_folding_twice_changes_nothing_that_matters(text: str) -> None:
    assert terms(fold(text)) == terms(text)


def _sought(text: str) -> list[str]:
    return [term for term, _start, _end in sought_places(text)]
