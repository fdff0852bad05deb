"""Times at the edges of the calendar."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from tests.factories.training import make_coach
from tests.training.test_edit_views import typed

pytestmark = [pytest.mark.usefixtures("clock"), pytest.mark.both_databases]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
@pytest.mark.parametrize(
    ("field", "reading"),
    [
        ("starts_at", "0001-01-01T00:00"),
        ("ends_at", "9999-12-31T23:59"),
        ("ends_at", "2100-01-01T00:00"),
        ("signup_opens_at", "1999-12-31T23:59"),
    ],
)
def test_a_year_out_of_reach_is_refused(
    log_in: Callable[[User], FlaskClient], zone: str, field: str, reading: str
) -> None:
    coach = make_coach()

    answer = log_in(coach).post("/training/new", data=typed(coach, time_zone=zone, **{field: reading}))

    assert answer.status_code == 422
    assert "Choose a year between 2000 and 2099." in answer.text


@pytest.mark.parametrize("typed_out", ["9999-12-31", "0001-01-01", "2099-12-31 to 9999-12-31"])
def test_a_day_out_of_reach_is_no_day_to_leave_out(log_in: Callable[[User], FlaskClient], typed_out: str) -> None:
    coach = make_coach()

    answer = log_in(coach).post("/training/new", data=typed(coach, repeat="weekly", count="3", exceptions=typed_out))

    assert answer.status_code == 422
    assert "is no day." in answer.text
