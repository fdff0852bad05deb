"""Saying how it was: who can, when, once; and who reads it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.db import db, transaction
from app.training.feedback.models import FeedbackAnswer
from app.training.feedback.queries import find_summary, list_averages
from app.training.models import TrainingSession
from app.training.seats.presence import Presence
from app.training.service import cancel
from tests.factories.afterwards import HOUR, make_past, mark, say
from tests.factories.coaches import make_coach as make_profile
from tests.factories.people import make_user
from tests.factories.training import DAY, NOW, make_coach, make_training, sign_up

pytestmark = [pytest.mark.usefixtures("clock"), pytest.mark.both_databases]
LogIn = Callable[[User], FlaskClient]
FORM = "/training/steps/feedback"
GOOD = {"content": "5", "trainer": "4", "usefulness": "3", "text": "More exercises"}


@pytest.fixture
def people(app: object) -> dict[str, User]:
    """Of a session that ended an hour ago: Ada was there, Bo was not, of Cem nothing is known, Dai waited in vain."""
    coach, maker = make_coach("Chen Coach"), make_coach("Maja Maker")
    found = {name: make_user(name) for name in ("Ada", "Bo", "Cem", "Dai", "Olga")}
    training = make_past(
        coach, *(found[name] for name in ("Ada", "Bo", "Cem", "Dai")), slug="steps", capacity=3, made_by=maker
    )
    mark(training, found["Ada"], Presence.LATE)
    mark(training, found["Bo"], Presence.ABSENT)
    return {**found, "Chen": coach, "Maja": maker, "Admin": make_user("Admin", Role.ADMINISTRATOR)}


def answers() -> list[tuple[int, int, int, str]]:
    rows = db.session.execute(select(FeedbackAnswer)).scalars()
    return [(row.content, row.trainer, row.usefulness, row.text) for row in rows]


def test_who_can_say_how_it_was_and_who_reads_it(people: dict[str, User], log_in: LogIn, client: FlaskClient) -> None:
    def statuses(path: str) -> dict[str, int]:
        return {name: log_in(person).get(path).status_code for name, person in people.items()}

    assert statuses(FORM) == {name: 200 if name == "Ada" else 403 for name in people}
    assert statuses(f"{FORM}/answers") == {name: 200 if name in {"Chen", "Maja", "Admin"} else 403 for name in people}
    assert [client.get(path).status_code for path in (FORM, f"{FORM}/answers")] == [303, 303]
    assert log_in(people["Ada"]).get("/training/nothing/feedback").status_code == 404


def test_where_no_attendance_was_taken_a_seat_is_enough(app: object, log_in: LogIn) -> None:
    ada, dai = make_user("Ada"), make_user("Dai")
    make_past(make_coach(), ada, dai, slug="steps", capacity=1)
    assert (log_in(ada).get(FORM).status_code, log_in(dai).get(FORM).status_code) == (200, 403)


def test_whoever_may_not_cannot_by_force(people: dict[str, User], log_in: LogIn) -> None:
    for name in ("Bo", "Cem", "Dai", "Olga", "Chen", "Admin"):
        assert log_in(people[name]).post(FORM, data=GOOD).status_code == 403
        assert log_in(people[name]).post(f"{FORM}/delete").status_code == 403
    assert log_in(people["Ada"]).post(f"{FORM}/thanks", data={"on": "0"}).status_code == 403
    assert answers() == []


def test_sent_twice_counts_once_and_can_be_changed_and_taken_back(people: dict[str, User], log_in: LogIn) -> None:
    ada = log_in(people["Ada"])
    assert [ada.post(FORM, data=GOOD).status_code for _ in range(2)] == [303, 303]
    assert answers() == [(5, 4, 3, "More exercises")]
    ada.post(FORM, data={**GOOD, "content": "2", "text": ""})
    assert answers() == [(2, 4, 3, "")]
    checked = re.findall(r'<input checked [^>]*name="(\w+)"[^>]*value="(\d)"', ada.get(FORM).text)
    assert checked == [("content", "2"), ("trainer", "4"), ("usefulness", "3")]
    assert ada.post(f"{FORM}/delete").status_code == 303
    assert answers() == []
    assert ada.post(f"{FORM}/delete").status_code == 303


def _flat(page: str) -> str:
    return " ".join(page.split())


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("content", "", "Choose a number from 1 to 5."),
        ("trainer", "6", "Not a valid choice"),
        ("usefulness", "0", "Not a valid choice"),
        ("text", "x" * 2001, "Use at most 2,000 characters."),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(
    people: dict[str, User], log_in: LogIn, field: str, value: str, sentence: str
) -> None:
    answer = log_in(people["Ada"]).post(FORM, data={**GOOD, field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert sentence in answer.text
    assert answers() == []


def test_from_the_end_on_for_sixty_days(app: object, log_in: LogIn, clock: time_machine.Coordinates) -> None:
    ada, coach = make_user("Ada"), make_coach()
    training = make_training(coach, slug="steps", starts_at=NOW + HOUR)
    sign_up(training, ada)
    statuses = []
    for moment in (NOW, training.ends_at - HOUR / 60, training.ends_at, NOW + 60 * DAY, training.ends_at + 60 * DAY):
        clock.move_to(moment)
        statuses.append(log_in(ada).post(FORM, data=GOOD).status_code)
    assert statuses == [409, 409, 303, 303, 409]


def test_a_cancelled_session_has_no_feedback(app: object, log_in: LogIn, clock: time_machine.Coordinates) -> None:
    ada, coach = make_user("Ada"), make_coach()
    training = make_training(coach, slug="steps", starts_at=NOW + HOUR)
    sign_up(training, ada)
    training_id, ends_at = training.id, training.ends_at
    with transaction() as session:
        cancel(session, training_id, reason="Ill", actor=coach, now=NOW)
    clock.move_to(ends_at)
    assert log_in(ada).get(FORM).status_code == 409


def test_the_page_of_the_session_leads_there_whoever_was_there(people: dict[str, User], log_in: LogIn) -> None:
    ada = log_in(people["Ada"])
    assert "Say how it was" in ada.get("/training/steps").text
    ada.post(FORM, data=GOOD)
    assert "You have said how it was." in _flat(ada.get("/training/steps").text)
    for name in ("Bo", "Dai", "Olga", "Chen"):
        page = log_in(people[name]).get("/training/steps").text
        assert "Say how it was" not in page
        assert "You have said how it was." not in page
    assert f"{FORM}/answers" in log_in(people["Chen"]).get("/training/steps").text
    assert f"{FORM}/answers" not in ada.get("/training/steps").text


def test_the_form_says_beforehand_who_will_see_what(people: dict[str, User], log_in: LogIn) -> None:
    page = _flat(log_in(people["Ada"]).get(FORM).text)
    assert "Your answer is kept without your name." in page
    assert "as long as fewer than 5 people have answered, a coach may be able to guess who said what" in page


def test_those_who_run_it_see_numbers_and_texts_without_names(people: dict[str, User], log_in: LogIn) -> None:
    log_in(people["Ada"]).post(FORM, data={**GOOD, "text": "<script>alert(1)</script>"})
    page = log_in(people["Chen"]).get(f"{FORM}/answers").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Fewer than 5 people have answered." in _flat(page)
    assert "Ada" not in page


def crowd_speaks(training: TrainingSession, people: list[User]) -> None:
    for number, person in enumerate(people):
        say(training, person, 5, 4, 4 + number % 2, text=f"Words of {number}")


def test_the_public_sees_an_average_from_five_answers_on_and_never_a_text(
    app: object, log_in: LogIn, client: FlaskClient
) -> None:
    profile = make_profile("Chen Coach")
    slug = profile.slug
    people = [make_user(f"Person {number}") for number in range(6)]
    training = make_past(profile.user, *people, slug="steps")
    crowd_speaks(training, people[:4])
    places = ("/training/steps", f"/coaches/{slug}", "/", "/training/", "/training/?when=past", "/search?q=steps")
    json = "/search?q=steps&format=json"
    browsers = (client, log_in(people[0]), log_in(make_user("Olga")))
    for browser in browsers:
        for path in (*places, json):
            page = browser.get(path).text
            assert "What people said" not in page, path
            assert "Words of" not in page, path
    assert list_averages([training.id]) == {}
    say(training, people[4], 5, 4, 4)
    for browser in browsers:
        for path in places[:2]:
            page = _flat(browser.get(path).text)
            assert "What people said" in page, path
            assert "<strong>4.5</strong>" in page
            assert "From 5 answers" in page
            assert "Words of" not in page
    (averages,) = list_averages([training.id]).values()
    assert (averages.number, averages.content, averages.trainer, averages.usefulness) == (5, 5.0, 4.0, 4.4)


def test_a_coach_is_measured_by_sessions_that_are_public_alone(app: object, client: FlaskClient) -> None:
    """Else the difference that a session of three makes would show what the three said."""
    profile = make_profile("Chen Coach")
    coach, path = profile.user, f"/coaches/{profile.slug}"
    people = [make_user(f"Person {number}") for number in range(5)]
    small = make_past(coach, *people[:4], title="Small")
    for person in people[:4]:
        say(small, person, 1, 1, 1)
    assert "What people said" not in client.get(path).text
    large = make_past(coach, *people, title="Large")
    for person in people:
        say(large, person, 5, 5, 5)
    page = _flat(client.get(path).text)
    assert "<strong>5.0</strong>" in page
    assert "From 5 answers" in page


def test_a_summary_shows_texts_in_an_order_of_chance(app: object) -> None:
    people = [make_user(f"Person {number}") for number in range(12)]
    training = make_past(make_coach(), *people)
    crowd_speaks(training, people)
    summary = find_summary(training.id)
    assert summary is not None
    in_time = [f"Words of {number}" for number in range(12)]
    assert sorted(summary.texts) == sorted(in_time)
    assert summary.texts != in_time
    assert {score: summary.counts["usefulness"][score] for score in (4, 5)} == {4: 6, 5: 6}
