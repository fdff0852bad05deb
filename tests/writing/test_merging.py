"""Two people save the same text: what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.writing.merging import Conflict, Content, merge
from tests.thorough import examples

ENGLISH = """## What

Branches live for a day at most. Whoever keeps one longer says why.

## How

- Cut the work small.
- Merge every evening.
"""
CHINESE = "主干开发指所有人每天至少合并一次代码。分支不超过一天。超过的要说明原因。功能开关保护未完成的工作。\n"


def body(base: str, mine: str, theirs: str) -> tuple[str, tuple[Conflict, ...]]:
    merged = merge({"body": base}, {"body": mine}, {"body": theirs})
    return merged.content["body"], merged.conflicts


def test_changes_in_two_paragraphs_are_both_kept() -> None:
    mine = ENGLISH.replace("a day at most", "two days at most")
    theirs = ENGLISH.replace("every evening", "every noon").replace("- Merge", "- Test it.\n- Merge")
    merged, conflicts = body(ENGLISH, mine, theirs)
    assert merged == mine.replace("every evening", "every noon").replace("- Merge", "- Test it.\n- Merge")
    assert conflicts == ()


def test_changes_in_two_sentences_of_one_paragraph_are_both_kept() -> None:
    mine = ENGLISH.replace("a day at most", "two days at most")
    theirs = ENGLISH.replace("says why", "tells the team why")
    merged, conflicts = body(ENGLISH, mine, theirs)
    assert "Branches live for two days at most. Whoever keeps one longer tells the team why.\n" in merged
    assert conflicts == ()


def test_changes_in_two_sentences_of_one_chinese_paragraph_are_both_kept() -> None:
    mine = CHINESE.replace("不超过一天", "不超过两天")
    theirs = CHINESE.replace("要说明原因", "要向团队说明原因").replace("功能开关", "特性开关")
    merged, conflicts = body(CHINESE, mine, theirs)
    assert merged == mine.replace("要说明原因", "要向团队说明原因").replace("功能开关", "特性开关")
    assert conflicts == ()


def test_a_sentence_added_to_a_paragraph_does_not_touch_the_one_before() -> None:
    mine = ENGLISH.replace("says why.", "says why. Nobody is blamed.")
    theirs = ENGLISH.replace("says why.", "tells why.")
    merged, conflicts = body(ENGLISH, mine, theirs)
    assert "tells why. Nobody is blamed.\n" in merged
    assert conflicts == ()


def test_the_same_sentence_changed_twice_keeps_mine_and_hands_over_theirs() -> None:
    mine = CHINESE.replace("不超过一天", "不超过两天")
    theirs = CHINESE.replace("不超过一天", "不超过半天")
    merged, conflicts = body(CHINESE, mine, theirs)
    assert merged == mine
    assert conflicts == (Conflict("body", "分支不超过两天。", "分支不超过半天。", "分支不超过一天。"),)


def test_one_sentence_over_two_lines_is_not_mixed_of_two_hands() -> None:
    base = "Teams that merge\nevery day find their\nmistakes early.\n"
    mine, theirs = base.replace("Teams", "All teams"), base.replace("early", "late")
    merged, conflicts = body(base, mine, theirs)
    assert merged == mine
    assert [each.theirs for each in conflicts] == [theirs.rstrip()]


def test_the_same_change_made_twice_is_made_once() -> None:
    both = ENGLISH.replace("every evening", "every noon")
    assert body(ENGLISH, both, both) == (both, ())


def test_a_last_line_without_an_end_is_no_change() -> None:
    base = "One.\n\nTwo."
    merged, conflicts = body(base, base.replace("Two", "Second"), f"{base}\n\nThree.")
    assert (merged, conflicts) == ("One.\n\nSecond.\n\nThree.", ())


def test_a_title_is_one_thing() -> None:
    merged = merge({"title": "Trunk"}, {"title": "Trunk based"}, {"title": "Main line"})
    assert merged.content == {"title": "Trunk based"}
    assert merged.conflicts == (Conflict("title", "Trunk based", "Main line", "Trunk"),)


def test_of_a_field_that_one_changed_that_change_is_taken() -> None:
    base = {"title": "A", "level": 2, "time": None}
    merged = merge(base, {**base, "title": "B"}, {**base, "level": 3, "time": "a week"})
    assert (merged.content, merged.conflicts) == ({"title": "B", "level": 3, "time": "a week"}, ())


def test_words_are_a_set_with_an_order() -> None:
    merged = merge(
        {"tags": ["git", "ci", "old"]}, {"tags": ["git", "flow", "ci"]}, {"tags": ["git", "ci", "old", "dora"]}
    )
    assert merged.content == {"tags": ["git", "flow", "ci", "dora"]}
    assert merged.conflicts == ()


def test_words_put_into_another_order_stay_there() -> None:
    merged = merge({"tags": ["a", "b"]}, {"tags": ["a", "b", "c"]}, {"tags": ["b", "a"]})
    assert merged.content == {"tags": ["b", "c", "a"]}


LEAD = {"name": "Lead time", "before": 12, "after": 3, "unit": "days"}
RATE = {"name": "Failures", "before": 20, "after": 5, "unit": "%"}


def rows(*base: dict[str, Any], mine: Sequence[Any], theirs: Sequence[Any]) -> tuple[Any, tuple[Conflict, ...]]:
    merged = merge({"metrics": list(base)}, {"metrics": list(mine)}, {"metrics": list(theirs)})
    return merged.content["metrics"], merged.conflicts


def test_two_columns_of_a_row_are_both_kept_even_if_it_was_renamed() -> None:
    renamed = {**LEAD, "name": "Time to production"}
    merged, conflicts = rows(LEAD, RATE, mine=[renamed, RATE], theirs=[{**LEAD, "after": 2}, RATE])
    assert (merged, conflicts) == ([{**renamed, "after": 2}, RATE], ())


def test_one_figure_changed_twice_is_a_conflict_of_that_figure() -> None:
    merged, conflicts = rows(LEAD, mine=[{**LEAD, "after": 2}], theirs=[{**LEAD, "after": 1, "unit": "d"}])
    assert merged == [{**LEAD, "after": 2, "unit": "d"}]
    assert conflicts == (Conflict("metrics", 2, 1, 3, row="Lead time", column="after"),)


def test_rows_added_by_both_are_both_there() -> None:
    mine, theirs = {"name": "Builds", "after": 4}, {"name": "Deployments", "after": 9}
    assert rows(LEAD, mine=[LEAD, mine], theirs=[LEAD, theirs]) == ([LEAD, mine, theirs], ())


def test_a_row_that_one_took_out_and_the_other_changed_is_not_lost() -> None:
    changed = {**RATE, "after": 4}
    assert rows(LEAD, RATE, mine=[LEAD], theirs=[LEAD, changed]) == (
        [LEAD],
        (Conflict("metrics", None, changed, RATE, row="Failures"),),
    )
    assert rows(LEAD, RATE, mine=[LEAD, changed], theirs=[LEAD]) == (
        [LEAD, changed],
        (Conflict("metrics", changed, None, RATE, row="Failures"),),
    )


def test_a_row_that_one_took_out_and_nobody_changed_is_gone() -> None:
    assert rows(LEAD, RATE, mine=[{**LEAD, "after": 1}, RATE], theirs=[LEAD]) == ([{**LEAD, "after": 1}], ())


WORDS = st.sampled_from(["git", "ci", "cd", "flow", "dora", "测试", "发布"])
SENTENCES = st.sampled_from([
    "Small steps.", "Merge daily.", "Why not?", "分支很短。", "每天合并！", "- item", "# Head", "```", "    code", "a", ""
])  # fmt: skip
TEXTS = st.lists(st.lists(SENTENCES, max_size=4).map("".join), max_size=8).map("\n".join)
ROWS = st.fixed_dictionaries({"name": WORDS, "after": st.none() | st.integers(0, 3)})
CONTENTS = st.fixed_dictionaries(
    {},
    optional={
        "title": st.none() | WORDS,
        "body": TEXTS,
        "level": st.none() | st.integers(1, 3),
        "tags": st.lists(WORDS, max_size=4, unique=True),
        "metrics": st.lists(ROWS, max_size=4),
    },
)


@settings(max_examples=examples(300), deadline=None)
@given(base=CONTENTS, other=CONTENTS)
def test_what_one_changed_is_what_comes_out(base: Content, other: Content) -> None:
    for merged in (merge(base, other, base), merge(base, base, other), merge(base, other, other)):
        assert (merged.content, merged.conflicts) == (other, ())


@settings(max_examples=examples(300), deadline=None)
@given(base=CONTENTS, one=CONTENTS, two=CONTENTS)
def test_it_does_not_matter_whose_change_is_mine_but_for_what_both_changed(
    base: Content, one: Content, two: Content
) -> None:
    here, there = merge(base, one, two), merge(base, two, one)
    fields = {*here.content, *there.content} - {"tags", "metrics"}
    for field in fields:
        mine = [(each.mine, each.theirs) for each in here.conflicts if each.field == field]
        assert mine == [(each.theirs, each.mine) for each in there.conflicts if each.field == field]
        assert mine or here.content[field] == there.content[field]
    if not any(each.field == "tags" for each in here.conflicts):
        assert set(here.content.get("tags", ())) == set(there.content.get("tags", ()))


# Lines that can be told apart, each one sentence: what is inserted is then found again as it was.
@st.composite
def edits(draw: st.DrawFn) -> tuple[str, str, str]:
    lines = [f"Base line {number}." if number % 3 else "" for number in range(draw(st.integers(0, 9)))]

    def edited(name: str) -> str:
        kept = [line for line in lines if draw(st.integers(0, 3))]
        for number in range(draw(st.integers(0, 4))):
            kept.insert(draw(st.integers(0, len(kept))), f"{name} {number} 写了这一行。")
        return "\n".join(kept)

    return "\n".join(lines), edited("Mine"), edited("Theirs")


@settings(max_examples=examples(500), deadline=None)
@given(edits())
def test_nothing_that_anybody_wrote_is_lost(texts: tuple[str, str, str]) -> None:
    base, mine, theirs = texts
    merged, conflicts = body(base, mine, theirs)
    handed_over = "".join(each.theirs for each in conflicts)
    assert [line for line in mine.split("\n") if line.startswith("Mine") and line not in merged] == []
    assert [line for line in theirs.split("\n") if "Theirs" in line and line not in merged + handed_over] == []
    # What stands in the result was written by somebody, and what both left alone is still there.
    assert [line for line in merged.split("\n") if line and line not in base + mine + theirs] == []
    untouched = [line for line in base.split("\n") if line in mine and line in theirs]
    assert [line for line in untouched if line not in merged + handed_over] == []


@pytest.mark.slow
@pytest.mark.parametrize("line", ["a\n", "a. ", "字。", ".x", "- \n", "`"])
def test_texts_made_to_take_long_are_merged_within_the_budget(line: str) -> None:
    base = line * (400_000 // len(line))
    mine, theirs = f"x\n{base}", base[: len(base) // 2] + "y\nz" + base[len(base) // 3 :]
    merged, conflicts = body(base, mine, theirs)
    assert merged.startswith("x")
    assert "y\nz" in merged or any("y\nz" in each.theirs for each in conflicts)
