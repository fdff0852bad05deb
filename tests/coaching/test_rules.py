"""The clock of a request, in working days on a coach's own clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.coaching.rules import DAYS_TO_ANSWER, answer_by, working_hours

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")


def there(day: int, hour: int, minute: int = 0, *, zone: ZoneInfo = SHANGHAI) -> datetime:
    """In November 2026, of which the 16th is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (there(16, 14), there(18, 14)),  # Monday to Wednesday
        (there(19, 9, 30), there(23, 9, 30)),  # Thursday over the weekend to Monday
        (there(20, 23, 59), there(24, 23, 59)),  # Friday night to Tuesday night
        (there(21, 11), there(25, 9)),  # Saturday counts as Monday at nine
        (there(22, 23), there(25, 9)),  # and so does Sunday
    ],
)
def test_two_working_days(start: datetime, due: datetime) -> None:
    assert answer_by(start, "Asia/Shanghai") == due


def test_the_days_are_those_of_the_coach() -> None:
    # Sunday evening in Berlin is Monday in Shanghai.
    moment = there(22, 22, zone=BERLIN)
    assert answer_by(moment, "Europe/Berlin") == there(25, 9, zone=BERLIN)
    assert answer_by(moment, "Asia/Shanghai") == there(25, 5)


def test_the_time_of_day_stays_when_the_clocks_change() -> None:
    # On Sunday, 29 March 2026, the clocks of Berlin go forward.
    friday = datetime(2026, 3, 27, 15, 0, tzinfo=BERLIN)
    assert answer_by(friday, "Europe/Berlin") == datetime(2026, 3, 31, 15, 0, tzinfo=BERLIN)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS, st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Pacific/Apia"]))
def test_a_coach_always_has_two_whole_working_days(moment: datetime, zone_name: str) -> None:
    due = answer_by(moment, zone_name)
    assert due.astimezone(ZoneInfo(zone_name)).weekday() < 5
    assert timedelta(hours=47) <= due - moment <= timedelta(days=DAYS_TO_ANSWER + 2, hours=10)
    # An hour may be lost or won where the clocks change.
    assert abs(working_hours(moment, due, zone_name) - 48) <= 9.01


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (there(16, 10), there(16, 15, 30), 5.5),
        (there(20, 22), there(23, 2), 4.0),
        (there(21, 10), there(22, 10), 0.0),
        (there(16, 0), there(23, 0), 120.0),
        (there(16, 12), there(16, 12), 0.0),
    ],
)
def test_weekends_do_not_count_as_hours(start: datetime, end: datetime, hours: float) -> None:
    assert working_hours(start, end, "Asia/Shanghai") == hours
