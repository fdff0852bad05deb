"""Working days, and whom the rule asks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.writing.review.rules import (
    Candidate,
    Fit,
    Nudge,
    add_working_days,
    choose,
    has_been_left_lying,
    nudge_for_review,
    working_days_between,
)

MONDAY = date(2026, 11, 16)
FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("start", "number", "end"),
    [
        (MONDAY, 0, MONDAY),
        (MONDAY, 4, FRIDAY),
        (MONDAY, 5, date(2026, 11, 23)),
        (FRIDAY, 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (MONDAY, 60, date(2027, 2, 8)),
    ],
)
def test_working_days_are_added(start: date, number: int, end: date) -> None:
    assert add_working_days(start, number) == end


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 200))
def test_days_that_are_added_can_be_counted(start: date, number: int) -> None:
    assert working_days_between(start, add_working_days(start, number)) == number
    assert working_days_between(start, start - timedelta(days=number)) == 0


def candidate(user_id: int, fit: Fit = Fit.EDITOR, opened: int = 0, asked: int | None = None) -> Candidate:
    at = datetime(2026, 11, asked, tzinfo=UTC) if asked else None
    return Candidate(user_id, f"P{user_id}", fit, opened, at)


@pytest.mark.parametrize(
    ("candidates", "chosen"),
    [
        ([], None),
        ([candidate(1), candidate(2, Fit.AREA), candidate(3, Fit.CAPABILITY, 9)], 3),
        ([candidate(1), candidate(2, Fit.AREA, 4)], 2),
        ([candidate(1, opened=2), candidate(2, opened=1)], 2),
        ([candidate(1, asked=5), candidate(2, asked=3)], 2),
        ([candidate(1, asked=5), candidate(2)], 2),
        ([candidate(2), candidate(1)], 1),
    ],
)
def test_whom_the_rule_asks(candidates: list[Candidate], chosen: int | None) -> None:
    found = choose(candidates)
    assert (found.user_id if found else None) == chosen


@pytest.mark.parametrize(
    ("today", "nudge"),
    [
        (date(2026, 11, 18), None),
        (date(2026, 11, 19), Nudge.DUE),
        (FRIDAY, Nudge.DUE),
        (date(2026, 11, 21), Nudge.OVERDUE),
        (date(2026, 11, 30), Nudge.OVERDUE),
    ],
)
def test_a_reviewer_is_reminded_a_day_before_and_when_it_is_overdue(today: date, nudge: Nudge | None) -> None:
    assert nudge_for_review(FRIDAY, today) is nudge


def test_before_a_weekend_the_day_before_monday_is_friday() -> None:
    assert nudge_for_review(date(2026, 11, 23), FRIDAY) is Nudge.DUE
    assert nudge_for_review(date(2026, 11, 23), date(2026, 11, 19)) is None


def test_after_three_working_days_editors_hear_of_it() -> None:
    assert not has_been_left_lying(FRIDAY, date(2026, 11, 24))
    assert has_been_left_lying(FRIDAY, date(2026, 11, 25))
