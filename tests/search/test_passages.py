"""The passage that shows why something was found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.passages import LENGTH, mark_all, passage
from app.search.query import parse


def shown(text: str, query: str) -> str:
    parsed = parse(query)
    return str(passage(text, parsed.terms, parsed.prefixes))


def marked(text: str, query: str) -> list[str]:
    return [piece.partition("</mark>")[0] for piece in shown(text, query).split("<mark>")[1:]]


def test_words_are_marked_as_they_are_found() -> None:
    assert (
        shown("We deploy; deployments fail.", "deployment") == "We <mark>deploy</mark>; <mark>deployments</mark> fail."
    )
    assert marked("把看板上线到生产环境", "看板") == ["看板"]
    assert marked("自动部署流水线", "流水线 部署") == ["部署", "流水线"]
    assert marked("生产环境的测试环境", "环境") == ["环境", "环境"]
    assert marked("Deploying and deployment", "deploym*") == ["deployment"]
    assert marked("CI/CD and ci", "ci") == ["CI/CD", "ci"]
    assert marked("Tomás", "tomas") == ["Tomás"]


def test_the_densest_place_is_shown() -> None:
    text = "alpha " + "filler words " * 60 + "alpha and beta together " + "filler words " * 60
    found = shown(text, "alpha beta")
    assert found.startswith("… ")
    assert found.endswith(" …")
    assert "<mark>alpha</mark> and <mark>beta</mark>" in found
    assert len(found) < LENGTH + 120


def test_without_a_match_the_beginning_is_shown() -> None:
    assert shown("First words. " * 40, "nothing").startswith("First words.")
    assert shown("", "nothing") == ""


def test_a_window_ends_at_words() -> None:
    found = shown("supercalifragilistic " * 40 + "needle " + "expialidocious " * 40, "needle")
    inside = found.strip("… ").replace("<mark>", "").replace("</mark>", "").split()
    assert set(inside) <= {"supercalifragilistic", "needle", "expialidocious"}


def test_what_is_shown_is_escaped() -> None:
    assert shown("<script>alert('deploy')</script>", "deploy") == (
        "&lt;script&gt;alert(&#39;<mark>deploy</mark>&#39;)&lt;/script&gt;"
    )
    assert str(mark_all("A & <deploy>", parse("deploy").terms)) == "A &amp; &lt;<mark>deploy</mark>&gt;"


def test_characters_that_grow_when_folded_do_not_shift_the_marks() -> None:
    assert marked("㎏ ﬁ İ deploy now", "deploy") == ["deploy"]
    assert str(mark_all("ﬁ deploy", ["deploy"])) == "ﬁ <mark>deploy</mark>"


@given(text=st.text(max_size=400), query=st.text(max_size=30))
def test_any_text_has_a_passage(text: str, query: str) -> None:
    found = shown(text, query)
    assert found.count("<mark>") == found.count("</mark>")
    assert "<" not in found.replace("<mark>", "").replace("</mark>", "")
    mark_all(text, parse(query).terms)


def test_a_text_is_shown_as_it_was_written_whatever_characters_it_has() -> None:
    assert passage("The Team … runs Jenkins：先部署。", ["jenkin", "部署"]) == (
        "The Team … runs <mark>Jenkins</mark>：先<mark>部署</mark>。"
    )


@pytest.mark.parametrize("separator", [".", "_", "/", "#"])
def test_a_long_chain_of_parts_is_read_once(separator: str) -> None:
    """At the cost of its length. At that of its square, the test would not come to an end."""
    text = "zzyzx " + f"a{separator}" * 29_000
    assert "<mark>zzyzx</mark>" in passage(text, ["zzyzx"])


def test_a_place_with_both_words_is_better_than_one_with_three_forms_of_one() -> None:
    text = f"Releases, released, releasing. {'Nothing here. ' * 30}A canary release. {'Nothing here. ' * 30}"
    assert "A <mark>canary</mark> <mark>release</mark>." in shown(text, "canary release")
