"""Taking attendance with the buttons of the page, which work without script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.db import current_revision
from app.web.stored import MAX_BYTES, Store
from tests.factories.people import make_team, make_user
from tests.factories.training import leave, make_coach, make_training, sign_up
from tests.training.attendance.day import HOUR, START, Day, history, states

LogIn = Callable[[User], FlaskClient]
DAY = timedelta(days=1)


@pytest.fixture
def day(app: Flask, clock: time_machine.Coordinates) -> Day:
    """Friday, ten minutes before the workshop."""
    made = Day()
    clock.move_to(START - timedelta(minutes=10))
    return made


def test_one_tap_says_there_late_excused_or_not_there(day: Day, log_in: LogIn) -> None:
    browser = log_in(day.coach)
    for person, state in ((day.ada, "present"), (day.bo, "late"), (day.cem, "absent")):
        answer = browser.post(day.path, data=day.tap(person, state))
        assert (answer.status_code, answer.location) == (303, f"{day.path}#person-{day.place(person)}")
    assert day.known() == {"Ada": "present", "Bo": "late", "Cem": "absent"}
    page = browser.get(day.path).text
    assert ' data-count="attended">2</span> of 3 there' in page
    browser.post(day.path, data=day.tap(day.cem, "excused", note="Has a fever"))
    assert day.known()["Cem"] == "excused"
    assert "“Has a fever”" in browser.get(day.path).text


def test_a_pressed_button_takes_back_what_it_says(day: Day, log_in: LogIn) -> None:
    browser = log_in(day.coach)
    browser.post(day.path, data=day.tap(day.ada, "present"))
    assert 'name="state" value="" data-say="present" aria-pressed="true"' in browser.get(day.path).text
    browser.post(day.path, data=day.tap(day.ada, ""))
    assert day.known() == {}
    assert history() == [("Ada", "present", "roster"), ("Ada", "", "roster")]


def test_a_form_that_is_sent_twice_counts_once(day: Day, log_in: LogIn) -> None:
    browser, data = log_in(day.coach), day.tap(day.ada, "present")
    assert [browser.post(day.path, data=data).status_code for _ in range(3)] == [303] * 3
    assert history() == [("Ada", "present", "roster")]


def test_everybody_else_is_there_and_that_can_be_undone(day: Day, log_in: LogIn) -> None:
    browser, mark = log_in(day.coach), str(uuid4())
    browser.post(day.path, data=day.tap(day.bo, "absent"))
    assert browser.post(f"{day.path}/rest", data={"mark": mark}).status_code == 303
    assert day.known() == {"Ada": "present", "Bo": "absent", "Cem": "present"}
    browser.post(f"{day.path}/rest", data={"mark": mark})
    assert "Everybody else: There" in browser.get(day.path).text
    for _ in range(2):
        assert browser.post(f"{day.path}/undo", data={"undone": mark}).status_code == 303
    assert day.known() == {"Bo": "absent"}
    assert [state for _name, state, _means in history()] == ["absent", "present", "present", "", ""]


def test_undoing_leaves_what_somebody_else_has_corrected_since(day: Day, log_in: LogIn) -> None:
    mark = str(uuid4())
    browser = log_in(day.coach)
    browser.post(f"{day.path}/rest", data={"mark": mark})
    log_in(make_user("Root", Role.ADMINISTRATOR)).post(day.path, data=day.tap(day.ada, "late"))
    browser.post(f"{day.path}/undo", data={"undone": mark})
    assert day.known() == {"Ada": "late"}


def test_nobody_undoes_the_taps_of_others(day: Day, log_in: LogIn) -> None:
    data = day.tap(day.ada, "present")
    log_in(day.coach).post(day.path, data=data)
    log_in(make_user("Root", Role.ADMINISTRATOR)).post(f"{day.path}/undo", data={"undone": data["mark"]})
    assert day.known() == {"Ada": "present"}


def test_undoing_brings_back_what_was_said_before(day: Day, log_in: LogIn, clock: time_machine.Coordinates) -> None:
    browser, wrong = log_in(day.coach), day.tap(day.ada, "absent")
    browser.post(day.path, data=day.tap(day.ada, "late"))
    clock.shift(5)
    browser.post(day.path, data=wrong)
    clock.shift(5)
    browser.post(f"{day.path}/undo", data={"undone": wrong["mark"]})
    assert day.known() == {"Ada": "late"}


def test_two_coaches_see_what_the_other_one_ticked(day: Day, log_in: LogIn) -> None:
    one, other = log_in(day.coach), log_in(make_user("Root", Role.ADMINISTRATOR))
    one.get(day.path)
    other.get(day.path)
    one.post(day.path, data=day.tap(day.ada, "present"))
    other.post(day.path, data=day.tap(day.bo, "late"))
    assert day.known() == {"Ada": "present", "Bo": "late"}
    for browser in (one, other):
        page = browser.get(day.path).text
        assert ("Ada: There · Chen Coach" in page, "Bo: Late · Root" in page) == (True, True)


def test_the_history_says_who_said_what_and_how(day: Day, log_in: LogIn, clock: time_machine.Coordinates) -> None:
    browser = log_in(day.coach)
    browser.post(day.path, data=day.tap(day.ada, "absent"))
    clock.shift(60)
    browser.post(day.path, data=day.tap(day.ada, "late", note="Train was late"))
    clock.shift(60)
    browser.post(f"{day.path}/rest", data={"mark": str(uuid4())})
    shown = browser.get(day.path).text.split("What was said when", 1)[1]
    lines = [
        shown.index(words)
        for words in (
            "Bo: There · Chen Coach · with everybody else",
            "Ada: Late · Chen Coach · “Train was late”",
            "Ada: Not there",
        )
    ]
    assert lines == sorted(lines)


@pytest.mark.parametrize(("before", "status"), [(2 * HOUR, 409), (HOUR, 303), (-2 * HOUR - 30 * DAY, 303)])
def test_attendance_is_taken_from_an_hour_before_until_thirty_days_after(
    day: Day, log_in: LogIn, clock: time_machine.Coordinates, before: timedelta, status: int
) -> None:
    clock.move_to(START - before)
    assert log_in(day.coach).post(day.path, data=day.tap(day.ada, "present")).status_code == status


def test_later_only_an_administrator_corrects(day: Day, log_in: LogIn, clock: time_machine.Coordinates) -> None:
    clock.move_to(START + 3 * HOUR + 31 * DAY)
    browser = log_in(day.coach)
    assert browser.post(day.path, data=day.tap(day.ada, "present")).status_code == 409
    assert "The 30 days after the meeting are over" in browser.get(day.path).text
    root = log_in(make_user("Root", Role.ADMINISTRATOR))
    assert root.post(day.path, data=day.tap(day.ada, "present")).status_code == 303
    assert day.known() == {"Ada": "present"}


def test_before_that_a_coach_can_excuse_and_nothing_else(
    day: Day, log_in: LogIn, clock: time_machine.Coordinates
) -> None:
    clock.move_to(START - 3 * DAY)
    browser = log_in(day.coach)
    page = browser.get(day.path).text
    assert "Attendance can be taken from Fri, Nov 20, 13:00" in page
    assert (page.count(" disabled>"), page.count('value="excused"')) == (9, 3)
    assert browser.post(day.path, data=day.tap(day.ada, "excused")).status_code == 303
    assert browser.post(day.path, data=day.tap(day.ada, "late")).status_code == 409
    assert browser.post(f"{day.path}/rest", data={"mark": str(uuid4())}).status_code == 409
    assert browser.post(day.path, data=day.tap(day.ada, "")).status_code == 303
    assert day.known() == {}


def test_only_those_who_run_the_session_take_it(day: Day, log_in: LogIn, client: FlaskClient) -> None:
    data = {**day.tap(day.ada, "present"), "user": str(day.dai.id), "undone": str(uuid4()), "code": "ABCDEFGH"}
    pages = ("", "/wall", "/scan", "/person/ABCDEFGH")
    deeds = ("", "/rest", "/undo", "/taps", "/walk-in", "/scan")
    for person in (day.ada, make_coach("Colleague"), make_user("Edda", Role.EDITOR)):
        browser = log_in(person)
        assert {browser.get(f"{day.path}{page}").status_code for page in pages} == {403}
        assert {browser.post(f"{day.path}{deed}", data=data).status_code for deed in deeds} == {403}
        assert browser.get("/training/steps/attendance").status_code == 403
    assert {client.get(f"{day.path}{page}").status_code for page in pages} == {303}
    assert history() == []


def test_what_is_not_there_is_not_found(day: Day, log_in: LogIn) -> None:
    browser = log_in(day.coach)
    other = make_training(day.coach, slug="other", starts_at=START)
    sign_up(other, day.ada, now=START - DAY)
    other_meeting = other.meetings[0].id
    for path in (
        "/training/none/attendance",
        f"/training/steps/attendance/{other_meeting}",
        "/training/steps/attendance/999",
    ):
        assert browser.get(path).status_code == 404
    strangers = {"who": "999", "state": "present", "mark": str(uuid4())}
    assert browser.post(day.path, data=strangers).status_code == 404
    # Ada's seat in this session is of no use at the meeting of another.
    assert (
        browser.post(f"/training/other/attendance/{other_meeting}", data=day.tap(day.ada, "present")).status_code == 404
    )
    # Whoever waits is let in first.
    assert browser.post(day.path, data=day.tap(day.dai, "present")).status_code == 404
    assert history() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"mark": "1"},
        {"mark": ""},
        {"who": "x"},
        {"who": "-1"},
        {"who": "9" * 30},
        {"state": "asleep"},
        {"note": "x" * 501},
    ],
)
def test_what_no_page_of_ours_sends_is_refused(day: Day, log_in: LogIn, wrong: dict[str, str]) -> None:
    assert log_in(day.coach).post(day.path, data={**day.tap(day.ada, "present"), **wrong}).status_code == 422
    assert history() == []


def test_a_cancelled_session_has_no_attendance(app: Flask, clock: time_machine.Coordinates, log_in: LogIn) -> None:
    day = Day()
    make_training(day.coach, slug="off", state="cancelled")
    browser = log_in(day.coach)
    page = browser.get("/training/off/attendance", follow_redirects=True).text
    assert "so nobody was there" in page


def test_somebody_waiting_and_somebody_from_outside_are_let_in(day: Day, log_in: LogIn) -> None:
    browser, eve = log_in(day.coach), make_user("Eve Engineer", email="eve@example.com")
    page = browser.get(f"{day.path}?find=engin").text
    assert page.index("Eve Engineer") < page.index("Waiting")
    for person in (day.dai, eve):
        data = {"user": str(person.id), "mark": str(uuid4())}
        assert [browser.post(f"{day.path}/walk-in", data=data).status_code for _ in range(2)] == [303, 303]
    assert day.known() == {"Dai": "present", "Eve Engineer": "present"}
    assert history() == [("Dai", "present", "walk_in"), ("Eve Engineer", "present", "walk_in")]
    assert "was let in by a coach" in browser.get("/training/steps/roster").text


def test_whoever_left_can_come_after_all(day: Day, log_in: LogIn, clock: time_machine.Coordinates) -> None:
    leave(day.training, day.bo, START - HOUR)
    clock.shift(5)
    browser = log_in(day.coach)
    assert "Left" in browser.get(day.path).text
    browser.post(f"{day.path}/walk-in", data={"user": str(day.bo.id), "mark": str(uuid4())})
    assert day.known() == {"Bo": "present"}


def test_people_are_found_by_part_of_the_name_or_the_whole_address(day: Day, log_in: LogIn) -> None:
    make_user("Eve Engineer", email="eve@example.com")
    browser = log_in(day.coach)
    for text, is_found in (
        ("eve", True),
        ("ENGIN", True),
        ("eve@example.com", True),
        ("example.com", False),
        ("e", False),
    ):
        assert ("Eve Engineer" in browser.get(f"{day.path}?find={text}").text) is is_found, text


def test_coaches_and_closed_accounts_are_not_let_in(day: Day, log_in: LogIn) -> None:
    browser = log_in(day.coach)
    for user in (str(day.coach.id), "999"):
        browser.post(f"{day.path}/walk-in", data={"user": user, "mark": str(uuid4())})
    assert day.known() == {}
    assert browser.post(f"{day.path}/walk-in", data={"user": "x", "mark": str(uuid4())}).status_code == 422


def test_a_name_is_looked_for_without_script(day: Day, log_in: LogIn) -> None:
    make_team("Payments", day.cem)
    browser = log_in(day.coach)
    page = browser.get(f"{day.path}?q=pay").text
    assert (">Cem<" in page, ">Ada<" in page) == (True, False)
    assert "Nobody of that name has a seat" in browser.get(f"{day.path}?q=zzz").text


def test_a_course_has_a_list_for_each_of_its_meetings(
    app: Flask, clock: time_machine.Coordinates, log_in: LogIn
) -> None:
    day = Day(meetings=3)
    clock.move_to(START + 7 * DAY)
    browser = log_in(day.coach)
    second = f"/training/steps/attendance/{day.meeting_ids[1]}"
    browser.post(second, data=day.tap(day.ada, "present"))
    assert [states(meeting_id) for meeting_id in day.meeting_ids] == [{}, {"Ada": "present"}, {}]
    page = browser.get("/training/steps/attendance").text
    assert (
        page.count("Nothing is said yet"),
        page.count("1 was there"),
        page.count("> Now</span>") + page.count(">Now</span>"),
    ) == (2, 1, 1)
    assert "Meeting 2 of 3" in browser.get(second).text


def test_one_meeting_needs_no_choice(day: Day, log_in: LogIn) -> None:
    assert log_in(day.coach).get("/training/steps/attendance").location == day.path


@pytest.mark.slow
def test_three_hundred_people_cost_as_many_queries_as_three(
    app: Flask, day: Day, log_in: LogIn, count_queries: list[str]
) -> None:
    browser = log_in(day.coach)
    paths = (
        day.path,
        f"{day.path}/wall",
        f"{day.path}/person/x",
        "/training/steps/roster",
        "/training/steps/roster.csv",
    )

    def count() -> list[int]:
        numbers = []
        browser.post(f"{day.path}/rest", data={"mark": str(uuid4())})
        for path in paths:
            app.extensions["store"] = Store(MAX_BYTES)
            count_queries.clear()
            browser.get(path)
            numbers.append(len(count_queries))
        return numbers

    few = count()
    big = make_training(day.coach, slug="big", capacity=400, starts_at=START)
    people = [make_user(f"Person {number}") for number in range(300)]
    make_team("Three hundred", *people)
    sign_up(big, *people, now=START - DAY)
    day.path = f"/training/big/attendance/{big.meetings[0].id}"
    paths = (day.path, f"{day.path}/wall", f"{day.path}/person/x", "/training/big/roster", "/training/big/roster.csv")
    assert count() == few
    assert max(few) <= 16


def test_a_tap_leaves_the_stored_pages_alone(day: Day, log_in: LogIn) -> None:
    browser, before = log_in(day.coach), current_revision()
    browser.post(day.path, data=day.tap(day.ada, "present"))
    assert (day.known(), current_revision()) == ({"Ada": "present"}, before)
