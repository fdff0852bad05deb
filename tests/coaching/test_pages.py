"""The front page, the coach's week, and what other pages show of coaching."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.accounts.models import User
from app.coaches.models import Coach
from app.coaching.engagements import working
from app.coaching.load import Load, list_loads, load_of
from app.coaching.models import CoachRoom
from app.coaching.requests import service
from app.coaching.requests.jobs import find_coaches
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from tests.coaching.people import House
from tests.factories.coaches import make_coach
from tests.factories.coaching import fresh, make_engagement, make_request, set_most
from tests.factories.office_hours import make_hours
from tests.factories.training import make_training

LogIn = Callable[[User], FlaskClient]


def page_of(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


class TestFront:
    def test_a_team_without_any_is_taught_how_it_goes(self, house: House, log_in: LogIn) -> None:
        page = page_of(log_in(house.mei), "/coaching/")
        assert ("How it goes" in page, "/coaching/requests/new" in page) == (True, True)

    def test_somebody_without_a_team_is_told_where_to_go(self, house: House, log_in: LogIn) -> None:
        assert "You are in no team yet" in page_of(log_in(house.outsider), "/coaching/")

    def test_a_team_sees_its_own(self, house: House, log_in: LogIn) -> None:
        make_request(house.team, house.lead, coach=house.chen)
        make_engagement(house.team, house.amara, title="Trunk-based development")
        page = page_of(log_in(house.mei), "/coaching/")
        assert ("Trunk-based development" in page, "with Chen Wei" in page) == (True, True)

    def test_a_coach_sees_what_is_asked_and_the_load(self, house: House, log_in: LogIn) -> None:
        make_request(house.team, house.lead, coach=house.chen)
        page = page_of(log_in(house.chen), "/coaching/")
        assert "You have 1 of at most 3: 0 under way, 1 to answer." in page
        assert "until Wed, Nov 18, 10:00" in page

    def test_an_administrator_sees_that_something_is_stranded(self, house: House, log_in: LogIn) -> None:
        make_request(house.team, house.lead, capability_id=house.capability.id, to_level=5)
        assert "1 request is with no coach." in page_of(log_in(house.administrator), "/coaching/")

    def test_visitors_are_asked_to_log_in_and_see_no_way_to_it(self, house: House, client: FlaskClient) -> None:
        for path in ("/coaching/", "/coaching/week", "/coaching/figures", "/coaching/requests/new"):
            assert client.get(path).status_code == 303
        assert 'href="/coaching/"' not in page_of(client, "/")


class TestWeek:
    def test_it_is_for_coaches(self, house: House, log_in: LogIn) -> None:
        assert log_in(house.mei).get("/coaching/week").status_code == 403

    def test_what_there_is_stands_on_it(self, house: House, log_in: LogIn, clock: time_machine.Coordinates) -> None:
        begun = utc_now()
        engagement = make_engagement(house.team, house.amara, title="Gone quiet by now")
        with transaction() as session:
            for text, owner, due_on in (
                ("Overdue of Mei", house.mei, date(2026, 12, 4)),
                ("Due on Sunday", house.amara, date(2026, 12, 13)),
                ("Due next week", house.amara, date(2026, 12, 14)),
            ):
                working.agree(
                    session, engagement.id, text=text, owner_id=owner.id, due_on=due_on, actor=house.amara, now=begun
                )
        clock.shift(timedelta(days=21))
        make_request(house.team, house.lead, coach=house.amara)
        make_training(
            house.amara, slug="this-week", title="Session now", starts_at=datetime(2026, 12, 9, 2, tzinfo=UTC)
        )
        make_training(
            house.amara, slug="next-week", title="Session later", starts_at=datetime(2026, 12, 15, 2, tzinfo=UTC)
        )
        make_training(house.chen, slug="another", title="Of Chen", starts_at=datetime(2026, 12, 9, 2, tzinfo=UTC))
        page = page_of(log_in(house.amara), "/coaching/week")
        words = ("Overdue of Mei", "Due on Sunday", "Due next week", "Session now", "Session later", "Of Chen")
        assert [word for word in words if f">{word}<" in page] == ["Overdue of Mei", "Due on Sunday", "Session now"]
        assert ("no note yet" in page, "until Wed, Dec 9, 10:00" in page) == (True, True)
        later = page_of(log_in(house.amara), "/coaching/week?from=2026-12-16")
        assert [word for word in words if f">{word}<" in later] == [
            "Overdue of Mei",
            "Due on Sunday",
            "Due next week",
            "Session later",
        ]

    def test_a_note_wakes_an_engagement(self, house: House, log_in: LogIn, clock: time_machine.Coordinates) -> None:
        engagement = make_engagement(house.team, house.amara, title="Awake")
        clock.shift(timedelta(days=15))
        assert "no note yet" in page_of(log_in(house.amara), "/coaching/week")
        with transaction() as session:
            working.add_note(
                session, engagement.id, on=date(2026, 11, 25), text="x", html="x", actor=house.mei, now=utc_now()
            )
        assert "All of your engagements are awake." in page_of(log_in(house.amara), "/coaching/week")

    def test_the_own_hours_without_booking_stand_in_it(self, house: House, log_in: LogIn) -> None:
        hours = make_hours(house.amara, weekday=6, is_drop_in=True)
        link, coach = f'href="/coaching/office-hours/{hours.id}/queue"', log_in(house.amara)
        weeks = ("", "?from=2026-11-25", "?from=2026-10-21", "?from=9999-12-08")
        assert [page_of(coach, f"/coaching/week{week}").count(link) for week in weeks] == [1, 1, 0, 1]
        assert link not in page_of(log_in(house.chen), "/coaching/week")

    @pytest.mark.parametrize("day", ["nonsense", "0001-01-01", "9999-12-31", "2026-02-30", ""])
    def test_a_day_that_is_none_shows_this_week(self, house: House, log_in: LogIn, day: str) -> None:
        assert "November 16, 2026" in page_of(log_in(house.amara), f"/coaching/week?from={day}")

    def test_with_room_what_was_stranded_comes(self, house: House, log_in: LogIn) -> None:
        set_most(house.amara, 0)
        set_most(house.chen, 0)
        request = make_request(house.team, house.lead)
        answer = log_in(house.amara).post("/coaching/week/room", data={"most": "1", "note": "Less until April"})
        assert (answer.status_code, find_coaches(), fresh(request).coach_id) == (303, 1, house.amara.id)
        page = page_of(log_in(house.amara), "/coaching/week")
        assert ("Now 1 of 1" in page, "Less until April" in page) == (True, True)

    @pytest.mark.parametrize("most", ["-1", "51", "many", ""])
    def test_how_much_is_a_number(self, house: House, log_in: LogIn, most: str) -> None:
        assert log_in(house.amara).post("/coaching/week/room", data={"most": most}).status_code == 422
        assert db.session.execute(select(CoachRoom)).all() == []


class TestElsewhere:
    def test_the_first_page_begins_with_what_a_coach_has_to_answer(self, house: House, log_in: LogIn) -> None:
        request = make_request(house.team, house.lead, coach=house.amara)
        link = f'href="/coaching/requests/{request.id}"'
        page = page_of(log_in(house.amara), "/")
        assert ("Waits for your answer" in page, link in page) == (True, True)
        assert link not in page_of(log_in(house.lead), "/")
        with transaction() as session:
            service.ask_back(session, request.id, question="Which?", actor=house.amara, now=utc_now())
        assert link not in page_of(log_in(house.amara), "/")
        page = page_of(log_in(house.mei), "/")
        assert ("A coach asks your team" in page, link in page, "Which?" in page) == (True, True, False)

    def test_a_coachs_page_says_whether_there_is_room(self, house: House, log_in: LogIn, client: FlaskClient) -> None:
        slug = db.session.execute(select(Coach.slug).where(Coach.user_id == house.amara.id)).scalar_one()
        here, link = f"/coaches/{slug}", f'href="/coaching/requests/new?coach={slug}"'
        page = page_of(log_in(house.mei), here)
        assert ("Has room for a team." in page, link in page) == (True, True)
        assert link not in page_of(log_in(house.outsider), here)
        assert "Has room for a team." not in page_of(client, here)
        set_most(house.amara, 0)
        page = page_of(log_in(house.mei), here)
        assert ("Has no room at the moment." in page, link in page) == (True, False)


class TestLoad:
    def test_who_takes_none_or_is_gone_has_no_room(self, house: House) -> None:
        set_most(house.amara, 1)
        make_request(house.team, house.lead, coach=house.amara)
        gone = make_coach("Gone").user
        make_coach("Takes none", is_taking_requests=False)
        with transaction() as session:
            session.get_one(User, gone.id).disabled_at = utc_now()
        loads = list_loads(list(db.session.execute(select(User.id)).scalars()))
        assert [user_id for user_id, load in loads.items() if load.has_room] == [house.chen.id]

    def test_who_coaches_no_more_has_no_room(self, house: House) -> None:
        assert load_of(house.amara.id).has_room is True
        with transaction() as session:
            session.get_one(User, house.amara.id).grants.clear()
        assert load_of(house.amara.id).has_room is False
        with transaction() as session:
            session.get_one(User, house.chen.id).disabled_at = utc_now()
        assert load_of(house.chen.id).has_room is False

    @given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.booleans())
    def test_room_is_what_is_left(self, engagements: int, pending: int, most: int, is_taking: bool) -> None:
        load = Load(1, engagements, pending, most, is_taking=is_taking)
        assert load.room == (max(0, most - engagements - pending) if is_taking else 0)
        assert load.has_room == (is_taking and engagements + pending < most)
