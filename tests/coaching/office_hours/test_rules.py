"""Which times office hours offer: on the coach's own clocks, also when these are changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.coaching.office_hours.rules import (
    DAY,
    Exceptions,
    Span,
    first_clash,
    free_of_all,
    free_slots,
    may_still_change,
    moment_on,
    outside,
    slots_between,
    window_of,
)
from app.kernel.clock import zone

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC")


@dataclass(frozen=True)
class Hours:
    """Wednesdays from two to four in Shanghai, if nothing else is said."""

    id: int = 1
    weekday: int = 2
    starts: time = time(14)
    ends: time = time(16)
    time_zone: str = "Asia/Shanghai"
    slot_minutes: int = 30
    since: date = date(2026, 11, 1)
    until: date | None = None
    lead_hours: int = 0
    ahead_days: int = 28


def readings(hours: Hours, day: date, exceptions: Exceptions | None = None) -> list[str]:
    """What clocks of the coach show when the times of that day begin."""
    there = zone(hours.time_zone)
    start = moment_on(day, time(), hours.time_zone)
    return [
        f"{slot.starts_at.astimezone(there):%H:%M}"
        for slot in slots_between(hours, exceptions or {}, start, start + timedelta(hours=26))
        if slot.starts_at.astimezone(there).date() == day
    ]


def test_two_hours_are_four_times_of_half_an_hour() -> None:
    assert readings(Hours(), date(2026, 11, 18)) == ["14:00", "14:30", "15:00", "15:30"]
    assert readings(Hours(), date(2026, 11, 19)) == []


def test_what_does_not_fit_in_whole_is_not_offered() -> None:
    assert readings(Hours(slot_minutes=45), date(2026, 11, 18)) == ["14:00", "14:45"]


def test_hours_begin_with_their_first_day_and_end_with_their_last() -> None:
    hours = Hours(since=date(2026, 11, 18), until=date(2026, 11, 25))
    found = [slot.starts_at.date() for slot in slots_between(hours, {}, NOW - 30 * DAY, NOW + 60 * DAY)]
    assert sorted(set(found)) == [date(2026, 11, 18), date(2026, 11, 25)]


def test_an_exception_takes_the_day_away_or_gives_it_other_hours() -> None:
    day = date(2026, 11, 18)
    assert readings(Hours(), day, {(1, day): None}) == []
    assert readings(Hours(), day, {(1, day): (time(9), time(10))}) == ["09:00", "09:30"]
    assert readings(Hours(), day, {(2, day): None}) == ["14:00", "14:30", "15:00", "15:30"]


SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)  # Sundays on which clocks in Berlin are changed.


def berlin(starts: time, ends: time) -> Hours:
    return Hours(weekday=6, starts=starts, ends=ends, time_zone="Europe/Berlin", since=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("day", "starts", "ends", "shown"),
    [
        # 02:00 to 03:00 is never shown: three hours of clocks are two.
        (SPRING, time(1), time(4), ["01:00", "01:30", "03:00", "03:30"]),
        (SPRING, time(2, 15), time(3, 30), ["03:00"]),
        (SPRING, time(2), time(2, 45), []),
        # 02:00 to 03:00 is shown twice: two hours of clocks are three.
        (AUTUMN, time(1), time(3), ["01:00", "01:30", "02:00", "02:30", "02:00", "02:30"]),
        (AUTUMN, time(2), time(2, 30), ["02:00"]),
        # The day before and after nothing is special.
        (SPRING - 7 * DAY, time(1), time(4), ["01:00", "01:30", "02:00", "02:30", "03:00", "03:30"]),
        (AUTUMN + 7 * DAY, time(1), time(3), ["01:00", "01:30", "02:00", "02:30"]),
    ],
)
def test_when_clocks_are_changed_no_time_is_offered_that_they_do_not_show(
    day: date, starts: time, ends: time, shown: list[str]
) -> None:
    assert readings(berlin(starts, ends), day) == shown


def test_hours_stay_at_the_time_that_clocks_show_across_a_change() -> None:
    hours = Hours(weekday=0, starts=time(9), ends=time(9, 30), time_zone="Europe/Berlin", since=date(2026, 1, 1))
    found = [
        slot.starts_at
        for slot in slots_between(hours, {}, datetime(2026, 10, 19, tzinfo=UTC), datetime(2026, 10, 27, tzinfo=UTC))
    ]
    assert found == [datetime(2026, 10, 19, 7, tzinfo=UTC), datetime(2026, 10, 26, 8, tzinfo=UTC)]


def test_in_a_skipped_hour_the_moment_is_that_of_the_change() -> None:
    assert moment_on(SPRING, time(2, 30), "Europe/Berlin") == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert moment_on(AUTUMN, time(2, 30), "Europe/Berlin") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_lead_is_hours_as_they_pass_and_ahead_is_whole_days_of_the_coach() -> None:
    start, end = window_of(Hours(lead_hours=12, ahead_days=2), NOW)
    assert (start, end) == (NOW + timedelta(hours=12), datetime(2026, 11, 18, 16, tzinfo=UTC))
    early = Hours(lead_hours=53, ahead_days=2)
    assert [slot.starts_at.hour for slot in free_slots(early, {}, [], NOW)] == [7, 7]
    assert list(free_slots(Hours(ahead_days=1), {}, [], NOW)) == []


def test_what_is_booked_is_not_free_whatever_hours_it_was_booked_in() -> None:
    at = datetime(2026, 11, 18, 6, 15, tzinfo=UTC)
    free = list(free_slots(Hours(ahead_days=3), {}, [Span(at, at + timedelta(minutes=30))], NOW))
    assert [f"{slot.starts_at:%H:%M}" for slot in free] == ["07:00", "07:30"]


def test_of_hours_that_overlap_each_beginning_is_offered_once() -> None:
    twice = [Hours(ahead_days=3), Hours(id=2, ahead_days=3, slot_minutes=60)]
    assert [slot.hours_id for slot in free_of_all(twice, {}, [], NOW)] == [1, 1, 1, 1]


def test_hours_clash_also_across_zones_and_by_an_exception_alone() -> None:
    other = Hours(id=2, starts=time(7), ends=time(8), time_zone="Europe/Berlin")  # 14:00 to 15:00 in Shanghai in winter
    assert first_clash(Hours(), [other], {}, NOW) == other
    beside = Hours(id=2, starts=time(16), ends=time(18))
    assert first_clash(Hours(), [beside], {}, NOW) is None
    assert first_clash(Hours(), [beside], {(2, date(2026, 11, 25)): (time(15, 30), time(17))}, NOW) == beside


def test_a_booking_is_inside_of_any_hours_that_hold_it() -> None:
    at = datetime(2026, 11, 18, 6, 10, tzinfo=UTC)
    span = Span(at, at + timedelta(minutes=20))
    assert outside([span], [Hours()], {}) == []
    assert outside([span], [Hours(starts=time(14, 30))], {}) == [span]
    assert outside([span], [Hours()], {(1, date(2026, 11, 18)): None}) == [span]


def test_it_can_be_cancelled_until_the_very_hour() -> None:
    at = NOW + timedelta(hours=2)
    assert may_still_change(at, 2, NOW)
    assert not may_still_change(at, 2, NOW + timedelta(seconds=1))


def times(least: int = 0) -> Any:
    return st.builds(time, st.integers(least, 23), st.sampled_from([0, 15, 30, 45]))


HOURS = st.builds(
    Hours,
    weekday=st.integers(0, 6),
    starts=times(),
    ends=times(),
    time_zone=st.sampled_from(ZONES),
    slot_minutes=st.sampled_from([10, 15, 20, 30, 45, 60, 90]),
    since=st.dates(date(2026, 1, 1), date(2026, 12, 1)),
    lead_hours=st.integers(0, 100),
    ahead_days=st.integers(1, 180),
).filter(lambda hours: hours.starts < hours.ends)
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 2 * 366 * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes))
BUSY = st.lists(st.builds(lambda at, minutes: Span(at, at + timedelta(minutes=minutes)), MOMENTS, st.integers(10, 240)))


@given(HOURS, MOMENTS, BUSY)
def test_whatever_the_hours_free_times_keep_every_rule(hours: Hours, now: datetime, busy: list[Span]) -> None:
    there = zone(hours.time_zone)
    free = list(free_slots(hours, {}, busy, now))
    for slot in free:
        begins, ends = (moment.astimezone(there) for moment in (slot.starts_at, slot.ends_at))
        assert slot.ends_at - slot.starts_at == timedelta(minutes=hours.slot_minutes)
        assert begins.weekday() == hours.weekday
        assert begins.date() >= hours.since
        assert slot.starts_at >= now + timedelta(hours=hours.lead_hours)
        assert begins.date() <= now.astimezone(there).date() + hours.ahead_days * DAY
        assert begins.time() >= hours.starts
        # By the clocks it may end before it began, where these are put back meanwhile; never after the hours.
        assert slot.ends_at <= moment_on(begins.date(), hours.ends, hours.time_zone)
        assert ends.date() == begins.date()
        assert not any(slot.overlaps(other) for other in busy)
    assert all(one.ends_at <= other.starts_at for one, other in pairwise(free))


@given(HOURS, MOMENTS, st.integers(1, 300))
def test_asked_in_pieces_or_at_once_the_times_are_the_same(hours: Hours, start: datetime, days: int) -> None:
    end, middle = start + days * DAY, start + days * DAY / 3
    whole = list(slots_between(hours, {}, start, end))
    assert whole == [*slots_between(hours, {}, start, middle), *slots_between(hours, {}, middle, end)]
    assert all(slot.hours_id == hours.id for slot in whole)


@given(st.lists(HOURS, max_size=3), MOMENTS, BUSY, st.integers(1, 6))
def test_the_first_times_are_the_first_of_all(
    all_hours: list[Hours], now: datetime, busy: list[Span], most: int
) -> None:
    numbered = [replace(hours, id=number) for number, hours in enumerate(all_hours)]
    assert free_of_all(numbered, {}, busy, now, most=most) == free_of_all(numbered, {}, busy, now)[:most]
