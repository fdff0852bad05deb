"""What stands on a poster, and whose turn it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.case_studies.exhibition.rules import (
    MOST_BYTES,
    SENTENCES,
    Stop,
    in_turn,
    parts_of,
    place_in,
    said_on,
    sentences_of,
    size_of,
)


def stop(slug: str, language: str = "en") -> Stop:
    return Stop(1, slug, language, "payments", "Payments", None)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", []),
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("From 4.5 to 1.2 days. Done.", ["From 4.5 to 1.2 days.", "Done."]),
        ("一句。两句！“三句？”四句", ["一句。", "两句！", "“三句？”四句"]),
        ("On two\nlines.  And spaces.", ["On two lines.", "And spaces."]),
        ("x" * 221 + ". Short.", ["Short."]),
    ],
)
def test_sentences_are_told_apart_in_both_languages(text: str, sentences: list[str]) -> None:
    assert sentences_of(text) == sentences


def test_what_the_summary_leaves_open_is_said_by_the_results() -> None:
    parts = {
        "results": "Numbers: Releases are weekly and by day now, all of them.",
        "approach": "Small! First we cut the long branches of the gateway.",
        "lessons": "We would begin with the tests, every single time.",
    }
    assert said_on("We release by day.", parts) == [
        "We release by day.",
        "Numbers: Releases are weekly and by day now, all of them.",
        "First we cut the long branches of the gateway.",
    ]
    assert said_on("One. Two. Three. Four.", parts) == ["One.", "Two.", "Three."]
    assert said_on("", {}) == []


@given(st.text(max_size=300), st.text(max_size=300))
def test_a_poster_is_never_too_full(summary: str, results: str) -> None:
    said = said_on(summary, {"results": results})
    assert len(said) <= SENTENCES
    assert len(said) < 2 or len("".join(said).encode()) <= MOST_BYTES


def test_the_parts_are_found_by_their_headings() -> None:
    text = "Before\nResults\nBetter.\nAnd quieter.\nLessons\nBegin."
    assert parts_of(text, {"results": "Results", "lessons": "Lessons"}) == {
        "results": "Better.\nAnd quieter.",
        "lessons": "Begin.",
    }


def test_the_round_has_no_end() -> None:
    stops = [stop("a"), stop("b"), stop("c")]
    place = place_in(stops, "c", "en")
    assert (place.before.slug, place.here.slug, place.after.slug, place.number, place.total) == ("b", "c", "a", 3, 3)
    assert place_in(stops, "a", "en").before.slug == "c"
    # What is not there any more, or not in this language, and the beginning.
    assert place_in(stops, "gone", "en").here.slug == "a"
    assert place_in(stops, "b", "zh").here.slug == "b"
    assert place_in(stops[:1], "a", "en").after.slug == "a"


def test_in_both_languages_a_story_follows_itself() -> None:
    english, chinese = [stop("a"), stop("b")], [stop("c", "zh"), stop("a", "zh")]
    assert [each.key for each in in_turn([english, chinese])] == [("a", "en"), ("a", "zh"), ("b", "en"), ("c", "zh")]


@pytest.mark.parametrize(
    ("figure", "size"), [("5", "l"), ("4.5", "l"), ("99.9", "m"), ("27,000", "s"), ("1,234,567", "xs")]
)
def test_a_longer_number_is_set_smaller(figure: str, size: str) -> None:
    assert size_of(figure) == size
