"""What other rooms ask, and the sheet with attendance and answers."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.kernel.db import transaction
from app.training.attendance.queries import count_by_meeting
from app.training.seats.models import SignupAnswer, SignupQuestion
from tests.training.attendance.day import HOUR, START, Day

LogIn = Callable[[User], FlaskClient]


@pytest.fixture
def course(app: Flask, clock: time_machine.Coordinates, log_in: LogIn) -> Day:
    """Two meetings: Ada was at both, Bo late at one and missing at the other, Cem excused."""
    day = Day(meetings=2)
    clock.move_to(START + 8 * 24 * HOUR)
    browser = log_in(day.coach)
    said = {0: {day.ada: "present", day.bo: "late", day.cem: "excused"}, 1: {day.ada: "present", day.bo: "absent"}}
    for number, states in said.items():
        for person, state in states.items():
            browser.post(f"/training/steps/attendance/{day.meeting_ids[number]}", data=day.tap(person, state))
    return day


def test_how_many_were_there_and_of_how_many_something_is_said(course: Day) -> None:
    assert count_by_meeting(course.id) == {course.meeting_ids[0]: (2, 3), course.meeting_ids[1]: (1, 2)}


def test_the_sheet_has_a_column_for_each_meeting_and_each_question(course: Day, log_in: LogIn) -> None:
    places = {name: course.place(getattr(course, name)) for name in ("ada", "bo")}
    with transaction() as session:
        asked = {"options": [], "is_required": False, "training_id": course.id}
        diet = SignupQuestion(position=2, kind="text", label="=What do you eat?", **asked)
        level = SignupQuestion(position=1, kind="consent", label="May we take pictures?", **asked)
        session.add_all([diet, level])
        session.flush()
        session.add(SignupAnswer(enrolment_id=places["ada"], question_id=diet.id, value="=Rice"))
        session.add(SignupAnswer(enrolment_id=places["bo"], question_id=level.id, value="yes"))
    answer = log_in(course.coach).get("/training/steps/roster.csv")
    head, *rows = csv.reader(StringIO(answer.data.decode("utf-8-sig")))
    assert head[6:] == ["2026-11-20 14:00", "2026-11-27 14:00", "May we take pictures?", "'=What do you eat?"]
    assert {row[2]: row[6:] for row in rows} == {
        "Ada": ["There", "There", "", "'=Rice"],
        "Bo": ["Late", "Not there", "Yes", ""],
        "Cem": ["Excused", "", "", ""],
        "Dai": ["", "", "", ""],
    }


def test_the_roster_shows_it_and_leads_to_the_meetings(course: Day, log_in: LogIn) -> None:
    page = log_in(course.coach).get("/training/steps/roster").text
    assert [page.count(f">{words}</td>") for words in ("There", "Late", "Excused", "Not there")] == [2, 1, 1, 1]
    for meeting_id in course.meeting_ids:
        assert f'href="/training/steps/attendance/{meeting_id}"' in page
