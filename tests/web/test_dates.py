"""Times in words, in the reader's zone and language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask, g

from app.web.dates import (
    ago_words,
    clock_time,
    day_words,
    iso,
    long_date,
    moment_words,
    own_zone_span,
    request_now,
    span_words,
)

# Monday, 16 November 2026, 10:00 in Shanghai: the moment of the fixture `clock`.
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("clock")


@contextmanager
def reader(app: Flask, language: str = "en", zone: str = "Asia/Shanghai") -> Iterator[None]:
    with app.app_context(), app.test_request_context(headers={"Accept-Language": language}):
        g.time_zone = zone
        yield


@pytest.mark.parametrize(
    ("hours", "english", "chinese"),
    [
        (0, "Today", "今天"),
        (13.9, "Today", "今天"),
        (14, "Tomorrow", "明天"),
        (38, "Wed, Nov 18", "11月18日周三"),
        (-10, "Today", "今天"),
        (-10.1, "Yesterday", "昨天"),
        (-34.1, "Sat, Nov 14", "11月14日周六"),
        (24 * 60, "Fri, Jan 15, 2027", "2027年1月15日周五"),
    ],
)
def test_days_are_said_as_people_say_them(app: Flask, hours: float, english: str, chinese: str) -> None:
    moment = NOW + timedelta(hours=hours)

    with reader(app):
        assert day_words(moment) == english
    with reader(app, "zh"):
        assert day_words(moment) == chinese


def test_the_day_is_the_readers_own(app: Flask) -> None:
    evening = datetime(2026, 11, 16, 16, 30, tzinfo=UTC)

    with reader(app, zone="Asia/Shanghai"):
        assert moment_words(evening) == "Tomorrow, 00:30"
    with reader(app, zone="Europe/Lisbon"):
        assert moment_words(evening) == "Today, 16:30"
    with reader(app, zone="Pacific/Kiritimati"):
        assert moment_words(evening) == "Tomorrow, 06:30"
    with reader(app, zone="America/Los_Angeles"):
        assert moment_words(evening) == "Tomorrow, 08:30"


def test_a_zone_given_is_the_zone_meant(app: Flask) -> None:
    with reader(app, zone="Asia/Shanghai"):
        assert clock_time(NOW) == "10:00"
        assert clock_time(NOW, "Europe/Lisbon") == "02:00"
        assert moment_words(NOW, "America/Los_Angeles") == "Today, 18:00"


def test_a_zone_that_is_no_longer_known_breaks_no_page(app: Flask) -> None:
    with reader(app, zone="Mars/Olympus"):
        assert moment_words(NOW) == "Today, 02:00"


def test_summer_and_winter_time_are_those_of_the_day(app: Flask) -> None:
    before, after = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)

    with reader(app, zone="Europe/Berlin"):
        assert [clock_time(before), clock_time(after)] == ["02:30", "02:30"]
        assert clock_time(after + timedelta(hours=1)) == "03:30"


@pytest.mark.parametrize(
    ("start", "minutes", "words"),
    [
        (NOW + timedelta(hours=28), 90, "Tomorrow, 14:00 to 15:30"),
        (NOW + timedelta(hours=12), 180, "Today, 22:00 to Tomorrow, 01:00"),
        (NOW + timedelta(hours=12), 120, "Today, 22:00 to Tomorrow, 00:00"),
    ],
)
def test_a_span_names_the_second_day_only_if_there_is_one(
    app: Flask, start: datetime, minutes: int, words: str
) -> None:
    with reader(app):
        assert span_words(start, start + timedelta(minutes=minutes)) == words


def test_the_other_zone_is_shown_where_clocks_there_differ(app: Flask) -> None:
    end = NOW + timedelta(hours=1)

    with reader(app, zone="Asia/Shanghai"):
        assert own_zone_span(NOW, end, "Asia/Singapore") is None
        assert own_zone_span(NOW, end, "Asia/Shanghai") is None
        assert own_zone_span(NOW, end, "America/New_York") == "Today, 21:00 to 22:00 in America/New York"


def test_dates_are_written_out(app: Flask) -> None:
    with reader(app):
        assert long_date(date(2026, 11, 16)) == "November 16, 2026"
        assert long_date(datetime(2026, 11, 16, 16, 30, tzinfo=UTC)) == "November 17, 2026"
    with reader(app, "zh"):
        assert long_date(date(2026, 11, 16)) == "2026年11月16日"


@pytest.mark.parametrize(
    ("delta", "english", "chinese"),
    [
        (timedelta(0), "1 second ago", "1秒钟前"),
        (timedelta(minutes=5), "1 second ago", "1秒钟前"),
        (timedelta(hours=-3), "3 hours ago", "3小时前"),
        (timedelta(days=-400), "1 year ago", "1年前"),
    ],
)
def test_how_long_ago(app: Flask, delta: timedelta, english: str, chinese: str) -> None:
    with reader(app):
        assert ago_words(NOW + delta) == english
    with reader(app, "zh"):
        assert ago_words(NOW + delta) == chinese


def test_a_request_has_one_now(app: Flask, clock: time_machine.Traveller) -> None:
    with reader(app):
        first = request_now()
        clock.shift(60)
        assert request_now() == first
    with reader(app):
        assert request_now() == first + timedelta(minutes=1)


def test_machines_get_iso() -> None:
    assert iso(NOW) == "2026-11-16T02:00:00+00:00"
    assert iso(date(2026, 11, 16)) == "2026-11-16"
