"""What holds of every score, whatever the framework and the levels."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.maturity.scoring import Mark, area_scores, explain, staged_level, total

WEIGHTS = st.integers(0, 8)


@st.composite
def frameworks(draw: st.DrawFn) -> list[Mark]:
    areas = {name: draw(WEIGHTS) for name in draw(st.lists(st.sampled_from("abcd"), min_size=1, unique=True))}
    return [
        Mark(f"{area}{number}", area, draw(WEIGHTS), weight, draw(st.none() | st.integers(1, 5)))
        for area, weight in areas.items()
        for number in range(draw(st.integers(1, 4)))
    ]


def counted(marks: list[Mark]) -> list[int]:
    return [mark.level for mark in marks if mark.level is not None and mark.weight and mark.area_weight]


@given(frameworks())
def test_a_score_lies_between_the_lowest_and_the_highest_level(marks: list[Mark]) -> None:
    score, levels = total(marks), counted(marks)
    assert (score is None) == (not levels)
    if score is not None:
        assert min(levels) <= score <= max(levels)
        staged = staged_level(marks)
        assert staged is not None
        assert staged <= score


@given(frameworks(), st.data())
def test_a_higher_level_never_lowers_a_score(marks: list[Mark], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(marks) - 1))
    mark = marks[number]
    if mark.level is None or mark.level == 5:
        return
    better = [*marks[:number], replace(mark, level=mark.level + 1), *marks[number + 1 :]]
    for measure in (total, staged_level):
        before, after = measure(marks), measure(better)
        assert (before is None) == (after is None)
        assert before is None or after is None or after >= before
    before, after = total(marks), total(better)
    if before is not None and after is not None and mark.weight and mark.area_weight:
        assert after > before


@given(frameworks(), st.sampled_from([2, 3, 10, 0.5, 0.25]))
def test_only_the_proportion_of_weights_counts(marks: list[Mark], factor: float) -> None:
    heavier = [replace(mark, weight=mark.weight * factor, area_weight=mark.area_weight * factor) for mark in marks]
    assert area_scores(heavier) == area_scores(marks)
    assert total(heavier) == total(marks)
    one_area = [replace(mark, weight=mark.weight * factor) if mark.area == marks[0].area else mark for mark in marks]
    assert total(one_area) == total(marks)


@given(frameworks())
def test_the_order_means_nothing(marks: list[Mark]) -> None:
    assert total(marks[::-1]) == total(marks)
    assert area_scores(marks[::-1]) == area_scores(marks)


@given(frameworks())
def test_the_explanation_makes_the_score(marks: list[Mark]) -> None:
    explanation = explain(marks)
    parts = [each for area in explanation.areas for each in area.capabilities]
    assert [each.capability for each in parts] == [mark.capability for mark in marks]
    assert sum(each.adds for each in parts) == pytest.approx(explanation.total or 0)
    assert sum(area.adds for area in explanation.areas) == pytest.approx(explanation.total or 0)
    assert sum(each.share_of_all for each in parts) == pytest.approx(1 if counted(marks) else 0)
    for area in explanation.areas:
        assert sum(each.share for each in area.capabilities) == pytest.approx(0 if area.score is None else 1)


@given(frameworks())
def test_raising_what_holds_back_reaches_the_next_level(marks: list[Mark]) -> None:
    explanation = explain(marks)
    if explanation.next_level is None:
        assert explanation.held_by == []
        assert explanation.staged in {None, 5}
        return
    raised = [
        replace(mark, level=explanation.next_level) if mark.capability in explanation.held_by else mark
        for mark in marks
    ]
    assert staged_level(raised) == explanation.next_level
    # And nothing less does.
    for capability in explanation.held_by:
        kept = [mark if mark.capability != capability else marks[number] for number, mark in enumerate(raised)]
        assert staged_level(kept) == explanation.staged
