"""The pages of office hours ask the database as often for thirty coaches as for eight."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.accounts.rules import Role
from app.web.stored import MAX_BYTES, Store
from tests.factories.coaches import make_coach
from tests.factories.frameworks import make_framework
from tests.factories.office_hours import DAY, book, make_hours, stand_in_line
from tests.factories.people import make_user

pytestmark = pytest.mark.slow

LogIn = Callable[[User], FlaskClient]
TUESDAY_AT_TWO = datetime(2026, 11, 17, 6, 0, tzinfo=UTC)
PAGES = (
    "/",
    "/coaching/office-hours",
    "/coaching/office-hours/mine",
    "/coaching/bookings",
    "/coaching/bookings/1",
    "/coaching/bookings/1/time",
    "/coaching/office-hours/1/booking?at=2026-12-07T01:00:00Z",
    "/coaching/office-hours/2/queue",
)


def test_the_number_of_queries_does_not_grow_with_the_rows(
    app: Flask, log_in: LogIn, clock: object, count_queries: list[str]
) -> None:
    capability = make_framework().areas[0].capabilities[0]
    reader = make_user("Rita Reader", *Role)
    own = make_coach(user=reader, skills={capability.id: 2})
    make_hours(own, weekday=0, starts=time(9), ends=time(12))
    line = make_hours(own, weekday=0, starts=time(12), ends=time(20), is_drop_in=True)
    browser = log_in(reader)

    def fill(numbers: range) -> None:
        for number in numbers:
            coach = make_coach(f"Coach {number}", skills={capability.id: 3})
            hours = make_hours(coach, weekday=(number + 1) % 7, ends=time(17))
            at = TUESDAY_AT_TWO + number % 7 * DAY + number // 7 * timedelta(minutes=30)
            booking = book(hours, reader, at, capability_id=capability.id)
            assert booking.user_id == reader.id
            stand_in_line(line, make_user(f"Person {number}"))

    def count() -> dict[str, int]:
        return {path: _queries_of(app, browser, path, count_queries) for path in PAGES}

    clock.shift(3 * 3600)  # type: ignore[attr-defined]
    fill(range(8))
    with_eight = count()
    fill(range(8, 30))
    grown = {path: (with_eight[path], number) for path, number in count().items() if number > with_eight[path]}
    assert grown == {}


def _queries_of(app: Flask, browser: FlaskClient, path: str, statements: list[str]) -> int:
    """How many statements the page takes when nothing of it is kept."""
    app.extensions["store"] = Store(MAX_BYTES)
    statements.clear()
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return len(statements)
