"""The figures: worked by hand, and silent about fewer than five."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.models import User
from app.coaching.figures.queries import list_missing, spread_of_load
from app.coaching.figures.rules import FEWEST, Heard, Missing, Spread, answers_of, suppressed
from app.coaching.front.queries import usual_days
from app.coaching.requests import service
from app.coaching.rules import OfferEnd
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from tests.coaching.people import House
from tests.factories.coaches import make_coach
from tests.factories.coaching import make_request, set_most
from tests.factories.people import make_team, make_user

LogIn = Callable[[User], FlaskClient]
SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=SHANGHAI)
DUE = MONDAY + timedelta(days=2)


def heard(hours: float | None, ending: str | None = OfferEnd.ACCEPTED, coach_id: int = 1) -> Heard:
    """An offer of Monday at nine that got its first word so many hours later."""
    word = None if hours is None else MONDAY + timedelta(hours=hours)
    return Heard(coach_id, MONDAY, DUE, word, ending, "Asia/Shanghai")


def test_worked_by_hand() -> None:
    """1, 2, 4, 30 and 47 hours and one that ran out: half of the five answers within 4 hours, five of six in time."""
    offers = [heard(1), heard(2), heard(4), heard(30), heard(47), heard(None, OfferEnd.RAN_OUT)]
    answers = answers_of(offers)
    assert (answers.number, answers.median_hours, answers.in_time) == (6, 4.0, 5)
    assert answers.share == pytest.approx(5 / 6)


def test_what_the_team_withdrew_or_what_still_runs_says_nothing() -> None:
    offers = [heard(number) for number in range(1, 5)]
    assert answers_of([*offers, heard(None, OfferEnd.WITHDRAWN), heard(None, None)]).in_time is None
    assert answers_of([*offers, heard(5)]).in_time == 5


def test_coaches_who_have_not_answered_hide_nobody_who_has() -> None:
    one, waiting = [heard(1)] * 6, [heard(None, None, coach_id) for coach_id in range(2, 8)]
    assert answers_of([*one, *waiting], coaches=FEWEST).in_time is None
    late = [heard(None, OfferEnd.RAN_OUT, coach_id) for coach_id in range(2, 8)]
    told = answers_of([*one, *late], coaches=FEWEST)
    assert (told.in_time, told.median_hours) == (6, None)
    assert answers_of([heard(2, coach_id=each) for each in range(5)], coaches=FEWEST).median_hours == 2.0


def test_weekends_do_not_count() -> None:
    friday = MONDAY + timedelta(days=4, hours=7)
    word = friday + timedelta(days=3)
    offers = [Heard(1, friday, word + timedelta(days=1), word, OfferEnd.ACCEPTED, "Asia/Shanghai")] * FEWEST
    assert answers_of(offers).median_hours == 24.0


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        # Nothing of fewer than five.
        ([(1, 4, 4)], []),
        # All are large: all are told, the most stranded first.
        ([(1, 5, 1), (2, 8, 3)], [(2, 8, 3), (1, 5, 1)]),
        # One hidden alone would be known by subtraction, so the smallest joins it.
        ([(1, 9, 2), (2, 6, 1), (3, 1, 1)], [(1, 9, 2), (None, 7, 2)]),
        # Two hidden, but together fewer than five.
        ([(1, 9, 2), (2, 6, 1), (3, 1, 1), (4, 2, 0)], [(1, 9, 2), (None, 9, 2)]),
        # Two hidden, together five.
        ([(1, 9, 2), (2, 6, 1), (3, 3, 1), (4, 2, 0)], [(1, 9, 2), (2, 6, 1), (None, 5, 1)]),
    ],
)
def test_what_is_told_of_capabilities(
    rows: list[tuple[int, int, int]], told: list[tuple[int | None, int, int]]
) -> None:
    assert [(row.key, row.asked, row.stranded) for row in suppressed([Missing(*row) for row in rows])] == told


COUNTS = st.lists(st.integers(1, 12), max_size=8)


@given(COUNTS)
def test_nothing_small_is_told_or_had_by_subtraction(counts: list[int]) -> None:
    rows = [Missing(key, asked, 0) for key, asked in enumerate(counts, start=1)]
    told = suppressed(rows)
    assert [row for row in told if row.asked < FEWEST] == []
    named = {row.key for row in told if row.key is not None}
    hidden = [row.asked for row in rows if row.key not in named]
    # What is left of all, when everything that is told by name is taken away.
    assert not hidden or not named or (len(hidden) > 1 and sum(hidden) >= FEWEST)


def test_where_coaches_are_missing(house: House) -> None:
    set_most(house.amara, 2)
    set_most(house.chen, 0)
    for number in range(5):
        lead = make_user(f"Lead {number}")
        make_request(make_team(f"Team {number}", lead=lead), lead, capability_id=house.capability.id)
    assert list_missing(utc_now() - timedelta(days=1)) == [Missing(house.capability.id, 5, 3)]


def test_the_load_is_told_from_five_coaches_on(house: House) -> None:
    others = [make_coach(f"Coach {number}").user for number in range(2)]
    assert spread_of_load() is None
    make_coach("Coach 3")
    assert spread_of_load() == Spread(free=5, some=0, full=0)
    set_most(others[0], 1)
    make_request(house.team, house.lead, coach=others[0])
    make_request(house.team, house.lead, coach=house.chen)
    assert spread_of_load() == Spread(free=3, some=1, full=1)


def test_who_coaches_no_more_is_no_coach_without_room(house: House) -> None:
    others = [make_coach(f"Coach {number}").user for number in range(4)]
    with transaction() as session:
        session.get_one(User, others[0].id).grants.clear()
    assert spread_of_load() == Spread(free=5, some=0, full=0)
    with transaction() as session:
        session.get_one(User, others[1].id).grants.clear()
    assert spread_of_load() is None


def answer_all(house: House, number: int, clock_shift: Callable[[timedelta], None]) -> None:
    """Amara is asked so many times and answers each after five hours."""
    set_most(house.amara, 50)
    for each in range(number):
        lead = make_user(f"Lead {each}")
        request = make_request(make_team(f"Team {each}", lead=lead), lead, coach=house.amara)
        clock_shift(timedelta(hours=5))
        with transaction() as session:
            service.accept(session, request.id, actor=house.amara, now=utc_now())


def test_a_coach_sees_the_own_figures_and_nobody_elses(house: House, log_in: LogIn, clock: object) -> None:
    answer_all(house, 5, clock.shift)  # type: ignore[attr-defined]
    page = log_in(house.amara).get("/coaching/figures").get_data(as_text=True)
    own = page[page.index('id="own-title"') :]
    assert ("5 hours" in own, "100%" in own) == (True, True)
    # One coach alone has answered: the figures of all would be hers.
    assert "100%" not in page[: page.index('id="own-title"')]
    for person in (house.chen, house.leader, house.administrator, house.mei):
        page = log_in(person).get("/coaching/figures").get_data(as_text=True)
        assert (person.name, "100%" in page, "Amara" in page) == (person.name, False, False)


def test_how_many_asked_without_a_capability_is_not_had_by_subtraction(house: House, log_in: LogIn) -> None:
    def ask(number: int, capability_id: int | None) -> None:
        for each in range(number):
            lead = make_user("Lead")
            make_request(
                make_team(f"Team {capability_id} {number} {each}", lead=lead), lead, capability_id=capability_id
            )

    def told() -> str:
        rows = csv.reader(io.StringIO(log_in(house.mei).get("/coaching/figures.csv").get_data().decode("utf-8-sig")))
        return {row[0]: row[2] for row in rows}["Requests in twelve months"]

    ask(5, house.capability.id)
    assert told() == "5"
    ask(1, None)
    assert told() == ""
    ask(4, None)
    assert told() == "10"


def test_the_sheet_has_what_the_page_has_and_no_more(house: House, log_in: LogIn) -> None:
    for _number in range(2):
        make_request(house.team, house.lead, capability_id=house.capability.id)
    answer = log_in(house.mei).get("/coaching/figures.csv")
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert (answer.mimetype, rows[1:]) == (
        "text/csv",
        [
            ["Requests in twelve months", "", "", ""],
            ["Median hours to the first word", "without weekends", "", ""],
            ["Answered in time", "of the offers", "", ""],
        ],
    )


def test_how_quickly_a_coach_usually_answers(house: House, clock: object) -> None:
    answer_all(house, 4, clock.shift)  # type: ignore[attr-defined]
    assert usual_days(house.amara.id, utc_now()) is None
    lead = make_user("Lead five")
    request = make_request(make_team("Team five", lead=lead), lead, coach=house.amara)
    with transaction() as session:
        service.decline(session, request.id, reason="No", actor=house.amara, now=utc_now())
    assert usual_days(house.amara.id, utc_now()) == 1
