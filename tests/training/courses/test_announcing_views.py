"""The form of a session: several meetings, a series with its preview, how far a change reaches, a copy."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import User
from app.kernel.db import db
from app.training.courses.models import Series
from app.training.models import TrainingSession
from tests.factories.people import make_user
from tests.factories.training import NOW, make_coach, make_training, sign_up
from tests.training.courses.test_series import make_series
from tests.training.test_edit_views import typed

LogIn = Callable[[User], FlaskClient]
pytestmark = pytest.mark.usefixtures("clock")


def sessions() -> list[TrainingSession]:
    db.session.rollback()
    query = select(TrainingSession).order_by(TrainingSession.starts_at)
    return list(db.session.execute(query).unique().scalars())


def hidden(page: str, name: str) -> str:
    """What the form holds in a hidden field."""
    found = re.search(rf'name="{name}" type="hidden" value="([^"]*)"', page)
    assert found
    return found[1]


def value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*? value="([^"]*)"', page)
    assert found, name
    return found[1]


def repeated(*coaches: User, **given: Any) -> dict[str, Any]:
    """Four Fridays from 20 November on."""
    return typed(*coaches, repeat="weekly", count="4", token="a token", **given)


def test_a_row_for_another_meeting_comes_without_script(log_in: LogIn) -> None:
    coach = make_coach()
    browser = log_in(coach)
    answer = browser.post("/training/new", data=typed(coach, action="add-meeting"))
    assert (answer.status_code, sessions()) == (200, [])
    assert value(answer.text, "meetings-0-starts_at") == "2026-11-27T14:00"
    rows = {"meetings-0-starts_at": "2026-11-22T14:00", "meetings-0-ends_at": "2026-11-22T16:00"}
    again = browser.post("/training/new", data=typed(coach, action="add-meeting", **rows)).text
    assert value(again, "meetings-1-starts_at") == "2026-11-24T14:00"
    assert 'value="Small steps"' in again


def test_a_session_of_several_meetings_is_saved_shown_and_edited(log_in: LogIn, client: FlaskClient) -> None:
    coach = make_coach()
    browser = log_in(coach)
    rows = {
        "meetings-0-starts_at": "2026-12-04T09:00",
        "meetings-0-ends_at": "2026-12-04T10:00",
        "meetings-1-starts_at": "2026-11-27T14:00",
        "meetings-1-ends_at": "2026-11-27T16:00",
        "meetings-2-starts_at": "",
        "meetings-2-ends_at": "",
    }
    path = browser.post("/training/new", data=typed(coach, signup_closes_at="", **rows)).location
    (training,) = sessions()
    assert [f"{meeting.starts_at:%m-%d %H:%M}" for meeting in training.meetings] == [
        *("11-20 06:00", "11-27 06:00", "12-04 01:00"),
    ]
    page = browser.get(f"{path}/edit").text
    assert value(page, "ends_at") == "2026-11-20T16:00"
    assert value(page, "meetings-1-ends_at") == "2026-12-04T10:00"
    browser.post(f"{path}/publication")
    listed = client.get(path).text.split('class="training-meetings"')[1].split("</ol>")[0]
    assert listed.count('class="when"') == 3
    assert "3 meetings" in client.get("/training/").text
    agenda = client.get("/training/?view=agenda").text
    assert [f"meeting {number} of 3" in agenda for number in (1, 2, 3)] == [True] * 3
    assert 'aria-labelledby="day-2026-12-04"' in agenda
    assert client.get("/training/?view=month").text.count(f'href="{path}"') == 3


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ({"meetings-0-starts_at": "2026-11-27T14:00", "meetings-0-ends_at": ""}, "Say when each meeting"),
        ({"meetings-0-starts_at": "nonsense", "meetings-0-ends_at": "2026-11-27T14:00"}, "Say when each meeting"),
        (
            {"meetings-0-starts_at": "2026-11-20T15:00", "meetings-0-ends_at": "2026-11-20T17:00"},
            "after the one before",
        ),
    ],
)
def test_a_meeting_that_will_not_do_is_blamed_and_kept(log_in: LogIn, rows: dict[str, str], sentence: str) -> None:
    coach = make_coach()
    answer = log_in(coach).post("/training/new", data=typed(coach, **rows))
    assert (answer.status_code, sessions()) == (422, [])
    assert sentence in answer.text
    assert 'data-first-invalid="meetings"' in answer.text
    assert value(answer.text, "meetings-0-starts_at") == rows["meetings-0-starts_at"]


def test_the_dates_of_a_series_are_shown_before_anything_is_saved(log_in: LogIn) -> None:
    coach = make_coach()
    browser = log_in(coach)
    data = repeated(coach, exceptions="2026-12-04, 2027-05-01")
    preview = browser.post("/training/new", data=data)
    assert (preview.status_code, sessions()) == (200, [])
    assert "3 dates" in preview.text
    assert "Save 3 drafts" in preview.text
    assert re.findall(r'name="left_out" value="([^"]*)"( checked)?( disabled)?', preview.text) == [
        ("2026-11-20", "", ""),
        ("2026-11-27", "", ""),
        ("2026-12-04", " checked", " disabled"),
        ("2026-12-11", "", ""),
    ]
    data |= {"previewed": hidden(preview.text, "previewed"), "left_out": ["2026-11-27", "2026-01-01", "nonsense"]}
    answer = browser.post("/training/new", data=data)
    assert answer.status_code == 303
    assert [training.series_date for training in sessions()] == [date(2026, 11, 20), date(2026, 12, 11)]
    page = browser.get(answer.location).text
    assert "Publish 2 drafts" in page
    assert browser.post(f"{answer.location}/publication").location == answer.location
    assert {training.state for training in sessions()} == {"published"}
    assert "Publish" not in browser.get(answer.location).text


def test_dates_that_were_not_shown_are_shown_first(log_in: LogIn) -> None:
    coach = make_coach()
    browser = log_in(coach)
    preview = browser.post("/training/new", data=repeated(coach, action="preview")).text
    data = repeated(coach, previewed=hidden(preview, "previewed"))
    assert "5 dates" in browser.post("/training/new", data={**data, "count": "5"}).text
    assert sessions() == []


def test_a_series_that_is_sent_twice_is_made_once(log_in: LogIn) -> None:
    coach = make_coach()
    browser = log_in(coach)
    data = repeated(coach, previewed="weekly:2026-11-20:2026-12-11:4")
    answers = [browser.post("/training/new", data=data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert len(sessions()) == 4
    assert db.session.execute(select(func.count()).select_from(Series)).scalar_one() == 1


def test_the_token_of_somebody_else_opens_nothing(log_in: LogIn) -> None:
    coach, other = make_coach(), make_coach("Other")
    log_in(coach).post("/training/new", data=repeated(coach, previewed="weekly:2026-11-20:2026-12-11:4"))
    answer = log_in(other).post("/training/new", data=repeated(other, previewed="weekly:2026-11-20:2026-12-11:4"))
    assert (answer.status_code, len(sessions())) == (303, 8)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"count": ""}, "Say until when it repeats"),
        ({"count": "61"}, "at most 60 dates"),
        ({"count": "1"}, "at least two dates"),
        ({"count": "", "until": "2026-11-21"}, "fewer than two dates"),
        ({"exceptions": "Christmas"}, "“Christmas” is no day"),
        ({"repeat": "monthly_last"}, "Begin with 2026-11-27"),
        ({"repeat": "daily"}, "Not a valid choice"),
        (
            {
                "time_zone": "Europe/Berlin",
                "starts_at": "2027-03-21T02:30",
                "ends_at": "2027-03-21T04:00",
                "signup_closes_at": "",
            },
            "On 2027-03-28: Clocks in Europe/Berlin are put forward",
        ),
    ],
)
def test_a_series_that_will_not_do_is_blamed(log_in: LogIn, given: dict[str, str], sentence: str) -> None:
    coach = make_coach()
    answer = log_in(coach).post("/training/new", data={**repeated(coach), **given})
    assert (answer.status_code, sessions()) == (422, [])
    assert sentence in answer.text


def test_months_without_such_a_day_are_named(log_in: LogIn) -> None:
    coach = make_coach()
    data = repeated(coach, starts_at="2027-01-29T14:00", ends_at="2027-01-29T15:00", signup_closes_at="")
    page = log_in(coach).post("/training/new", data={**data, "repeat": "monthly", "count": "2"}).text
    assert "Months without such a day: February 2027, March 2027" in page


def test_a_change_reaches_as_far_as_was_chosen(log_in: LogIn) -> None:
    coach, person = make_coach(), make_user()
    trainings = make_series(coach)
    sign_up(trainings[3], person)
    browser = log_in(coach)
    path = f"/training/{trainings[1].slug}/edit"
    page = browser.get(path).text
    assert "This one and all later ones" in page
    data = typed(
        coach,
        starts_at="2026-11-27T15:00",
        ends_at="2026-11-27T17:00",
        signup_closes_at="",
        link="https://meet.example.com/steps",
        revision=hidden(page, "revision"),
        seen=hidden(page, "seen"),
        scope="later",
    )
    answer = browser.post(path, data=data)
    assert answer.status_code == 303
    assert "Saved in 3 sessions." in browser.get(answer.location).text
    assert [training.starts_at.hour for training in sessions()] == [6, 7, 7, 7]
    assert "Changed: Small steps" in log_in(person).get("/notices").text


def test_whoever_saves_a_series_second_is_told_which_changed(log_in: LogIn) -> None:
    coach = make_coach()
    trainings = make_series(coach)
    browser = log_in(coach)
    slugs = [training.slug for training in trainings]
    pages = [browser.get(f"/training/{slug}/edit").text for slug in slugs]

    def save(number: int, page: str, **given: Any) -> Any:
        day = trainings[number].series_date
        data = typed(
            coach,
            starts_at=f"{day}T14:00",
            ends_at=f"{day}T16:00",
            signup_closes_at="",
            link="https://meet.example.com/steps",
            revision=hidden(page, "revision"),
            seen=hidden(page, "seen"),
            **given,
        )
        return browser.post(f"/training/{slugs[number]}/edit", data=data)

    assert save(2, pages[2], place="Room 7").status_code == 303
    answer = save(0, pages[0], place="Room 9", scope="all")
    assert (answer.status_code, "2026-12-04" in answer.text) == (409, True)
    assert [training.place for training in sessions()] == ["Room 3", "Room 3", "Room 7", "Room 3"]
    assert save(0, answer.text, place="Room 9", scope="all").status_code == 303
    assert [training.place for training in sessions()] == ["Room 9"] * 4


def test_a_session_by_itself_is_not_asked_how_far(log_in: LogIn) -> None:
    coach = make_coach()
    make_training(coach, slug="steps")
    assert "This one and all later ones" not in log_in(coach).get("/training/steps/edit").text
    data = typed(coach, revision="1", scope="all", signup_closes_at="")
    answer = log_in(coach).post("/training/steps/edit", data=data)
    assert answer.status_code == 404


def test_a_copy_of_a_series_goes_on_where_it_ends(log_in: LogIn) -> None:
    coach = make_coach()
    trainings = make_series(coach)
    browser = log_in(coach)
    assert "Copy" in browser.get(f"/training/{trainings[1].slug}").text
    page = browser.get(f"/training/new?copy={trainings[1].slug}").text
    assert (value(page, "starts_at"), value(page, "title")) == ("2026-12-18T14:00", "Small steps")
    assert value(page, "link") == "https://meet.example.com/steps"


def test_a_copy_of_a_session_by_itself_has_no_date(log_in: LogIn) -> None:
    coach = make_coach()
    make_training(coach, slug="steps", starts_at=NOW - timedelta(days=9))
    page = log_in(coach).get("/training/new?copy=steps").text
    assert [value(page, name) for name in ("starts_at", "ends_at", "title")] == ["", "", "Small steps"]


def test_nobody_copies_a_link_that_is_not_theirs(log_in: LogIn) -> None:
    make_training(slug="steps")
    make_training(slug="draft", state="draft")
    browser = log_in(make_coach("Other"))
    assert browser.get("/training/new?copy=steps").status_code == 403
    assert browser.get("/training/new?copy=draft").status_code == 404


def test_a_series_shows_drafts_to_those_who_run_it_alone(log_in: LogIn, client: FlaskClient) -> None:
    coach = make_coach()
    trainings = make_series(coach, published=False)
    path = f"/training/series/{trainings[0].series_id}"
    assert client.get(path).status_code == 404
    other = log_in(make_coach("Other"))
    for way in ("publication", "delete"):
        assert other.post(f"{path}/{way}").status_code == 404
    first_path = f"/training/{trainings[0].slug}"
    assert log_in(coach).post(f"{first_path}/publication").status_code == 303
    assert client.get(path).text.count('class="card training-card"') == 1
    for way in ("publication", "delete"):
        assert other.post(f"{path}/{way}").status_code == 403
    assert f'href="{path}"' in log_in(coach).get(first_path).text
    assert f'href="{path}"' not in client.get(first_path).text
    assert len(sessions()) == 4
    assert log_in(coach).post(f"{path}/delete").status_code == 303
    assert len(sessions()) == 1
