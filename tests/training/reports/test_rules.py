"""Periods, sums, and what tells too much."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import InvalidInputError
from app.training.reports.rules import FEW, Period, Tally, add_up, check_period, merge_few, usual_period


def test_a_period_is_whole_months_in_the_readers_zone() -> None:
    period = Period(date(2025, 12, 1), date(2026, 2, 1))
    assert period.months == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert period.bounds("Asia/Shanghai") == (
        datetime(2025, 11, 30, 16, tzinfo=UTC),
        datetime(2026, 2, 28, 16, tzinfo=UTC),
    )


def test_usually_it_is_the_last_twelve_months() -> None:
    assert usual_period(date(2026, 11, 16)) == Period(date(2025, 12, 1), date(2026, 11, 1))
    assert len(usual_period(date(2024, 2, 29)).months) == 12


def test_months_the_wrong_way_round_and_too_many_are_refused() -> None:
    with pytest.raises(InvalidInputError) as error:
        check_period(date(2026, 2, 1), date(2026, 1, 1))
    assert error.value.field == "until"
    with pytest.raises(InvalidInputError) as error:
        check_period(date(2021, 11, 1), date(2026, 11, 1))
    assert error.value.field == "since"
    assert len(check_period(date(2021, 12, 1), date(2026, 11, 1)).months) == 60


def test_sums_and_shares() -> None:
    total = add_up([Tally(1, 4, 4, 1, 2, 1, 1), Tally(1, 6, 3, 0, 1, 0, 0)])
    assert total == Tally(2, 10, 7, 1, 3, 1, 1)
    assert (total.noted, total.unknown, total.filled_share, total.attended_share) == (5, 2, 0.7, 0.6)
    assert (Tally().filled_share, Tally().attended_share, add_up([])) == (None, None, Tally())


def of(*people: int) -> Tally:
    """One seat for each."""
    return Tally(None, None, filled=len(people), people=frozenset(people))


def test_rows_of_few_people_are_taken_together() -> None:
    rows = [("A", of(*range(10))), ("B", of(1, 2)), ("C", of(11, 12, 13)), ("D", Tally(None, None, people=frozenset()))]
    merged = merge_few(rows)
    assert [key for key, _tally in merged.rows] == ["A"]
    assert (merged.others, merged.merged) == (add_up([of(1, 2), of(11, 12, 13)]), 2)


def test_where_they_are_too_few_together_the_smallest_other_row_joins_them() -> None:
    rows = [("A", of(*range(10))), ("B", of(*range(6))), ("C", of(1))]
    merged = merge_few(rows)
    assert [key for key, _tally in merged.rows] == ["A"]
    assert merged.others is not None
    assert (merged.others.filled, merged.others.people, merged.merged) == (7, frozenset(range(6)), 2)


def test_the_same_few_people_in_several_rows_are_still_few() -> None:
    merged = merge_few([("A", of(1, 2, 3)), ("B", of(1, 2, 3)), ("C", of(2, 3))])
    assert (list(merged.rows), merged.others, merged.merged) == ([], None, 0)


@given(st.lists(st.frozensets(st.integers(1, 12), max_size=9), max_size=8))
def test_no_row_ever_tells_of_fewer_than_five_people(groups: list[frozenset[int]]) -> None:
    rows = [(number, of(*people)) for number, people in enumerate(groups)]
    merged = merge_few(rows)
    shown = [tally for _key, tally in merged.rows] + ([merged.others] if merged.others else [])
    assert all(len(tally.people or ()) >= FEW for tally in shown)
    total = sum(tally.filled for _key, tally in rows)
    assert sum(tally.filled for tally in shown) in {0, total}
