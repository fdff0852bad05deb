"""Taps that the script kept and sends later: once, in the order in which they were tapped, whatever arrives when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.accounts.rules import Role
from tests.factories.people import make_user
from tests.factories.training import leave
from tests.training.attendance.day import START, Day, history

LogIn = Callable[[User], FlaskClient]
MINUTE = 60_000


@pytest.fixture
def day(app: Flask, clock: time_machine.Coordinates) -> Day:
    """Friday, ten minutes before the workshop."""
    made = Day()
    clock.move_to(START - timedelta(minutes=10))
    return made


def tap(who: list[int], state: str, ago: float = 0, **more: Any) -> dict[str, Any]:
    return {"mark": str(uuid4()), "who": who, "state": state, "ago": ago, **more}


def send(browser: FlaskClient, day: Day, *taps: dict[str, Any]) -> dict[str, Any]:
    answer = browser.post(f"{day.path}/taps", json={"taps": list(taps)})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def test_the_answer_says_what_was_taken_and_what_holds(day: Day, log_in: LogIn) -> None:
    ada, bo = day.place(day.ada), day.place(day.bo)
    browser = log_in(day.coach)
    browser.post(day.path, data=day.tap(day.cem, "late"))
    sent = [tap([ada], "present", 2 * MINUTE), tap([bo], "absent", MINUTE, note="Holiday")]
    assert send(browser, day, *sent) == {
        "taken": [each["mark"] for each in sent],
        "refused": {},
        "states": {str(ada): "present", str(bo): "absent", str(day.place(day.cem)): "late"},
    }
    assert "“Holiday”" in browser.get(day.path).text


def test_what_is_sent_again_counts_once(day: Day, log_in: LogIn, clock: time_machine.Coordinates) -> None:
    browser, first = log_in(day.coach), tap([day.place(day.ada)], "present")
    send(browser, day, first)
    clock.shift(30)
    # The answer got lost, and meanwhile somebody corrected it.
    browser.post(day.path, data=day.tap(day.ada, "late"))
    clock.shift(30)
    send(browser, day, {**first, "ago": MINUTE}, {**first, "ago": MINUTE})
    assert day.known() == {"Ada": "late"}
    assert [state for _name, state, _means in history()] == ["present", "late"]


def test_a_tap_that_arrives_late_does_not_undo_a_later_correction(
    day: Day, log_in: LogIn, clock: time_machine.Coordinates
) -> None:
    clock.shift(20 * 60)
    one, other = log_in(day.coach), log_in(make_user("Root", Role.ADMINISTRATOR))
    other.post(day.path, data=day.tap(day.ada, "late"))
    clock.shift(60)
    send(one, day, tap([day.place(day.ada)], "absent", 15 * MINUTE))
    assert day.known() == {"Ada": "late"}
    # It stands in the history all the same, at its time.
    page = one.get(day.path).text
    assert page.index("Ada: Late · Root") < page.index("Ada: Not there · Chen Coach")


def test_what_was_taken_back_later_stays_taken_back(day: Day, log_in: LogIn, clock: time_machine.Coordinates) -> None:
    clock.shift(20 * 60)
    browser = log_in(day.coach)
    browser.post(day.path, data=day.tap(day.ada, ""))
    send(browser, day, tap([day.place(day.ada)], "present", 5 * MINUTE))
    assert day.known() == {}


def test_everybody_else_leaves_those_of_whom_something_is_said(
    day: Day, log_in: LogIn, clock: time_machine.Coordinates
) -> None:
    clock.shift(20 * 60)
    everybody = [day.place(person) for person in (day.ada, day.bo, day.cem)]
    one, other = log_in(day.coach), log_in(make_user("Root", Role.ADMINISTRATOR))
    # One coach was without connection at minute 10 and thought that nothing was said of anybody.
    other.post(day.path, data=day.tap(day.bo, "absent"))
    send(one, day, tap(everybody, "present", 0, rest=True))
    assert day.known() == {"Ada": "present", "Bo": "absent", "Cem": "present"}
    # The other one, too: that Cem was missing was tapped before, and arrives after it.
    send(other, day, tap([day.place(day.cem)], "absent", 5 * MINUTE))
    assert day.known() == {"Ada": "present", "Bo": "absent", "Cem": "absent"}


def test_an_undo_is_sent_like_a_tap(day: Day, log_in: LogIn) -> None:
    browser, wrong = log_in(day.coach), tap([day.place(day.ada)], "absent", 3000)
    undo = {"mark": str(uuid4()), "undone": wrong["mark"], "ago": 1000}
    for _ in range(2):
        send(browser, day, wrong, undo)
    assert day.known() == {}
    assert [state for _name, state, _means in history()] == ["absent", ""]


def test_one_that_is_refused_does_not_stop_the_others(day: Day, log_in: LogIn, clock: time_machine.Coordinates) -> None:
    bo = day.place(day.bo)
    clock.move_to(START - timedelta(hours=2))
    leave(day.training, day.bo)
    clock.move_to(START)
    first, lost, last = tap([day.place(day.ada)], "present"), tap([bo], "present"), tap([day.place(day.cem)], "late")
    answer = send(log_in(day.coach), day, first, lost, last)
    assert answer["taken"] == [first["mark"], lost["mark"], last["mark"]]
    assert list(answer["refused"]) == [lost["mark"]]
    assert "no seat any more" in answer["refused"][lost["mark"]]
    assert day.known() == {"Ada": "present", "Cem": "late"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"ago": -1},
        {"ago": "soon"},
        {"ago": True},
        {"ago": None},
        {"mark": "x"},
        {"mark": 7},
        {"who": []},
        {"who": "1"},
        {"who": [True]},
        {"who": ["1"]},
        {"who": [-1]},
        {"who": [2**40]},
        {"who": None},
        {"state": "asleep"},
        {"state": None},
        {"state": []},
        {"note": 5},
        {"undone": "x"},
    ],
)
def test_nonsense_is_refused_as_a_whole(day: Day, log_in: LogIn, wrong: dict[str, Any]) -> None:
    good = tap([day.place(day.ada)], "present")
    answer = log_in(day.coach).post(f"{day.path}/taps", json={"taps": [good, {**good, **wrong}]})
    assert answer.status_code == 422
    assert history() == []


@pytest.mark.parametrize("body", [None, [], {}, {"taps": 1}, {"taps": [1]}, {"taps": [[]] * 201}])
def test_what_is_no_list_of_taps_is_refused(day: Day, log_in: LogIn, body: Any) -> None:
    assert log_in(day.coach).post(f"{day.path}/taps", json=body).status_code == 422


def test_a_clock_that_jumped_makes_a_tap_old_and_nothing_else(day: Day, log_in: LogIn) -> None:
    browser = log_in(day.coach)
    send(browser, day, tap([day.place(day.ada)], "absent", 1e300))
    browser.post(day.path, data=day.tap(day.ada, "present"))
    assert day.known() == {"Ada": "present"}


def test_half_a_character_in_a_note_does_not_keep_a_tap_from_being_sent(day: Day, log_in: LogIn) -> None:
    sent = tap([day.place(day.ada)], "excused", note="ill \ud83d")
    assert send(log_in(day.coach), day, sent)["taken"] == [sent["mark"]]
    assert day.known() == {"Ada": "excused"}


@pytest.mark.parametrize("body", [b"[" * 100_000, b"{", b"\xff", b""])
def test_what_is_no_json_is_refused(day: Day, log_in: LogIn, body: bytes) -> None:
    answer = log_in(day.coach).post(f"{day.path}/taps", data=body, content_type="application/json")
    assert answer.status_code == 422


def test_what_is_too_much_for_one_go_stays_with_the_sender(day: Day, log_in: LogIn) -> None:
    """A thousand people tapped again and again kept the database locked for minutes."""
    everybody = [day.place(day.ada), day.place(day.bo)] * 500
    sent = [tap(everybody, state) for state in ("present", "late", "absent")]
    undone = [{"mark": str(uuid4()), "undone": sent[0]["mark"], "ago": 0} for _number in range(30)]

    first, second = send(log_in(day.coach), day, *sent), send(log_in(day.coach), day, *undone)

    assert first["taken"] == [each["mark"] for each in sent[:2]]
    assert second["taken"] == [each["mark"] for each in undone[:20]]
    assert day.known() == {"Ada": "late", "Bo": "late"}
