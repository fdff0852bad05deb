"""On which days a series takes place, and how times of one day are said of another."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import islice

import pytest

from app.kernel.clock import zone
from app.kernel.errors import InvalidInputError
from app.training.courses.retelling import on_day, retold
from app.training.courses.rules import MAX_DATES, Pattern, days_of, plan_series, read_days
from app.training.service import Details
from tests.factories.training import make_details

TUESDAY = date(2026, 12, 8)


def days(pattern: Pattern, first: date, number: int) -> list[str]:
    return [str(day) for day in islice(days_of(pattern, first), number)]


def clocks(details: Details) -> list[str]:
    """What the clocks of its zone show when it starts and ends."""
    there = zone(details.time_zone)
    return [f"{moment.astimezone(there):%Y-%m-%d %H:%M}" for pair in details.times for moment in pair]


def test_weekly_and_fortnightly() -> None:
    assert days(Pattern.WEEKLY, TUESDAY, 3) == ["2026-12-08", "2026-12-15", "2026-12-22"]
    assert days(Pattern.FORTNIGHTLY, TUESDAY, 3) == ["2026-12-08", "2026-12-22", "2027-01-05"]


def test_monthly_keeps_the_weekday_and_its_number() -> None:
    assert days(Pattern.MONTHLY, TUESDAY, 4) == ["2026-12-08", "2027-01-12", "2027-02-09", "2027-03-09"]
    assert days(Pattern.MONTHLY_LAST, date(2026, 11, 27), 4) == ["2026-11-27", "2026-12-25", "2027-01-29", "2027-02-26"]


def test_months_without_a_fifth_friday_are_named_and_have_no_date() -> None:
    plan = plan_series(Pattern.MONTHLY, date(2026, 10, 30), until=date(2027, 4, 30), count=None)
    assert [str(day) for day in plan.days] == ["2026-10-30", "2027-01-29", "2027-04-30"]
    assert [f"{month:%Y-%m}" for month in plan.without] == ["2026-11", "2026-12", "2027-02", "2027-03"]


def test_a_series_of_last_weekdays_begins_with_one() -> None:
    with pytest.raises(InvalidInputError, match="2026-11-27") as caught:
        plan_series(Pattern.MONTHLY_LAST, date(2026, 11, 20), until=None, count=3)
    assert caught.value.field == "starts_at"


def test_the_earlier_of_both_ends_counts_and_so_does_what_is_left_out() -> None:
    plan = plan_series(
        Pattern.WEEKLY, TUESDAY, until=date(2026, 12, 31), count=9, left_out=[date(2026, 12, 22), date(2026, 12, 23)]
    )
    assert [day.day for day in plan.days] == [8, 15, 22, 29]
    assert [day.day for day in plan.kept] == [8, 15, 29]
    assert plan.left_out == {date(2026, 12, 22)}
    assert len(plan_series(Pattern.WEEKLY, TUESDAY, until=date(2027, 12, 31), count=2).kept) == 2


@pytest.mark.parametrize(
    ("until", "count", "sentence", "field"),
    [
        (None, None, "until when", "until"),
        (None, MAX_DATES + 1, "at most 60 dates", "count"),
        (date(2099, 1, 1), None, "at most 60 dates", "until"),
        (date(2026, 12, 14), None, "fewer than two", "until"),
    ],
)
def test_a_series_has_an_end_and_a_size(until: date | None, count: int | None, sentence: str, field: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence) as caught:
        plan_series(Pattern.WEEKLY, TUESDAY, until=until, count=count)
    assert caught.value.field == field
    assert len(plan_series(Pattern.WEEKLY, TUESDAY, until=None, count=MAX_DATES).days) == MAX_DATES


def test_days_are_read_as_people_type_them() -> None:
    assert read_days("") == frozenset()
    typed = "2026-12-25, 2027-1-1；\n2026-12-28 to 2026-12-30\n2027-02-05至2027-02-06、2027-05-01 - 2027-05-01"
    assert sorted(map(str, read_days(typed))) == [
        *("2026-12-25", "2026-12-28", "2026-12-29", "2026-12-30"),
        *("2027-01-01", "2027-02-05", "2027-02-06", "2027-05-01"),
    ]


@pytest.mark.parametrize(
    "typed",
    ["Christmas", "2026-02-30", "25.12.2026", "2027-01-02 to 2027-01-01", "2026-01-01 to 2099-01-01", "2026-12-25x"],
)
def test_what_is_no_day_is_shown_back(typed: str) -> None:
    with pytest.raises(InvalidInputError, match="is no day") as caught:
        read_days(f"2026-12-25, {typed}")
    assert caught.value.field == "exceptions"


@pytest.mark.parametrize(
    ("zone_name", "first", "second", "hours"),
    [
        ("Europe/Berlin", date(2027, 3, 23), date(2027, 3, 30), (13, 12)),
        ("Europe/Berlin", date(2027, 10, 26), date(2027, 11, 2), (12, 13)),
        ("America/New_York", date(2027, 3, 9), date(2027, 3, 16), (19, 18)),
        ("America/New_York", date(2027, 11, 2), date(2027, 11, 9), (18, 19)),
        ("Asia/Shanghai", date(2027, 3, 23), date(2027, 3, 30), (6, 6)),
    ],
)
def test_a_series_stays_at_two_o_clock_when_the_clocks_change(
    zone_name: str, first: date, second: date, hours: tuple[int, int]
) -> None:
    starts_at = datetime(first.year, first.month, first.day, hours[0], tzinfo=UTC)
    closes_at = starts_at.replace(hour=hours[0] - 1)
    details = make_details(starts_at=starts_at, time_zone=zone_name, signup_closes_at=closes_at)
    moved = on_day(details, second)
    assert clocks(details) == [f"{first} 14:00", f"{first} 16:00"]
    assert clocks(moved) == [f"{second} 14:00", f"{second} 16:00"]
    assert (moved.starts_at.hour, moved.ends_at.hour) == (hours[1], hours[1] + 2)
    assert moved.signup_closes_at is not None
    assert moved.signup_closes_at.hour == hours[1] - 1


def test_a_time_that_no_clock_shows_on_that_day_is_refused() -> None:
    details = make_details(starts_at=datetime(2027, 3, 21, 1, 30, tzinfo=UTC), time_zone="Europe/Berlin")
    assert clocks(details)[0] == "2027-03-21 02:30"
    with pytest.raises(InvalidInputError, match="put forward"):
        on_day(details, date(2027, 3, 28))


def test_a_session_of_several_meetings_moves_as_a_whole() -> None:
    meetings = [
        (datetime(2027, 3, 23, 13, tzinfo=UTC), datetime(2027, 3, 23, 14, tzinfo=UTC)),
        (datetime(2027, 3, 30, 12, tzinfo=UTC), datetime(2027, 3, 30, 13, tzinfo=UTC)),
    ]
    details = make_details(
        starts_at=meetings[0][0], ends_at=meetings[1][1], meetings=meetings, time_zone="Europe/Berlin"
    )
    assert clocks(on_day(details, date(2027, 3, 30))) == [
        *("2027-03-30 14:00", "2027-03-30 15:00", "2027-04-06 14:00", "2027-04-06 15:00"),
    ]


def test_only_what_was_touched_is_said_of_the_others() -> None:
    before = make_details()
    other = make_details(starts_at=datetime(2026, 11, 28, 3, tzinfo=UTC), place="Room 7", title="Special")
    after = make_details(place="Room 9")
    assert retold(before, after, other) == make_details(
        starts_at=datetime(2026, 11, 28, 3, tzinfo=UTC), place="Room 9", title="Special"
    )
    later = make_details(starts_at=datetime(2026, 11, 21, 7, tzinfo=UTC))
    moved = retold(before, later, other)
    assert (clocks(later)[0], clocks(moved)[0]) == ("2026-11-21 15:00", "2026-11-29 15:00")
    assert (moved.place, moved.title) == ("Room 7", "Special")
    assert retold(before, before, other) == other


def test_a_sign_up_that_closes_earlier_closes_earlier_everywhere() -> None:
    before = make_details()
    after = make_details(signup_closes_at=datetime(2026, 11, 19, 10, tzinfo=UTC))
    other = make_details(starts_at=datetime(2026, 11, 27, 6, tzinfo=UTC))
    assert retold(before, after, other).signup_closes_at == datetime(2026, 11, 26, 10, tzinfo=UTC)
    assert retold(after, before, after).signup_closes_at is None
