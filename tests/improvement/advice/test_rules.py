"""The order of gaps: total, stable, and every number in a reason true."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.improvement.advice.rules import (
    FOR_UNDER_WAY,
    Known,
    points_for_date,
    rank,
    relative_weights,
)

TODAY = date(2026, 11, 16)
SLUGS = [f"capability-{number}" for number in range(8)]


def known(slug: str, level: int | None, **given_: Any) -> Known:
    values: dict[str, Any] = {"slug": slug, "position": 0, "area": "one", **given_}
    return Known(level=level, **values)


@st.composite
def teams(draw: st.DrawFn) -> list[Known]:
    slugs = draw(st.lists(st.sampled_from(SLUGS), min_size=1, unique=True))
    levels = st.none() | st.integers(1, 5)
    return [
        Known(
            slug=slug,
            position=draw(st.integers(0, 3)),
            level=draw(levels),
            area=draw(st.sampled_from(["one", "two"])),
            weight=draw(st.sampled_from([0.0, 0.5, 1.0, 3.0])),
            area_weight=2.0,
            needs=draw(st.lists(st.sampled_from([*SLUGS, "of-another-time"]), max_size=3)),
            target=draw(levels),
            due_on=draw(st.none() | st.dates(TODAY - timedelta(60), TODAY + timedelta(200))),
            is_under_way=draw(st.booleans()),
        )
        for slug in slugs
    ]


@given(teams(), st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_of_what_is_known(team: list[Known], chance: Any) -> None:
    shuffled = list(team)
    chance.shuffle(shuffled)
    assert rank(shuffled, TODAY) == rank(team, TODAY)


@given(teams())
def test_what_is_a_gap_is_there_once_and_nothing_else_is(team: list[Known]) -> None:
    gaps = {gap.slug: gap for gap in rank(team, TODAY)}
    assert len(gaps) == len(rank(team, TODAY))
    for each in team:
        wanted = each.target or min((each.level or 5) + 1, 5)
        assert (each.slug in gaps) == (each.level is not None and wanted > each.level)


@given(teams())
def test_every_number_of_a_gap_is_true(team: list[Known]) -> None:
    by_slug = {each.slug: each for each in team}
    gaps = {gap.slug: gap for gap in rank(team, TODAY)}
    for gap in gaps.values():
        mine = by_slug[gap.slug]
        assert gap.level == mine.level
        assert gap.target == (mine.target if gap.is_chosen else gap.level + 1)
        assert gap.points.levels == gap.target - gap.level > 0
        assert gap.points.blocking == min(len(set(gap.blocks)), 3)
        assert len(set(gap.blocks)) == len(gap.blocks)
        assert gap.slug not in gap.blocks
        for slug in gap.blocks:
            assert gaps[slug].target > gap.level
            assert gap.slug in reached_by_needs(slug, {each: by_slug[each] for each in gaps})
        parts = gap.points
        assert parts.total == parts.levels * parts.weight + sum(
            (parts.blocking, parts.due, parts.chosen, parts.under_way)
        )
        assert parts.total == parts.total.quantize(Decimal("0.01"))


def reached_by_needs(slug: str, gaps: dict[str, Known]) -> set[str]:
    """What it needs, said in another way than the rule does: again and again, until nothing is added."""
    found = {need for need in gaps[slug].needs if need in gaps}
    while more := {need for each in found for need in gaps[each].needs if need in gaps} - found:
        found |= more
    return found


@given(teams())
def test_points_fall_and_of_equal_ones_the_lower_level_comes_first(team: list[Known]) -> None:
    for one, other in pairwise(rank(team, TODAY)):
        assert (-one.points.total, one.level, one.position, one.slug) < (
            -other.points.total,
            other.level,
            other.position,
            other.slug,
        )


@given(teams())
def test_weights_are_shares_of_the_score(team: list[Known]) -> None:
    weights = relative_weights(team)
    counted = [each for each in team if each.level is not None]
    assert set(weights) == {each.slug for each in team}
    assert all(weights[each.slug] == 0 for each in team if each.level is None)
    if any(each.weight for each in counted):
        assert abs(sum(weights.values(), Decimal(0)) - len(counted)) <= Decimal("0.005") * len(counted)


def test_needs_that_go_round_in_circles_come_to_an_end() -> None:
    one, two = known("one", 1, needs=["two"]), known("two", 1, position=1, needs=["one", "two"])
    assert [(gap.slug, gap.blocks) for gap in rank([one, two], TODAY)] == [("one", ("two",)), ("two", ("one",))]


def test_what_somebody_works_on_comes_later() -> None:
    one, two = known("one", 1, is_under_way=True), known("two", 1, position=1)
    assert [gap.slug for gap in rank([one, two], TODAY)] == ["two", "one"]
    assert rank([one], TODAY)[0].points.under_way == FOR_UNDER_WAY


def test_at_level_five_nothing_is_proposed() -> None:
    assert rank([known("one", 5)], TODAY) == []


def test_a_day_counts_for_a_target_that_was_chosen_alone() -> None:
    assert rank([known("one", 1, due_on=TODAY)], TODAY)[0].points.due == 0
    assert rank([known("one", 1, target=2, due_on=TODAY)], TODAY)[0].points.due == 2


def test_points_for_a_day_at_its_edges() -> None:
    days = {number: points_for_date(TODAY + timedelta(days=number), TODAY) for number in (-400, 0, 30, 31, 90, 91)}
    assert days == {-400: 2, 0: 2, 30: 2, 31: 1, 90: 1, 91: 0}
    assert points_for_date(None, TODAY) == 0
