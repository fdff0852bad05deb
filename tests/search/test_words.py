"""The words beside a segment: whatever is looked up in the rows of bytes is what a list of strings would give."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from app.search.analysis import is_han
from app.search.index.words import Words, near
from app.search.sounds import readings
from tests.thorough import examples

LETTERS = st.text(alphabet="abcdeöя", min_size=1, max_size=9)
HAN = st.text(alphabet="部布署流水留线县", min_size=1, max_size=3)
VOCABULARIES = st.dictionaries(LETTERS | HAN, st.sets(st.integers(0, 20), min_size=1, max_size=4), max_size=25)


def make_words(folder: str, vocabulary: dict[str, set[int]]) -> Words:
    """All three fields have the same words."""
    terms = sorted(vocabulary)
    bounds = np.cumsum([0, *(len(vocabulary[term]) for term in terms)])
    documents = np.array([number for term in terms for number in sorted(vocabulary[term])], np.uint32)
    path = Path(folder, "MAIN_a.typed")
    Words.write(
        path, dict.fromkeys(("title", "sound", "word"), (terms, bounds, documents)), [("p", "1", "A\tB"), ("", "", "")]
    )
    return Words(path)


@settings(max_examples=examples(40), deadline=None)
@given(vocabulary=VOCABULARIES, prefix=LETTERS.map(lambda text: text[:2]) | HAN)
def test_what_begins_so(vocabulary: dict[str, set[int]], prefix: str) -> None:
    begin = {word: found for word, found in vocabulary.items() if word.startswith(prefix)}
    with tempfile.TemporaryDirectory() as folder:
        words = make_words(folder, vocabulary)
        for field in ("title", "sound"):
            assert words.beginning_with(field, prefix) == {word: len(found) for word, found in begin.items()}
            assert set(words.documents(field, prefix).tolist()) == {one for found in begin.values() for one in found}
        assert words.beginning_with("word", prefix) == {word: len(found) for word, found in begin.items()}
        assert [words.heading(number) for number in (0, 1)] == [("p", "1", "A\tB"), ("", "", "")]


@st.composite
def mistaken(draw: st.DrawFn) -> tuple[str, dict[str, set[int]]]:
    """A word, and words that are up to three mistakes away from it."""
    word = draw(st.text(alphabet="abcdeöя", min_size=4, max_size=9))
    vocabulary = draw(VOCABULARIES)
    for _other in range(draw(st.integers(5, 15))):
        other = word
        for _mistake in range(draw(st.integers(1, 3))):
            at, letter = draw(st.integers(0, len(other))), draw(st.sampled_from("abfghöя"))
            before, after = other[:at], other[at:]
            other = before + draw(
                st.sampled_from([after[1:], letter + after, letter + after[1:], after[1:2] + after[:1] + after[2:]])
            )
        if other:
            vocabulary[other] = {1}
    return word, vocabulary


@settings(max_examples=examples(60), deadline=None)
@given(mistaken())
def test_no_mistake_in_letters_is_overlooked(drawn: tuple[str, dict[str, set[int]]]) -> None:
    word, vocabulary = drawn
    most = 1 if len(word) < 7 else 2
    expected = {
        other: OSA.distance(word, other)
        for other in vocabulary
        if not is_han(other) and other[0] in word[:2] and OSA.distance(word, other) <= most
    }
    with tempfile.TemporaryDirectory() as folder:
        words = make_words(folder, vocabulary)
        assert near(word, (other.decode() for other in words.like(word))) == expected
        assert all(words.count("word", other) == len(documents) for other, documents in vocabulary.items())
        assert words.count("word", word + "x") == len(vocabulary.get(word + "x", ()))


@settings(max_examples=examples(40), deadline=None)
@given(vocabulary=VOCABULARIES, word=HAN)
def test_no_mistake_by_ear_is_overlooked(vocabulary: dict[str, set[int]], word: str) -> None:
    expected = {
        other: 0.0
        for other in vocabulary
        if len(other) > 1 and is_han(other) and not set(readings(other)).isdisjoint(readings(word))
    }
    with tempfile.TemporaryDirectory() as folder:
        like = make_words(folder, vocabulary).like(word)
        assert near(word, (other.decode() for other in like)) == expected
