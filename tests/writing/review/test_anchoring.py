"""A remark stays on its passage, or says that the passage is another by now."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.kernel.markup import render
from app.writing.review.anchoring import GONE, Anchor, Passage, State, anchor
from app.writing.review.marking import Range, Reading, mark, read, squeeze
from app.writing.review.rules import MAX_CONTEXT
from tests.thorough import examples

TEXT = "Keep branches short. Merge every day, at least once. Delete them at once."
MERGE = Passage("Merge every day", prefix="Keep branches short. ", suffix=", at least once.", place=0.3)


def there(text: str, passage: Passage) -> tuple[State, str]:
    found = anchor(text, passage)
    return found.state, text[found.start : found.end]


@pytest.mark.parametrize(
    ("text", "state", "words"),
    [
        (TEXT, State.SAME, "Merge every day"),
        ("Before all else: talk. " + TEXT, State.SAME, "Merge every day"),
        (TEXT.replace("Keep branches short", "Make them tiny"), State.SAME, "Merge every day"),
        ("Something else. Merge every day! And rest.", State.MOVED, "Merge every day"),
        (TEXT.replace("Merge every day", "Merge twice a day"), State.CHANGED, "Merge twice a day"),
        (TEXT.replace("Merge every day, at", "Merge on every day: at"), State.CHANGED, None),
        ("Nothing of the kind is said here.", State.GONE, ""),
        ("", State.GONE, ""),
    ],
)
def test_where_it_is_by_now(text: str, state: State, words: str | None) -> None:
    found = there(text, MERGE)
    assert found[0] is state
    assert words is None or found[1] == words


def test_of_the_same_words_in_two_places_the_right_ones_are_found() -> None:
    text = "First: test it. Then: build. Last: test it. Done."
    passage = Passage("test it", prefix="Last: ", suffix=". Done.", place=0.75)
    assert anchor(text, passage).start == text.rindex("test it")
    assert anchor("And more. " + text, passage).start == 10 + text.rindex("test it")


def test_chinese_is_found_as_well() -> None:
    passage = Passage("每天至少合并一次", prefix="分支要短。", suffix="，合并后立即删除。", place=0.2)
    assert there("分支要短。每天至少合并一次，合并后立即删除。", passage) == (State.SAME, "每天至少合并一次")
    state, words = there("先说一句。分支要短。每天至少要合并一次，合并后立即删除。", passage)
    assert (state, words) == (State.CHANGED, "每天至少要合并一次")


words = st.text(st.sampled_from("abcdefg 甲乙丙丁。.,"), min_size=0, max_size=60)


@settings(max_examples=examples(300), deadline=None)
@given(
    before=words, quote=words.filter(lambda text: len(text.strip()) > 0), after=words, new_before=words, new_after=words
)
def test_what_changes_elsewhere_never_loses_the_passage(
    before: str, quote: str, after: str, new_before: str, new_after: str
) -> None:
    passage = Passage(
        quote, before[-MAX_CONTEXT:], after[:MAX_CONTEXT], len(before) / max(1, len(before + quote + after))
    )
    text = new_before + quote + new_after
    found = anchor(text, passage)
    assert found.state in {State.SAME, State.MOVED}
    assert text[found.start : found.end] == quote


@settings(max_examples=examples(300), deadline=None)
@given(quote=words, prefix=words, suffix=words, text=words, place=st.floats(0, 1))
def test_the_place_is_the_words_or_is_declared_another(
    quote: str, prefix: str, suffix: str, text: str, place: float
) -> None:
    found = anchor(text, Passage(quote, prefix, suffix, place))
    if found.state in {State.SAME, State.MOVED}:
        assert text[found.start : found.end] == quote
    elif found.state is State.CHANGED:
        assert 0 <= found.start < found.end <= len(text)
    else:
        assert found == GONE


@settings(max_examples=examples(200), deadline=None)
@given(before=words, quote=words.filter(lambda text: len(text.strip()) > 0), after=words)
def test_in_the_version_itself_the_passage_is_where_it_was(before: str, quote: str, after: str) -> None:
    text = before + quote + after
    passage = Passage(quote, before[-MAX_CONTEXT:], after[:MAX_CONTEXT], len(before) / len(text))
    found = anchor(text, passage)
    assert text[found.start : found.end] == quote
    if quote not in (before + after) and text.count(quote) == 1:
        assert found == Anchor(State.SAME, len(before), len(before + quote))


@pytest.mark.parametrize("sign", ["a", "ab ", "中"])
def test_no_text_takes_long(sign: str) -> None:
    text = sign * (400_000 // len(sign))
    started = time.process_time()
    anchor(text, Passage("b" + sign * (900 // len(sign)) + "c", "x" * 64, "y" * 64, 0.5))
    assert time.process_time() - started < 1.0


MARKDOWN = """## Merging

Merge *every* day, at
least `once & for all`.

- One item with a [link](https://example.com)
- Another <b>item</b>

| a | b |
|---|---|
| x < y | two |

```python
def merge():
    return "code"
```
"""


def test_html_is_read_as_a_person_reads_it() -> None:
    reading = read(render(MARKDOWN).html)
    assert reading.text == (
        "Merging Merge every day, at least once & for all. One item with a link Another item a b x < y two "
        'def merge(): return "code"'
    )
    assert [reading.text[start:end] for start, end in reading.blocks] == [
        "Merging",
        "Merge every day, at least once & for all.",
        "One item with a link",
        "Another item",
        "a",
        "b",
        "x < y",
        "two",
        'def merge(): return "code"',
    ]


def test_without_anything_to_mark_the_html_stays_what_it_was() -> None:
    html = render(MARKDOWN).html
    assert mark(read(html), []) == html.replace("&quot;", '"')


def test_a_passage_is_marked_across_other_marks() -> None:
    reading = read("<p>Merge <em>every</em> day.</p><p>Rest &amp; play.</p>")
    html = mark(reading, [Range(6, 15, "7"), Range(12, 21, "8")])
    assert html == (
        '<p>Merge <em><span id="passage-7"></span><mark class="passage" data-passages="7">every</mark></em>'
        ' <span id="passage-8"></span>'
        '<mark class="passage" data-passages="7 8">day</mark><mark class="passage" data-passages="8">.</mark></p>'
        '<p><mark class="passage" data-passages="8">Rest</mark> &amp; play.</p>'
    )


@settings(max_examples=examples(120), deadline=None)
@given(st.text(max_size=200), st.integers(0, 200), st.integers(0, 200))
def test_marking_changes_no_word_and_opens_nothing(source: str, start: int, length: int) -> None:
    html = render(MARKDOWN + source).html
    reading = read(html)
    marked = mark(reading, [Range(start, start + length, "1"), Range(start // 2, start + length // 2, "2")])
    assert read(marked).text == reading.text
    assert tags(read(marked)) == tags(reading)


def tags(reading: Reading) -> list[str]:
    return [
        source for is_text, source in reading.parts if not is_text and "passage" not in source and source not in ENDS
    ]


ENDS = {"</mark>", "</span>"}


def test_a_selection_in_a_browser_is_found_whatever_its_white_space() -> None:
    reading = read(render(MARKDOWN).html)
    assert squeeze("least once & for all.\n\n\tOne   item") in reading.text
