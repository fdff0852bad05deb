"""The pages of those who run sessions: announcing, changing, calling off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.db import db, transaction
from app.training.models import TrainingSession
from tests.factories.people import make_user
from tests.factories.training import make_coach, make_training, sign_up

LogIn = Callable[[User], FlaskClient]
pytestmark = pytest.mark.usefixtures("clock")


def typed(*coaches: User, **given: Any) -> dict[str, Any]:
    """What a coach types for a workshop on Friday."""
    return {
        "title": "Small steps",
        "kind": "workshop",
        "language": "en",
        "description": "Bring a **laptop**.",
        "capability": "",
        "level": "",
        "starts_at": "2026-11-20T14:00",
        "ends_at": "2026-11-20T16:00",
        "time_zone": "Asia/Shanghai",
        "place": "Room 3",
        "link": "",
        "capacity": "20",
        "signup_opens_at": "",
        "signup_closes_at": "2026-11-19T18:00",
        "coaches": [str(coach.id) for coach in coaches],
        "revision": "0",
        **given,
    }


def only() -> TrainingSession:
    db.session.rollback()
    return db.session.execute(select(TrainingSession)).scalar_one()


def test_a_coach_announces_a_session_and_publishes_it(log_in: LogIn) -> None:
    coach = make_coach()
    browser = log_in(coach)
    assert "Save as a draft" in browser.get("/training/new").text
    answer = browser.post("/training/new", data=typed(coach))
    training = only()
    assert (answer.status_code, answer.location) == (303, f"/training/{training.slug}")
    assert (training.state, training.starts_at) == ("draft", datetime(2026, 11, 20, 6, 0, tzinfo=UTC))
    assert training.signup_closes_at == datetime(2026, 11, 19, 10, 0, tzinfo=UTC)
    assert "A draft: only you" in browser.get(answer.location).text
    assert browser.post(f"{answer.location}/publication").status_code == 303
    assert only().state == "published"
    assert browser.post(f"{answer.location}/publication").status_code == 409


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"title": ""}, "Please fill this in."),
        ({"starts_at": ""}, "Please fill this in."),
        ({"ends_at": "2026-11-20T13:00"}, "The end has to be after the start."),
        ({"starts_at": "2026-11-01T14:00"}, "The start lies in the past."),
        ({"time_zone": "Nowhere"}, "Choose a time zone from the list"),
        ({"starts_at": "2027-03-28T02:30", "ends_at": "2027-03-28T05:00", "time_zone": "Europe/Berlin"}, "put forward"),
        ({"place": "", "link": ""}, "Say where it takes place"),
        ({"link": "javascript:alert(1)"}, "begins with https://"),
        ({"capacity": "0"}, "between 1 and 1,000"),
        ({"coaches": []}, "at least one coach"),
        ({"signup_closes_at": "2026-11-21T00:00"}, "before the session starts"),
    ],
)
def test_a_form_that_fails_keeps_what_was_typed_and_says_why(
    log_in: LogIn, given: dict[str, Any], sentence: str
) -> None:
    coach = make_coach()
    data = {"title": "My own words", **given}
    answer = log_in(coach).post("/training/new", data=typed(coach, **data))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Bring a **laptop**." in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert db.session.execute(select(TrainingSession)).first() is None


def test_a_time_that_comes_twice_is_taken_with_a_word_about_it(log_in: LogIn) -> None:
    coach = make_coach()
    browser = log_in(coach)
    data = typed(
        coach, starts_at="2027-10-31T02:30", ends_at="2027-10-31T05:00", time_zone="Europe/Berlin", signup_closes_at=""
    )
    answer = browser.post("/training/new", data=data)
    assert "show this time twice" in browser.get(answer.location).text
    assert only().starts_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_the_form_shows_the_session_as_it_is_and_saves_it_unchanged(log_in: LogIn) -> None:
    coach = make_coach()
    browser = log_in(coach)
    browser.post("/training/new", data=typed(coach))
    before = only()
    page = browser.get(f"/training/{before.slug}/edit").text
    for value in ("2026-11-20T14:00", "2026-11-20T16:00", "2026-11-19T18:00", "Asia/Shanghai", "Bring a **laptop**."):
        assert value in page
    starts_at = before.starts_at
    answer = browser.post(f"/training/{before.slug}/edit", data=typed(coach, title="Smaller steps"))
    assert answer.status_code == 303
    assert (only().title, only().starts_at, only().revision) == ("Smaller steps", starts_at, 1)


def test_whoever_saves_second_is_told_and_loses_nothing(log_in: LogIn) -> None:
    coach = make_coach()
    browser = log_in(coach)
    browser.post("/training/new", data=typed(coach))
    path = f"/training/{only().slug}/edit"
    assert browser.post(path, data=typed(coach, title="First")).status_code == 303
    answer = browser.post(path, data=typed(coach, title="Second"))
    assert answer.status_code == 409
    assert "Somebody else changed this session" in answer.text
    assert "Second" in answer.text
    assert only().title == "First"
    assert 'name="revision" type="hidden" value="1"' in answer.text
    assert browser.post(path, data=typed(coach, title="Second", revision="1")).status_code == 303
    assert only().title == "Second"


def test_a_raised_capacity_seats_the_waiting_at_once(log_in: LogIn) -> None:
    coach, first, second = make_coach(), make_user(), make_user()
    training = make_training(coach, slug="steps", capacity=1)
    sign_up(training, first, second)
    data = typed(coach, capacity="2", revision="1", link="https://meet.example.com/steps", signup_closes_at="")
    assert log_in(coach).post("/training/steps/edit", data=data).status_code == 303
    assert "You have a seat" in log_in(second).get("/training/steps").text


def test_cancelling_asks_for_a_reason_and_shows_it_to_everybody(log_in: LogIn, client: FlaskClient) -> None:
    coach = make_coach()
    make_training(coach, slug="steps")
    browser = log_in(coach)
    assert "This cannot be undone" in browser.get("/training/steps/cancellation").text
    answer = browser.post("/training/steps/cancellation", data={"reason": "  "})
    assert (answer.status_code, "Please fill this in." in answer.text) == (422, True)
    assert browser.post("/training/steps/cancellation", data={"reason": "The coach is ill"}).status_code == 303
    page = client.get("/training/steps").text
    assert "This session is cancelled." in page
    assert "The coach is ill" in page


def test_a_draft_can_be_thrown_away(log_in: LogIn) -> None:
    coach = make_coach()
    make_training(coach, slug="draft", state="draft")
    assert log_in(coach).post("/training/draft/delete").location == "/training/mine"
    assert db.session.execute(select(TrainingSession)).first() is None


def test_others_can_do_none_of_it(log_in: LogIn) -> None:
    make_training(slug="steps")
    make_training(slug="draft", state="draft")
    colleague = log_in(make_coach("Colleague"))
    for path in ("edit", "publication", "cancellation", "delete"):
        assert colleague.post(f"/training/steps/{path}", data={"reason": "x"}).status_code == 403
        assert colleague.post(f"/training/draft/{path}", data={"reason": "x"}).status_code == 404
    assert log_in(make_user()).post("/training/new", data=typed()).status_code == 403


def test_an_administrator_may_do_all_of_it(log_in: LogIn) -> None:
    coach = make_coach()
    make_training(coach, slug="draft", state="draft")
    browser = log_in(make_user("Administrator", Role.ADMINISTRATOR))
    assert browser.post("/training/draft/publication").status_code == 303
    assert browser.post("/training/draft/cancellation", data={"reason": "No"}).status_code == 303


def test_a_coach_who_is_no_coach_any_more_stays_on_the_sessions_they_run(log_in: LogIn) -> None:
    coach, owner = make_coach("Former coach"), make_user("Owner", Role.ADMINISTRATOR)
    make_training(coach, slug="steps", made_by=owner)
    with transaction():
        coach.grants.clear()
    assert "Former coach" in log_in(owner).get("/training/steps/edit").text
    data = typed(coach, revision="1", signup_closes_at="")
    assert log_in(owner).post("/training/steps/edit", data=data).status_code == 303
