"""Signing up with questions, answering an offer by mail, the desk of those who run a session: as browsers do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.jobs.messages import reading_as, word
from app.jobs.models import Mail
from app.kernel.db import db, transaction
from app.notifications.models import Notice
from app.training.models import TrainingSession
from app.training.rules import Waiting
from app.training.seats.models import Enrolment, EnrolmentEvent, SeatHold, SignupAnswer
from app.training.seats.questions import Form, Question, list_questions, write_questions
from app.training.seats.settings import Settings, change_settings
from app.training.seats.taking import enrol
from app.training.signup.links import sign_place
from tests.factories.people import make_team, make_user
from tests.factories.training import NOW, leave, make_coach, make_training, sign_up

LogIn = Callable[[User], FlaskClient]
pytestmark = pytest.mark.usefixtures("app", "clock")
PLAIN = Settings(
    needs_approval=False, waiting=Waiting.PROMOTION, offer_hours=24, absentees_last=False, minimum=None, decide_at=None
)


def set_up(training: TrainingSession, coach: User, **changes: object) -> None:
    training_id, revision = training.id, training.revision
    with transaction() as session:
        change_settings(
            session,
            training_id,
            Settings(**{**PLAIN.__dict__, **changes}),
            revision=revision,
            actor=coach,
            now=NOW,
        )


def state_of(training: TrainingSession, person: User) -> str | None:
    return db.session.execute(
        select(Enrolment.state).where(Enrolment.training_id == training.id, Enrolment.user_id == person.id)
    ).scalar_one_or_none()


def link_of(training: TrainingSession, person: User, app: Flask) -> str:
    row = db.session.execute(
        select(Enrolment).where(Enrolment.training_id == training.id, Enrolment.user_id == person.id)
    ).scalar_one()
    return f"/training/place/{sign_place(str(app.config['SECRET_KEY']), row.id, row.queue)}"


def ask(training: TrainingSession, *questions: Question) -> None:
    with transaction() as session:
        write_questions(session, training.id, questions)


@pytest.fixture
def offered(log_in: LogIn) -> tuple[TrainingSession, User, User]:
    """(session, who is offered its one seat, who waits behind)."""
    coach, first, second, third = make_coach(), make_user("Ann"), make_user("Bo"), make_user("Cy")
    training = make_training(coach, slug="steps", capacity=1)
    set_up(training, coach, waiting=Waiting.OFFER)
    sign_up(training, first, second, third)
    leave(training, first)
    return training, second, third


def test_who_gives_a_seat_back_reads_what_becomes_of_it(log_in: LogIn) -> None:
    """Where the next one is asked, it is not said that they get the seat at once."""
    coach, first, second = make_coach(), make_user("Fang First"), make_user("Sven Second")
    training = make_training(coach, slug="steps", capacity=1)
    sign_up(training, first, second)
    browser = log_in(first)
    assert "Somebody who waits gets your seat at once." in browser.get("/training/steps").text
    set_up(training, coach, waiting=Waiting.OFFER)
    page = browser.get("/training/steps").text
    assert "Whoever is next on the list is asked whether they take your seat." in page
    assert "at once" not in page


def test_an_offer_is_taken_on_the_page(offered: tuple[TrainingSession, User, User], log_in: LogIn) -> None:
    training, person, _behind = offered
    browser = log_in(person)
    assert "A seat is offered to you" in browser.get("/training/steps").text
    assert browser.post("/training/steps/offer").status_code == 303
    assert state_of(training, person) == "confirmed"
    assert "You have a seat" in browser.get("/training/steps").text


def test_opening_the_link_of_a_mail_changes_nothing_and_its_button_acts(
    offered: tuple[TrainingSession, User, User], app: Flask, client: FlaskClient
) -> None:
    training, person, behind = offered
    link = link_of(training, person, app)
    for _scanner in range(3):
        page = client.get(link)
        assert page.status_code == 200
        assert "Yes, I take the seat" in page.text
    assert client.head(link).status_code == 200
    assert state_of(training, person) == "offered"
    assert client.post(link, data={"answer": "decline"}).status_code == 303
    assert (state_of(training, person), state_of(training, behind)) == ("cancelled", "offered")
    assert "no place in this session" in client.get(link).text


def test_the_mail_of_an_offer_holds_that_link(offered: tuple[TrainingSession, User, User], app: Flask) -> None:
    training, person, _behind = offered
    mail = db.session.execute(select(Mail).where(Mail.kind == "seat offered", Mail.to == person.email)).scalar_one()
    with reading_as("en", "Asia/Shanghai"):
        message = word(mail.kind, mail.params)
    links = message.body + "".join(action.url for action in getattr(message, "actions", ()))
    assert link_of(training, person, app) in links


@pytest.mark.parametrize("answer", ["", "promote", "accept me"])
def test_a_link_does_only_what_its_buttons_say(
    offered: tuple[TrainingSession, User, User], app: Flask, client: FlaskClient, answer: str
) -> None:
    training, person, _behind = offered
    assert client.post(link_of(training, person, app), data={"answer": answer}).status_code == 422
    assert state_of(training, person) == "offered"


def test_a_forged_or_used_up_link_opens_nothing(
    offered: tuple[TrainingSession, User, User], app: Flask, client: FlaskClient
) -> None:
    training, person, _behind = offered
    link = link_of(training, person, app)
    assert client.get(link[:-1] + ("A" if link[-1] != "A" else "B")).status_code == 404
    assert client.get("/training/place/nonsense").status_code == 404
    leave(training, person)
    sign_up(training, person)
    assert client.get(link).status_code == 404, "the number in the line is another one by now"


def test_a_form_from_another_site_does_not_act(
    offered: tuple[TrainingSession, User, User], app: Flask, client: FlaskClient
) -> None:
    training, person, _behind = offered
    answer = client.post(
        link_of(training, person, app), data={"answer": "decline"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    assert state_of(training, person) == "offered"


def test_whoever_signs_up_is_asked_first(log_in: LogIn) -> None:
    training, person = make_training(slug="steps"), make_user()
    ask(
        training,
        Question(Form.TEXT, "Which service?"),
        Question(Form.CHOICE, "Lunch?", ("None", "Vegetarian")),
        Question(Form.CONSENT, "I may be photographed.", is_required=False),
    )
    browser = log_in(person)
    page = browser.post("/training/steps/enrolment")
    assert page.status_code == 200
    assert "Which service?" in page.text
    assert "Please fill this in" not in page.text
    assert state_of(training, person) is None
    ids = [question.id for question in list_questions(db.session(), training.id)]
    lacking = browser.post("/training/steps/enrolment", data={"answered": "1", f"question-{ids[1]}": "None"})
    assert lacking.status_code == 422
    assert 'value="None" selected' in lacking.text or 'selected value="None"' in lacking.text
    wrong = {"answered": "1", f"question-{ids[0]}": "Routing", f"question-{ids[1]}": "Steak"}
    assert browser.post("/training/steps/enrolment", data=wrong).status_code == 422
    assert state_of(training, person) is None
    right = {**wrong, f"question-{ids[1]}": "Vegetarian"}
    assert browser.post("/training/steps/enrolment", data=right).status_code == 303
    assert state_of(training, person) == "confirmed"
    assert answers() == ["Routing", "Vegetarian"]
    changed = {**right, f"question-{ids[0]}": "Settlement"}
    assert browser.post("/training/steps/enrolment", data=changed).status_code == 303
    assert answers() == ["Settlement", "Vegetarian"]


def answers() -> list[str]:
    return list(db.session.execute(select(SignupAnswer.value).order_by(SignupAnswer.question_id)).scalars())


def test_the_desk_is_for_those_who_run_the_session(log_in: LogIn, client: FlaskClient) -> None:
    coach, training = make_coach(), None
    training = make_training(coach, slug="steps")
    assert log_in(coach).get("/training/steps/seats").status_code == 200
    assert log_in(make_user("Boss", Role.ADMINISTRATOR)).get("/training/steps/seats").status_code == 200
    for stranger in (make_user(), make_coach("Another Coach"), make_user("Editor", Role.EDITOR)):
        browser = log_in(stranger)
        assert browser.get("/training/steps/seats").status_code == 403
        for path in ("settings", "requests", "admissions", "holds", "decision", f"{coach.id}/removal"):
            assert browser.post(f"/training/steps/seats/{path}").status_code == 403, path
    assert client.get("/training/steps/seats").status_code == 303
    assert training.needs_approval is False


def test_a_coach_says_yes_and_no(log_in: LogIn) -> None:
    coach, ann, bo = make_coach(), make_user("Ann"), make_user("Bo")
    training = make_training(coach, slug="steps", capacity=1)
    browser = log_in(coach)
    data = {"revision": "1", "needs_approval": "y", "waiting": "promotion", "offer_hours": "24"}
    assert browser.post("/training/steps/seats/settings", data=data).status_code == 303
    for person in (ann, bo):
        assert log_in(person).post("/training/steps/enrolment").status_code == 303
    assert [state_of(training, person) for person in (ann, bo)] == ["requested", "requested"]
    page = browser.get("/training/steps/seats").text
    assert "Ann" in page
    assert "Asking for a seat" in page
    assert browser.post("/training/steps/seats/requests", data={"person": [ann.id]}).status_code == 303
    refused = browser.post(f"/training/steps/seats/{bo.id}/removal", data={"reason": ""})
    assert refused.status_code == 422
    assert state_of(training, bo) == "requested"
    assert browser.post(f"/training/steps/seats/{bo.id}/removal", data={"reason": "Was here in May"}).status_code == 303
    assert [state_of(training, person) for person in (ann, bo)] == ["confirmed", "cancelled"]
    reason = db.session.execute(select(EnrolmentEvent.reason).order_by(EnrolmentEvent.id.desc()).limit(1)).scalar_one()
    assert reason == "Was here in May"
    told = select(Notice.kind).where(Notice.user_id == bo.id).order_by(Notice.id)
    assert list(db.session.execute(told).scalars()) == ["seat requested", "seat refused"]


@pytest.mark.both_databases
def test_more_ticks_than_a_statement_has_room_for_are_taken(log_in: LogIn) -> None:
    coach, ann = make_coach(), make_user("Ann")
    training = make_training(coach, slug="steps")
    set_up(training, coach, needs_approval=True)
    sign_up(training, ann)

    ticked = [str(ann.id), *map(str, range(100_000, 170_000))]
    answer = log_in(coach).post("/training/steps/seats/requests", data={"person": ticked})

    assert (answer.status_code, state_of(training, ann)) == (303, "confirmed")


def test_letting_somebody_in_needs_a_reason_and_an_account(log_in: LogIn) -> None:
    coach, ann, bo = make_coach(), make_user("Ann"), make_user("Bo")
    training = make_training(coach, slug="steps", capacity=1)
    sign_up(training, ann)
    browser = log_in(coach)
    wrong = browser.post("/training/steps/seats/admissions", data={"email": "nobody@example.com", "reason": "Speaks"})
    assert wrong.status_code == 422
    assert "Nobody has an account with this address" in wrong.text
    assert "nobody@example.com" in wrong.text
    assert browser.post("/training/steps/seats/admissions", data={"email": bo.email, "reason": ""}).status_code == 422
    assert (
        browser.post("/training/steps/seats/admissions", data={"email": bo.email, "reason": "Speaks"}).status_code
        == 303
    )
    assert state_of(training, bo) == "confirmed"


def test_seats_are_held_for_a_team_and_freed(log_in: LogIn) -> None:
    coach, lead, member, other = make_coach(), make_user("Lead"), make_user("Member"), make_user("Other")
    team = make_team("Payments", member, lead=lead)
    training = make_training(coach, slug="steps", capacity=2)
    browser = log_in(coach)
    data = {"team": team.id, "seats": "2", "until": "2026-11-19T12:00"}
    assert browser.post("/training/steps/seats/holds", data={**data, "seats": "3"}).status_code == 409
    assert browser.post("/training/steps/seats/holds", data={**data, "until": "2027-01-01T12:00"}).status_code == 422
    assert browser.post("/training/steps/seats/holds", data=data).status_code == 303
    sign_up(training, other)
    assert state_of(training, other) == "waiting"
    sign_up(training, member)
    assert state_of(training, member) == "confirmed"
    hold_id = db.session.execute(select(SeatHold.id)).scalar_one()
    assert browser.post(f"/training/steps/seats/holds/{hold_id}/delete").status_code == 303
    assert state_of(training, other) == "confirmed"
    assert browser.post(f"/training/steps/seats/holds/{hold_id}/delete").status_code == 303


def test_a_lead_signs_up_the_team_whole_or_not_at_all(log_in: LogIn) -> None:
    lead, ann, bo = make_user("Lead"), make_user("Ann"), make_user("Bo")
    team = make_team("Payments", ann, bo, lead=lead)
    training = make_training(slug="steps", capacity=2)
    browser = log_in(lead)
    assert "Sign up your team" in browser.get("/training/steps").text
    path = f"/training/steps/team?team={team.slug}"
    assert browser.get(path).status_code == 200
    assert browser.post(path, data={"people": [lead.id, ann.id, bo.id]}).status_code == 409
    assert [state_of(training, person) for person in (lead, ann, bo)] == [None, None, None]
    assert browser.post(path, data={"people": [ann.id, bo.id]}).status_code == 303
    assert [state_of(training, person) for person in (lead, ann, bo)] == [None, "confirmed", "confirmed"]
    assert browser.post(path, data={"people": [make_user("Stranger").id]}).status_code == 422
    assert log_in(ann).get(path).status_code == 403


def test_a_clash_is_shown_before_signing_up(log_in: LogIn) -> None:
    person = make_user()
    other = make_training(slug="other", title="The other one")
    make_training(slug="steps", capacity=3)
    far = make_training(slug="far", starts_at=other.ends_at)
    sign_up(other, person)
    browser = log_in(person)
    for path in ("/training/steps", "/training/steps/enrolment"):
        page = browser.get(path).text
        assert "You have something else then:" in page
        assert "The other one" in page
    assert "You have something else then:" not in browser.get(f"/training/{far.slug}").text
    assert "You have something else then:" not in log_in(make_user()).get("/training/steps").text


def test_a_session_with_a_minimum_is_decided_on_its_day(log_in: LogIn) -> None:
    coach, ann = make_coach(), make_user("Ann")
    training = make_training(coach, slug="steps")
    sign_up(training, ann)
    browser = log_in(coach)
    data = {"revision": "1", "waiting": "promotion", "offer_hours": "24", "minimum": "3"}
    assert browser.post("/training/steps/seats/settings", data=data).status_code == 422
    data["decide_at"] = "2026-11-18T12:00"
    assert browser.post("/training/steps/seats/settings", data=data).status_code == 303
    assert "It takes place from 3 people on" in log_in(ann).get("/training/steps").text
    assert browser.post("/training/steps/seats/decision").status_code == 303
    assert "It takes place." in log_in(ann).get("/training/steps").text
    assert browser.post("/training/steps/seats/decision").status_code == 409
    assert db.session.execute(select(Mail.kind).where(Mail.to == ann.email).order_by(Mail.id)).scalars().all() == [
        "seat confirmed",
        "training goes ahead",
    ]


def test_questions_are_written_changed_and_taken_out(log_in: LogIn) -> None:
    coach = make_coach()
    training = make_training(coach, slug="steps")
    browser = log_in(coach)

    def save(*rows: tuple[str, str, str]) -> int:
        present = list_questions(db.session(), training.id)
        data: dict[str, str] = {}
        for number, (label, kind, options) in enumerate(rows):
            row_id = str(present[number].id) if number < len(present) else ""
            fields = {"id": row_id, "label": label, "kind": kind, "options": options}
            data |= {f"questions-{number}-{name}": value for name, value in fields.items()}
        return browser.post("/training/steps/seats/questions", data=data).status_code

    assert save(("Lunch?", "choice", "None")) == 422
    assert save(("Lunch?", "choice", "None\nVegetarian"), ("Team?", "text", "")) == 303
    assert [each.label for each in list_questions(db.session(), training.id)] == ["Lunch?", "Team?"]
    assert save(("", "choice", ""), ("Which team?", "text", "")) == 303
    assert [each.label for each in list_questions(db.session(), training.id)] == ["Which team?"]


def test_how_likely_a_seat_is_says_what_it_rests_on(log_in: LogIn) -> None:
    people = [make_user(f"Person {number}") for number in range(3)]
    for number in range(5):
        past = make_training(capacity=1, starts_at=NOW - timedelta(days=10 + number))
        early = NOW - timedelta(days=20)
        sign_up(past, *people, now=early)
        if number < 2:
            leave(past, people[0], now=early)
    training = make_training(slug="steps", capacity=1)
    sign_up(training, *people)
    page = log_in(people[1]).get("/training/steps").text
    assert "Number 1 or later got in: in 2 of 5 earlier sessions" in page
    assert "in 0 of 5 earlier sessions" in log_in(people[2]).get("/training/steps").text


def test_another_sentence_needs_another_consent() -> None:
    training, person = make_training(), make_user()
    ask(training, Question(Form.CONSENT, "My name may be on the list."), Question(Form.TEXT, "Team?"))
    consent, team = list_questions(db.session(), training.id)
    with transaction() as session:
        enrol(session, training.id, actor=person, now=NOW, answers={consent.id: "yes", team.id: "Routing"})
    ask(
        training,
        Question(Form.CONSENT, "My picture may be in the paper.", id=consent.id),
        Question(Form.TEXT, "Which team?", id=team.id),
    )
    assert answers() == ["Routing"]


def test_whoever_a_lead_signed_up_is_reminded_of_the_questions(log_in: LogIn) -> None:
    lead, ann = make_user("Lead"), make_user("Ann")
    team = make_team("Payments", ann, lead=lead)
    training = make_training(slug="steps")
    ask(training, Question(Form.TEXT, "Which service?"))
    assert log_in(lead).post(f"/training/steps/team?team={team.slug}", data={"people": [ann.id]}).status_code == 303
    browser = log_in(ann)
    assert "There are questions to answer" in browser.get("/training/steps").text
    question = list_questions(db.session(), training.id)[0]
    data = {"answered": "1", f"question-{question.id}": "Routing"}
    assert browser.post("/training/steps/enrolment", data=data).status_code == 303
    assert "There are questions to answer" not in browser.get("/training/steps").text
