"""Copies and series give their seats out alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.kernel.db import db, transaction
from app.training.models import TrainingSession
from app.training.rules import Waiting
from app.training.seats.models import Enrolment, SignupAnswer
from app.training.seats.questions import Form, Question, list_questions, write_answers, write_questions
from app.training.seats.settings import Settings, change_settings
from tests.factories.people import make_user
from tests.factories.training import NOW, make_coach, make_training, sign_up
from tests.training.courses.test_announcing_views import hidden, repeated, sessions
from tests.training.courses.test_series import make_series, members
from tests.training.test_edit_views import typed

LogIn = Callable[[User], FlaskClient]
pytestmark = pytest.mark.usefixtures("session", "clock")


def choose(training: TrainingSession, coach: User, *, minimum: int = 3) -> None:
    """Approval, offers, a minimum decided the day before at noon in Shanghai, and a question."""
    training_id, revision = training.id, training.revision
    decide_at = (training.starts_at - timedelta(days=1)).replace(hour=4)
    settings = Settings(
        needs_approval=True,
        waiting=Waiting.OFFER,
        offer_hours=5,
        absentees_last=True,
        minimum=minimum,
        decide_at=decide_at,
    )
    with transaction() as session:
        change_settings(session, training_id, settings, revision=revision, actor=coach, now=NOW)
        write_questions(session, training_id, [Question(Form.TEXT, "Which editor?")])


def chosen(training: TrainingSession) -> tuple[object, ...]:
    labels = [question.label for question in list_questions(db.session(), training.id)]
    day = training.decide_at and f"{training.decide_at:%m-%d %H:%M}"
    return training.needs_approval, training.waiting, training.offer_hours, training.minimum, day, labels


def test_a_series_signs_up_as_one_of_its_sessions(log_in: LogIn) -> None:
    coach = make_coach()
    trainings = make_series(coach)
    choose(trainings[1], coach)
    browser, path = log_in(coach), f"/training/series/{trainings[0].series_id}"
    assert "Use it for all others" in browser.get(path).text
    answer = browser.post(f"{path}/sign-up", data={"training": str(trainings[1].id)})
    assert answer.status_code == 303
    assert "the same in 3 more sessions" in browser.get(path).text
    found = [chosen(training) for training in members(trainings[0].series_id)]
    assert found == [
        (True, "offer", 5, 3, day, ["Which editor?"])
        for day in ("11-19 04:00", "11-26 04:00", "12-03 04:00", "12-10 04:00")
    ]


def test_what_was_answered_to_the_same_question_stays(log_in: LogIn) -> None:
    coach, person = make_coach(), make_user()
    trainings = make_series(coach)
    choose(trainings[0], coach)
    target_id = trainings[3].id
    sign_up(trainings[3], person)
    with transaction() as session:
        write_questions(session, target_id, [Question(Form.TEXT, "Which editor?"), Question(Form.TEXT, "Why?")])
        question, why = list_questions(session, target_id)
        enrolment_id = session.execute(select(Enrolment.id)).scalar_one()
        write_answers(session, target_id, enrolment_id, {question.id: "vi", why.id: "So"})
        question_id = question.id
    browser = log_in(coach)
    browser.post(f"/training/series/{trainings[0].series_id}/sign-up", data={"training": str(trainings[0].id)})
    assert [question.id for question in list_questions(db.session(), target_id)] == [question_id]
    assert list(db.session.execute(select(SignupAnswer.value)).scalars()) == ["vi"]


def test_others_change_nothing_of_it(log_in: LogIn) -> None:
    coach = make_coach()
    trainings = make_series(coach)
    other = make_training(coach)
    path = f"/training/series/{trainings[0].series_id}/sign-up"
    stranger = log_in(make_coach("Other"))
    assert stranger.post(path, data={"training": str(trainings[0].id)}).status_code == 403
    assert "Use it for all others" not in stranger.get(path.removesuffix("/sign-up")).text
    for value in (str(other.id), "nonsense", "9" * 30, ""):
        assert log_in(coach).post(path, data={"training": value}).status_code == 422


def test_a_copy_gives_its_seats_out_as_the_session_did(log_in: LogIn) -> None:
    coach = make_coach()
    source = make_training(coach, slug="steps")
    choose(source, coach)
    browser = log_in(coach)
    page = browser.get("/training/new?copy=steps").text
    assert "are taken over" in page
    data = typed(
        coach,
        title="Again",
        starts_at="2026-12-04T14:00",
        ends_at="2026-12-04T16:00",
        signup_closes_at="",
        copied=hidden(page, "copied"),
    )
    assert browser.post("/training/new", data=data).status_code == 303
    copy = next(training for training in sessions() if training.title == "Again")
    assert chosen(copy) == (True, "offer", 5, 3, "12-03 04:00", ["Which editor?"])
    assert copy.starts_at == datetime(2026, 12, 4, 6, tzinfo=UTC)


def test_a_copy_that_repeats_does_so_on_each_date_and_once(log_in: LogIn) -> None:
    coach = make_coach()
    choose(make_training(coach, slug="steps"), coach)
    browser = log_in(coach)
    data = repeated(coach, title="Again", copied="steps", previewed="weekly:2026-11-20:2026-12-11:4")
    for _ in range(2):
        assert browser.post("/training/new", data=data).status_code == 303
    copies = [training for training in sessions() if training.title == "Again"]
    assert [chosen(training)[3:5] for training in copies] == [
        *((3, "11-19 04:00"), (3, "11-26 04:00"), (3, "12-03 04:00"), (3, "12-10 04:00")),
    ]
    assert [training.revision for training in copies] == [1] * 4


def test_nobody_takes_over_what_is_not_theirs(log_in: LogIn) -> None:
    make_training(slug="steps")
    other = make_coach("Other")
    answer = log_in(other).post("/training/new", data=typed(other, copied="steps"))
    assert (answer.status_code, len(sessions())) == (403, 1)


def test_a_number_for_which_a_date_has_no_seats_is_named(log_in: LogIn) -> None:
    coach = make_coach()
    choose(make_training(coach, slug="steps"), coach, minimum=20)
    answer = log_in(coach).post("/training/new", data=typed(coach, capacity="5", copied="steps"))
    assert (answer.status_code, len(sessions())) == (422, 1)
    assert "On 2026-11-20" in answer.text
