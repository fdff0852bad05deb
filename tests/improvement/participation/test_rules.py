"""How numbers add up over months, and that none of teams is below five, however a reader subtracts."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.improvement.participation.rules import (
    Count,
    Levels,
    Span,
    carry,
    count_different,
    count_teams,
    count_things,
    spread,
)
from app.training.reports.rules import Period

SPAN = Span(Period(date(2026, 1, 1), date(2026, 3, 1)), 2026)
MONTHS = st.sampled_from([date(2025 + number // 12, number % 12 + 1, 1) for number in range(24)])


def test_things_are_counted_in_their_months() -> None:
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 31), date(2026, 3, 5), date(2026, 4, 1)]
    assert count_things(days, SPAN) == Count(5, 4, 3, [2, 0, 1])


def test_whoever_comes_in_two_months_counts_once_in_the_sum() -> None:
    pairs = [("Lin", date(2025, 5, 1)), ("Lin", date(2026, 1, 2)), ("Lin", date(2026, 2, 2)), ("Bo", date(2026, 2, 3))]
    assert count_different(pairs, SPAN) == Count(2, 2, 2, [1, 2, 0])


def test_a_month_with_few_teams_waits_for_the_next() -> None:
    days = [date(2026, 1, 5)] * 3 + [date(2026, 2, 5)] * 2 + [date(2026, 3, 5)] * 4
    assert count_teams(days, SPAN) == Count(9, 5, 5, [0, 5, 0])


def test_fewer_than_five_teams_are_not_told() -> None:
    assert count_teams([date(2026, 1, 5)] * 4, SPAN) == Count(None, 0, 0, [0, 0, 0])


def test_no_team_is_none() -> None:
    assert count_teams([], SPAN) == Count(0, 0, 0, [0, 0, 0])


@given(st.lists(MONTHS, max_size=60), MONTHS, MONTHS)
def test_two_periods_never_differ_by_fewer_than_five_teams(days: list[date], first: date, last: date) -> None:
    counts: dict[date, int] = {}
    for day in days:
        counts[day] = counts.get(day, 0) + 1
    told = carry(counts)
    inside = sum(number for month, number in told.items() if first <= month <= last)
    assert inside == 0 or inside >= 5
    assert len(days) - sum(told.values()) < 5


def spread_of(*levels: int | None, strangers: int | None = None) -> Levels:
    """Of teams at these levels (None: nothing applies), of which the first `strangers` are not seen by name."""
    teams = range(len(levels))
    reached = {team: level for team, level in enumerate(levels) if level is not None}
    return spread(reached, teams, teams[:strangers])


def test_levels_are_spread_and_small_ones_hidden() -> None:
    levels = [1] * 3 + [2] * 9 + [3] * 6
    assert spread_of(*levels) == Levels(18, {1: None, 2: 9, 3: None, 4: 0, 5: 0})


def test_of_few_teams_no_level_is_told() -> None:
    assert spread_of(1, 2, 2, 3) == Levels(None, dict.fromkeys(range(1, 6)))


def test_of_no_team_every_level_is_none() -> None:
    assert spread_of() == Levels(0, dict.fromkeys(range(1, 6), 0))


def test_to_how_few_nothing_applies_is_not_had_by_subtraction() -> None:
    two_without: list[int | None] = [3] * 10 + [None] * 2
    assert spread_of(*two_without) == Levels(None, {1: 0, 2: 0, 3: None, 4: 0, 5: 0})
    six_without: list[int | None] = [3] * 10 + [None] * 6
    assert spread_of(*six_without) == Levels(10, {1: 0, 2: 0, 3: 10, 4: 0, 5: 0})


def test_teams_that_the_reader_knows_do_not_count_towards_the_five() -> None:
    levels = [2] * 6 + [4] * 4 + [4]
    assert spread_of(*levels) == Levels(11, {1: 0, 2: 6, 3: 0, 4: 5, 5: 0})
    assert spread_of(*levels, strangers=10) == Levels(11, {1: 0, 2: None, 3: 0, 4: None, 5: 0})


@given(st.lists(st.sampled_from([None, 1, 2, 3, 4, 5]), max_size=40))
def test_what_is_shown_of_levels_leaves_no_crowd_below_five(levels: list[int | None]) -> None:
    told = spread_of(*levels)
    left = len(levels) - sum(count or 0 for count in told.counts.values())
    if told.teams is not None:
        assert told.teams == 0 or told.teams >= 5
        without = len(levels) - told.teams
        assert without == 0 or without >= 5
        left -= without
    assert left == 0 or left >= 5 or len(levels) < 5
