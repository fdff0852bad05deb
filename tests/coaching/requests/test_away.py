"""Who is away is not offered requests that nobody would answer in time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from app.accounts.models import User
from app.coaching.office_hours import keeping
from app.coaching.office_hours.keeping import Word
from app.coaching.requests.jobs import find_coaches
from app.coaching.rules import Ask
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from tests.coaching.people import House
from tests.factories.coaching import fresh, make_request, set_most

MONDAY = date(2026, 11, 16)


def be_away(coach: User, first: int, last: int) -> None:
    """From that many days after Monday to so many."""
    coach_id = coach.id
    with transaction() as session:
        days = MONDAY + timedelta(days=first), MONDAY + timedelta(days=last)
        keeping.be_away(session, *days, Word(), coach=session.get_one(User, coach_id), now=utc_now())


@pytest.mark.parametrize(
    ("first", "last", "is_asked"), [(-9, -1, True), (-9, 0, False), (2, 9, False), (3, 9, True), (0, 0, False)]
)
def test_who_is_away_today_or_while_the_clock_would_run_is_passed_over(
    house: House, first: int, last: int, *, is_asked: bool
) -> None:
    be_away(house.amara, first, last)
    request = make_request(house.team, house.lead)
    assert request.coach_id == (house.amara if is_asked else house.chen).id


def test_who_names_a_person_has_reasons(house: House) -> None:
    be_away(house.amara, 0, 5)
    assert make_request(house.team, house.lead, coach=house.amara).coach_id == house.amara.id


def test_what_is_stranded_finds_who_is_back(house: House, clock: time_machine.Coordinates) -> None:
    set_most(house.chen, 0)
    be_away(house.amara, 0, 2)
    request = make_request(house.team, house.lead)
    assert (request.state, find_coaches()) == (Ask.STRANDED, 0)
    clock.shift(timedelta(days=3))
    assert (find_coaches(), fresh(request).coach_id) == (1, house.amara.id)
