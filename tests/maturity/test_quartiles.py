"""Quartiles, worked by hand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.maturity.quartiles import Quartiles, quartiles


def test_of_five_numbers_they_are_the_second_the_third_and_the_fourth() -> None:
    assert quartiles([5, 1, 3, 2, 4]) == Quartiles(2, 3, 4)


def test_between_two_numbers_they_are_read_off_the_line() -> None:
    # Places 0.75, 1.5 and 2.25 among 1, 2, 4, 8.
    assert quartiles([8, 1, 4, 2]) == Quartiles(1.75, 3, 5)


def test_of_nothing_there_are_none() -> None:
    assert quartiles([]) is None


@given(st.lists(st.integers(10, 50), min_size=1))
def test_a_quarter_is_at_most_at_the_lowest_and_a_quarter_at_least_at_the_highest(tenths: list[int]) -> None:
    numbers = [each / 10 for each in tenths]
    found = quartiles(numbers)
    assert found is not None
    assert min(numbers) <= found.low <= found.middle <= found.high <= max(numbers)
    assert sum(each <= found.low for each in numbers) * 4 >= len(numbers)
    assert sum(each >= found.high for each in numbers) * 4 >= len(numbers)
    assert sum(each <= found.middle for each in numbers) * 2 >= len(numbers)
