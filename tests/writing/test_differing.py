"""What people are shown of the changes between two texts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.writing.aligning import STEPS, align
from app.writing.comparing import Shown, TableDifference, WordsDifference, differences
from app.writing.cutting import Shape, blocks, sentences, words
from app.writing.differing import MOST, Change, Difference, compare
from app.writing.kinds import Field
from app.writing.marking import Mark, Marked
from tests.thorough import examples

BEFORE = """## What

Branches live for a day at most, so that merging
stays boring. Whoever keeps one longer says why.

## Why

Long branches hide problems until the week of the release, when nobody has time.

- Cut the work small.
- Merge every evening.

## How

1. Agree on a limit.
2. Measure the age of branches.

```yaml
on: push
  branch: main
```

The last paragraph stays as it is.
"""


def told(difference: Difference) -> list[str]:
    """The rows that are not the same, as -removed- and +added+."""
    rows = [row for hunk in difference.hunks for row in hunk.rows if row.change is not Change.SAME]
    return [f"{row.change}: {said(row.marked)}" for row in rows]


def said(marked: tuple[Marked, ...]) -> str:
    signs = {Mark.SAME: "", Mark.REMOVED: "-", Mark.ADDED: "+"}
    return "".join(f"{signs[each.mark]}{each.text}{signs[each.mark]}" for each in marked)


def test_a_paragraph_that_was_only_wrapped_anew_is_the_same() -> None:
    after = BEFORE.replace("that merging\nstays", "that\nmerging stays")
    assert compare(BEFORE, after).hunks == ()


def test_chinese_lines_are_joined_without_a_space() -> None:
    assert compare("主干开发指所有人\n每天合并代码。", "主干开发指所有人每天合并代码。").hunks == ()


def test_english_is_compared_word_by_word() -> None:
    after = BEFORE.replace("a day at most", "two days at most").replace("every evening.", "every noon, and test it.")
    assert told(compare(BEFORE, after)) == [
        "changed: Branches live for -a day-+two days+ at most, so that merging stays boring. Whoever keeps one longer says why.",
        "changed: - Merge every -evening-+noon, and test it+.",
    ]


def test_chinese_is_compared_word_by_word() -> None:
    before = "主干开发指所有人每天至少合并一次代码。分支不超过一天。"
    after = "主干开发指全体开发人员每天至少合并一次代码。分支的寿命不超过两天。"
    assert told(compare(before, after)) == [
        "changed: 主干开发指-所有人-+全体开发人员+每天至少合并一次代码。分支+的寿命+不超过-一天-+两天+。"
    ]


def test_a_paragraph_elsewhere_has_moved() -> None:
    long = "Long branches hide problems until the week of the release, when nobody has time.\n\n"
    after = BEFORE.replace(long, "").replace("The last", f"{long}The last")
    assert told(compare(BEFORE, after)) == [f"moved-away: {long.strip()}", f"moved-here: {long.strip()}"]


def test_spaces_count_in_code_alone() -> None:
    after = BEFORE.replace("  branch: main", "    branch: main").replace("Agree on", "Agree  on")
    assert told(compare(BEFORE, after)) == ["changed: -  -+    +branch: main"]


def test_passages_with_nothing_in_common_are_read_one_after_the_other() -> None:
    before, after = "Short lived branches are good.", "We measure lead time in days and tell the board."
    assert told(compare(before, after)) == [f"changed: -{before}-+{after}+"]


def test_what_was_only_added_or_removed_is_said_to_be() -> None:
    after = BEFORE.replace("- Cut the work small.\n", "").replace("## How", "New here.\n\n## How")
    assert told(compare(BEFORE, after)) == ["removed: -- Cut the work small.-", "added: +New here.+"]


def test_unchanged_stretches_are_folded_and_counted() -> None:
    after = BEFORE.replace("limit", "bound")
    difference = compare(BEFORE, after)
    (hunk,) = difference.hunks
    assert [row.change for row in hunk.rows] == [Change.SAME, Change.CHANGED, Change.SAME]
    assert (hunk.skipped, hunk.heading, difference.skipped) == (6, "", 5)
    whole = compare(BEFORE, after, context=None)
    assert len(whole.hunks[0].rows) == 14


def test_a_change_is_shown_under_its_heading() -> None:
    after = BEFORE.replace("branch: main", "branch: trunk")
    assert [hunk.heading for hunk in compare(BEFORE, after).hunks] == ["How"]


def test_the_changed_words_are_counted_in_both_languages() -> None:
    difference = compare("We merge daily.\n\n分支不超过一天。", "We merge twice daily.\n\n分支不超过两天。")
    assert (difference.removed, difference.added) == (2, 3)


PIECES = st.sampled_from(["one", "two", " ", "\n", "\n\n", "。", "测试", "发布", "- ", "```\n", "# ", ".", "  "])
TEXTS = st.lists(PIECES, max_size=40).map("".join)


@settings(max_examples=examples(300), deadline=None)
@given(before=TEXTS, after=TEXTS)
def test_both_texts_can_be_read_from_the_difference(before: str, after: str) -> None:
    difference = compare(before, after, context=None)
    rows = [row for hunk in difference.hunks for row in hunk.rows]
    gone, come = {Change.REMOVED, Change.MOVED_AWAY}, {Change.ADDED, Change.MOVED_HERE}
    if rows:
        old = ["".join(each.text for each in row.left) for row in rows if row.change not in come]
        new = ["".join(each.text for each in row.right) for row in rows if row.change not in gone]
        assert [bare(text) for text in old] == shown_blocks(before)
        assert [bare(text) for text in new] == shown_blocks(after)
    else:
        assert shown_blocks(before) == shown_blocks(after)


def bare(text: str) -> str:
    """Without spaces, of which the difference shows the new ones."""
    return "".join(text.split())


def shown_blocks(text: str) -> list[str]:
    return [bare(piece.text) for piece in blocks(text) if piece.shape is not Shape.EMPTY]


@settings(max_examples=examples(300), deadline=None)
@given(TEXTS)
def test_nothing_is_lost_by_cutting(text: str) -> None:
    assert "".join(piece.source for piece in blocks(text)) == text
    assert "".join(piece.source for piece in sentences(text)) == text
    assert "".join(each.word + each.space for each in words(text)) == text


@settings(max_examples=examples(300), deadline=None)
@given(
    left=st.lists(st.integers(0, 4), max_size=30), right=st.lists(st.integers(0, 4), max_size=30), long=st.booleans()
)
def test_runs_are_equal_in_order_and_as_long_as_they_can_be(left: list[int], right: list[int], *, long: bool) -> None:
    runs = align(left, right, long=0 if long else 400)
    ends = [(run.left + run.length, run.right + run.length) for run in runs]
    assert all(left[run.left : end] == right[run.right : there] for run, (end, there) in zip(runs, ends, strict=True))
    starts = [(run.left, run.right) for run in runs]
    assert all(end <= start and there <= here for (end, there), (start, here) in zip(ends, starts[1:], strict=False))
    if left == right and left:
        assert [run.length for run in runs] == [len(left)]


class Counting(str):
    """A word that counts how often it is looked at."""

    __slots__ = ()
    looked = 0

    def __eq__(self, other: object) -> bool:
        Counting.looked += 1
        return str.__eq__(self, other)

    def __hash__(self) -> int:
        Counting.looked += 1
        return str.__hash__(self)


@pytest.mark.parametrize("pattern", ["ab", "abc", "aab", "abcdefghij" * 40, "的一是"])
@pytest.mark.parametrize("long", [0, 400])
def test_the_work_is_bounded(pattern: str, long: int) -> None:
    size = 20_000
    left = [Counting(pattern[number % len(pattern)]) for number in range(size)]
    right = [Counting(pattern[number * 7 % len(pattern)]) for number in range(size)]
    Counting.looked = 0
    align(left, right, long=long)
    assert Counting.looked < 12 * (STEPS + 2 * size)


@pytest.mark.slow
@pytest.mark.parametrize("pattern", ["字\n\n", "a ", ".", "。", "- x\n", "`", " ", "\n", "a。b. ", "```\n"])
def test_a_page_has_room_for_the_difference_of_any_two_texts(pattern: str) -> None:
    text = pattern * (100_000 // len(pattern))
    difference = compare(text[::-1], f"{text}x{text[:999]}")
    assert sum(len(hunk.rows) for hunk in difference.hunks) <= MOST


def fields(**values: object) -> list[Shown]:
    columns = {"name": "Metric", "before": "Before", "after": "After"}
    return [
        Field(name, name.title(), value, is_prose=name == "body", columns=columns if name == "metrics" else {})
        for name, value in values.items()
    ]


def test_each_field_is_compared_in_its_own_way() -> None:
    before = fields(title="Trunk first", level=2, tags=["git", "ci"], body="One.\n", time=None, owner="")
    after = fields(title="Trunk always", level=3, tags=["ci", "dora"], body="Two.\n", time="", owner=None)
    found = differences(before, after)
    assert [(each.sort, each.label) for each in found] == [
        ("value", "Title"),
        ("value", "Level"),
        ("words", "Tags"),
        ("text", "Body"),
    ]
    assert found[2] == WordsDifference("Tags", ("git",), ("dora",), is_reordered=False)


def test_what_one_version_does_not_know_is_empty_there() -> None:
    (found,) = differences(fields(title="A"), fields(title="A", time="a week"))
    assert said(found.marked) == "+a week+"  # type: ignore[union-attr]


def test_zero_is_not_nothing() -> None:
    (found,) = differences(fields(level=None), fields(level=0))
    assert said(found.marked) == "+0+"  # type: ignore[union-attr]


def test_words_in_another_order_are_said_to_be() -> None:
    (found,) = differences(fields(tags=["a", "b"]), fields(tags=["b", "a"]))
    assert found == WordsDifference("Tags", (), (), is_reordered=True)


def test_columns_that_nobody_filled_in_are_left_out() -> None:
    (found,) = differences(
        fields(metrics=[]), fields(metrics=[{"name": "Builds", "before": None, "after": 0, "unit": ""}])
    )
    assert isinstance(found, TableDifference)
    assert found.columns == ("Metric", "After")


def test_a_table_shows_row_by_row_what_changed() -> None:
    lead = {"name": "Lead time", "before": 12.0, "after": 3}
    before = fields(
        metrics=[lead, {"name": "Builds", "before": 1, "after": 2}, {"name": "Bugs", "before": 4, "after": 1}]
    )
    after = fields(
        metrics=[{**lead, "after": 2}, {"name": "Bugs", "before": 4, "after": 1}, {"name": "Tests", "before": 0}]
    )
    (found,) = differences(before, after)
    assert isinstance(found, TableDifference)
    assert found.columns == ("Metric", "Before", "After")
    assert [(row.change, [said(cell) for cell in row.cells]) for row in found.rows] == [
        (Change.CHANGED, ["Lead time", "12", "-3-+2+"]),
        (Change.REMOVED, ["-Builds-", "-1-", "-2-"]),
        (Change.SAME, ["Bugs", "4", "1"]),
        (Change.ADDED, ["+Tests+", "+0+", ""]),
    ]


@pytest.mark.slow
def test_blocks_without_a_word_are_not_all_compared_with_each_other() -> None:
    began = time.process_time()
    found = compare("~~~\n" * 50_000, "x" + "~~~\n" * 50_000 + "y")
    assert (found.left_out > 0, time.process_time() - began < 5) == (True, True)
