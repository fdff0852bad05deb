"""Days and months."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from app.training.models import TrainingSession
from app.training.months import Month, by_day, read_month
from tests.factories.training import NOW, make_coach, make_training

pytestmark = pytest.mark.usefixtures("clock")


def test_a_month_is_whole_weeks_from_monday() -> None:
    month = Month(date(2026, 11, 1))
    assert [week[0] for week in month.weeks] == [
        date(2026, 10, 26),
        *(date(2026, 11, day) for day in (2, 9, 16, 23, 30)),
    ]
    assert (month.previous.text, month.next.text, Month(date(2026, 12, 1)).next.text) == (
        "2026-10",
        "2026-12",
        "2027-01",
    )
    start, end = month.bounds("Asia/Shanghai")
    assert (start, end) == (datetime(2026, 10, 25, 16, 0, tzinfo=UTC), datetime(2026, 12, 6, 16, 0, tzinfo=UTC))


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "1999-01", "nonsense", "2026-1"])
def test_an_address_that_names_no_month_means_this_one(text: str) -> None:
    assert read_month(text, date(2026, 11, 16)) == Month(date(2026, 11, 1))
    assert read_month("2027-02", date(2026, 11, 16)) == Month(date(2027, 2, 1))


def test_a_session_stands_under_each_of_its_days_in_the_zone_of_the_reader() -> None:
    evening = TrainingSession(
        starts_at=datetime(2026, 11, 20, 14, 0, tzinfo=UTC), ends_at=datetime(2026, 11, 20, 16, 0, tzinfo=UTC)
    )
    assert list(by_day([evening], "Asia/Shanghai")) == [date(2026, 11, 20)]
    assert list(by_day([evening], "Asia/Tokyo")) == [date(2026, 11, 20), date(2026, 11, 21)]
    assert list(by_day([evening], "America/New_York")) == [date(2026, 11, 20)]


def test_the_month_is_a_table_with_a_way_back_and_forth(client: FlaskClient) -> None:
    make_training(slug="steps", title="Small steps")
    make_training(slug="next", title="Next month", starts_at=NOW + timedelta(days=40))
    page = client.get("/training/?view=month").text
    assert "November 2026" in page
    assert "Small steps" in page
    assert "Next month" not in page
    assert 'aria-current="date"' in page
    for link in ("month=2026-10", "month=2026-12"):
        assert link in page
    assert "Next month" in client.get("/training/?view=month&month=2026-12").text
    assert "Nothing in this month" in client.get("/training/?view=month&month=2027-05").text


def test_the_agenda_groups_by_day(client: FlaskClient) -> None:
    coach = make_coach()
    for number in range(2):
        make_training(coach, title=f"Friday {number}")
    make_training(coach, title="Saturday", starts_at=datetime(2026, 11, 20, 17, 0, tzinfo=UTC))
    page = client.get("/training/?view=agenda").text
    days = [part.split('"', 1)[0] for part in page.split('<section class="agenda-day" aria-labelledby="day-')[1:]]
    assert days == ["2026-11-20", "2026-11-21"]
    assert "Fri, Nov 20" in page
