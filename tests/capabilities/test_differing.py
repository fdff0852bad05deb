"""What is different between two versions, and what an assessment has to know of it. Pure."""

from __future__ import annotations

import copy
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.capabilities import editing
from app.capabilities.checking import check
from app.capabilities.differing import differences
from app.capabilities.documents import Move, moves
from app.capabilities.needing import find_circle
from app.capabilities.versions import with_former_slugs
from app.capabilities.word_marks import mark_words
from app.kernel.errors import NotFoundError

WORDS = {"name": {"en": "x"}, "summary": {"en": "x"}}


def framework(**areas: str) -> dict[str, Any]:
    """`framework(one="a b", two="c")`, whose capabilities have levels."""
    levels = {str(number): {"en": f"level {number}"} for number in range(1, 6)}
    given = {
        **WORDS,
        "slug": "small",
        "areas": [
            {
                **WORDS,
                "slug": area,
                "capabilities": [
                    {**WORDS, "slug": slug, "name": {"en": slug.upper()}, "levels": levels} for slug in slugs.split()
                ],
            }
            for area, slugs in areas.items()
        ],
    }
    checked = check(given)
    assert checked.problems == []
    return checked.document


def say(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str, str, list[str]]]:
    return [
        (each.kind, each.what, each.slug, [f"{field.field}{field.number or ''}" for field in each.fields])
        for each in differences(old, new)
    ]


OLD = framework(one="a b", two="c")


def changed(old: str, into: str, **fields: Any) -> dict[str, Any]:
    item = editing.find_capability(OLD, old)[1]
    return with_former_slugs(editing.put_capability(OLD, old, into, {**item, **fields}, ("a", "b", "c")), OLD)


def test_the_same_has_no_differences_and_moves_nothing() -> None:
    assert differences(OLD, copy.deepcopy(OLD)) == []
    assert moves(OLD, OLD).by_slug == {"a": Move("a"), "b": Move("b"), "c": Move("c")}
    assert (moves(OLD, OLD).added, moves(OLD, OLD).gone) == ((), ())


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (framework(one="a b", two="c d"), [("capability", "added", "d", [])]),
        (framework(one="a", two="c"), [("capability", "removed", "b", [])]),
        (framework(one="a b", two="c", three=""), [("area", "added", "three", [])]),
        (framework(one="b a", two="c"), [("area", "changed", "one", ["order"])]),
        (framework(two="c", one="a b"), [("framework", "changed", "", ["order"])]),
        (framework(one="a", two="b c"), [("capability", "changed", "b", ["area"])]),
        (changed("a", "one", slug="z"), [("capability", "changed", "z", ["slug"])]),
        (changed("a", "two", slug="z", weight=2.0), [("capability", "changed", "z", ["slug", "weight", "area"])]),
        (changed("a", "one", name={"en": "A", "zh": "甲"}), [("capability", "changed", "a", ["name"])]),
        (changed("a", "one", needs=["c"]), [("capability", "changed", "a", ["needs"])]),
        (changed("a", "one", levels={}), [("capability", "changed", "a", [f"level{n}" for n in range(1, 6)])]),
        ({**OLD, "version": "2", "official": True}, [("framework", "changed", "", ["version", "official"])]),
    ],
)
def test_each_sort_of_change_is_told(new: dict[str, Any], said: list[tuple[str, str, str, list[str]]]) -> None:
    assert say(OLD, new) == said


def test_what_moved_and_was_renamed_is_marked() -> None:
    (difference,) = differences(OLD, changed("a", "two", slug="z"))
    assert (difference.is_renamed, difference.is_moved) == (True, True)


def test_a_rename_is_told_once_and_not_of_everything_that_names_it() -> None:
    old = editing.put_capability(OLD, "c", "two", {**editing.find_capability(OLD, "c")[1], "needs": ["a"]}, ())
    item = {**editing.find_capability(old, "a")[1], "slug": "z"}
    new = with_former_slugs(editing.put_capability(old, "a", "one", item, ("a",)), old)
    assert editing.find_capability(new, "c")[1]["needs"] == ["z"]
    assert say(old, new) == [("capability", "changed", "z", ["slug"])]
    area = {**editing.find_area(old, "one"), "slug": "uno"}
    new = with_former_slugs(editing.put_area(old, "one", area, ("one",)), old)
    assert say(old, new) == [("area", "changed", "uno", ["slug"])]


def test_what_an_assessment_has_to_know() -> None:
    levels = {**editing.find_capability(OLD, "a")[1]["levels"], "3": {"en": "better"}}
    new = editing.remove_capability(changed("a", "two", slug="z", levels=levels), "b")
    new = editing.put_capability(new, None, "one", {**editing.find_capability(OLD, "c")[1], "slug": "n"}, ())
    found = moves(OLD, new)
    assert found.by_slug == {"a": Move("z", has_other_levels=True), "b": Move(None), "c": Move("c")}
    assert (found.added, found.gone) == (("n",), ("b",))
    assert [move.is_changed for move in found.by_slug.values()] == [True, False, False]
    assert moves(OLD, changed("c", "two", summary={"en": "y"})).by_slug["c"] == Move("c", has_other_words=True)


def test_versions_in_between_may_be_left_out() -> None:
    second = changed("a", "one", slug="y")
    item = {**editing.find_capability(second, "y")[1], "slug": "z", "was": []}
    third = with_former_slugs(editing.put_capability(second, "y", "one", item, ("y",)), second)
    assert moves(OLD, third).by_slug["a"] == Move("z")
    assert moves(second, third).by_slug["y"] == Move("z")


def test_a_former_slug_takes_nothing_from_whoever_has_it_still() -> None:
    """A new capability that takes the place of two has one answer, not two."""
    new = framework(one="b", two="c")
    editing.find_capability(new, "c")[1]["was"] = ["a", "b"]
    assert moves(OLD, new).by_slug == {"a": Move(None), "b": Move("b"), "c": Move("c")}


slugs = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(old=slugs, new=slugs)
def test_every_capability_goes_somewhere_or_is_gone_and_none_gets_two(old: list[str], new: list[str]) -> None:
    found = moves(framework(one=" ".join(old)), framework(one=" ".join(new)))
    assert set(found.by_slug) == set(old)
    goes_to = [move.slug for move in found.by_slug.values() if move.slug]
    assert sorted([*goes_to, *found.added]) == sorted(new)


@given(before=st.text(max_size=80), after=st.text(max_size=80))
def test_marks_are_both_texts_to_the_letter(before: str, after: str) -> None:
    marks = mark_words(before, after)
    assert "".join(text for how, text in marks if how != "new") == before
    assert "".join(text for how, text in marks if how != "gone") == after


def test_marks_go_by_words_and_by_characters() -> None:
    assert mark_words("tests run daily", "tests run hourly") == [
        ("same", "tests run "),
        ("gone", "daily"),
        ("new", "hourly"),
    ]
    assert mark_words("每天集成", "每时集成") == [("same", "每"), ("gone", "天"), ("new", "时"), ("same", "集成")]
    began = time.perf_counter()
    mark_words("a b " * 2000, "b a " * 2000)
    mark_words("甲乙" * 350, "乙甲" * 350)
    assert time.perf_counter() - began < 3


def test_circles() -> None:
    needs = {"a": ["b"], "b": ["c"], "c": [], "d": ["b"]}
    assert find_circle(needs) == []
    assert find_circle({str(number): [str(number + 1)] for number in range(50_000)}) == []
    circle = find_circle(needs | {"c": ["a"]})
    assert (len(circle), circle[0]) == (4, circle[-1])


def test_steps_leave_the_document_they_began_from() -> None:
    before = copy.deepcopy(OLD)
    editing.remove_area(OLD, "one")
    editing.move_capability(OLD, "a", 1)
    editing.move_area(OLD, "one", 1)
    changed("a", "two", slug="z")
    assert before == OLD
    assert [each["slug"] for each in editing.move_capability(OLD, "a", -1)["areas"][0]["capabilities"]] == ["a", "b"]


@pytest.mark.parametrize(
    "step",
    [
        lambda: editing.move_area(OLD, "x", 1),
        lambda: editing.remove_capability(OLD, "x"),
        lambda: editing.find_capability(OLD, "x"),
        lambda: editing.put_capability(OLD, "x", "one", {}, ()),
    ],
)
def test_what_somebody_else_took_out_is_not_found(step: Any) -> None:
    with pytest.raises(NotFoundError):
        step()
