"""Numbers over few teams are hidden, and cannot be had by subtraction."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.maturity.hiding import LEAST, does_tell, hide_small

GROUPS = st.dictionaries(st.integers(1, 8), st.integers(0, 20), max_size=8)


def test_large_groups_are_shown() -> None:
    assert hide_small({"one": 5, "two": 30}) == set()


def test_nothing_is_no_number_over_teams() -> None:
    assert hide_small({"one": 0, "two": 8, "three": 0}) == set()


def test_a_small_group_takes_the_next_smallest_with_it() -> None:
    assert hide_small({"one": 3, "two": 12, "three": 7}) == {"one", "three"}


def test_small_groups_that_are_few_together_take_the_next_smallest_with_them() -> None:
    assert hide_small({"one": 1, "two": 2, "three": 7, "four": 9}) == {"one", "two", "three"}


def test_small_groups_that_are_enough_together_hide_nothing_else() -> None:
    assert hide_small({"one": 4, "two": 3, "three": 7}) == {"one", "two"}


def test_a_small_total_hides_even_where_there_is_none() -> None:
    assert hide_small({"one": 4, "two": 0}) == {"one", "two"}


def test_a_part_is_shown_where_the_rest_is_none_or_many() -> None:
    assert [does_tell(part, 12) for part in (0, 4, 5, 7, 8, 11, 12)] == [True, False, True, True, False, False, True]


@given(GROUPS)
def test_no_small_number_is_shown_or_follows_from_the_total(groups: dict[int, int]) -> None:
    hidden = hide_small(groups)
    shown = {key: count for key, count in groups.items() if key not in hidden}
    assert all(count == 0 or count >= LEAST for count in shown.values())
    rest = sum(groups.values()) - sum(shown.values())
    # Whoever subtracts learns nothing, or a sum of several groups over enough teams; a total below the least is not shown.
    assert rest == 0 or rest >= LEAST or not shown
    assert not (shown and len([key for key in hidden if groups[key]]) == 1)


@given(GROUPS)
def test_nothing_is_hidden_without_need(groups: dict[int, int]) -> None:
    if all(count == 0 or count >= LEAST for count in groups.values()) and any(groups.values()):
        assert hide_small(groups) == set()
