"""When a reminder is of use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.training.reminders.rules import AHEAD, Lead, due_at, is_of_use

START = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
LONG_AGO = START - timedelta(days=90)
ALL = frozenset(Lead)


@pytest.mark.parametrize(
    ("lead", "chosen", "before", "expected"),
    [
        (Lead.DAY, {Lead.DAY}, timedelta(days=1), True),
        (Lead.DAY, {Lead.DAY}, timedelta(minutes=1), True),
        (Lead.DAY, {Lead.DAY}, timedelta(0), False),
        (Lead.DAY, {Lead.DAY}, -timedelta(minutes=1), False),
        (Lead.HOUR, {Lead.HOUR}, timedelta(minutes=59), True),
        (Lead.HOUR, {Lead.HOUR}, timedelta(0), False),
        (Lead.WEEK, ALL, timedelta(days=2), True),
        (Lead.WEEK, ALL, timedelta(hours=23), False),
        (Lead.DAY, ALL, timedelta(minutes=30), False),
        (Lead.DAY, {Lead.DAY, Lead.WEEK}, timedelta(minutes=30), True),
        (Lead.HOUR, ALL, timedelta(minutes=30), True),
    ],
)
def test_when(lead: Lead, chosen: frozenset[Lead], before: timedelta, expected: bool) -> None:
    assert is_of_use(lead, chosen, starts_at=START, seat_since=LONG_AGO, now=START - before) is expected


@pytest.mark.parametrize("lead", Lead)
def test_whoever_got_the_seat_after_it_was_due_has_just_been_told(lead: Lead) -> None:
    due = due_at(lead, START)
    tick = timedelta(seconds=1)
    told = [
        is_of_use(lead, {lead}, starts_at=START, seat_since=since, now=due + 2 * tick)
        for since in (due - tick, due, due + tick)
    ]
    assert told == [True, True, False]


@given(chosen=st.frozensets(st.sampled_from(Lead)), hours=st.integers(-24 * 8, 24 * 8))
def test_at_most_one_of_those_that_are_due_is_sent(chosen: frozenset[Lead], hours: int) -> None:
    now = START - timedelta(hours=hours)
    due = [lead for lead in chosen if due_at(lead, START) <= now]
    sent = [lead for lead in due if is_of_use(lead, chosen, starts_at=START, seat_since=LONG_AGO, now=now)]
    assert len(sent) == (1 if due and now < START else 0)
    assert all(AHEAD[lead] == min(AHEAD[each] for each in due) for lead in sent)
