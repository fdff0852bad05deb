"""From candidate to coach to lead coach: what counts, who decides, and who sees it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.coaching.growth import service
from app.coaching.growth.models import Application, Standing
from app.coaching.growth.queries import find_evidence, find_place, list_observations, progress_of
from app.coaching.growth.rules import Evidence
from app.coaching.office_hours import line
from app.coaching.office_hours import service as office
from app.coaching.office_hours.rules import LineStep, Step
from app.config import Config
from app.factory import create_app
from app.jobs.models import Mail
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from app.notifications.models import Notice
from app.search.outbox import rebuild
from app.training.models import TrainingSession
from app.training.seats.presence import Presence
from app.web.security import limiter
from app.web.stored import MAX_BYTES, Store
from tests.factories.afterwards import make_past, mark, say
from tests.factories.coaches import make_coach
from tests.factories.growth import apply, bring_path, observe, put
from tests.factories.office_hours import HOUR, WEDNESDAY_AT_TWO, book, make_hours, stand_in_line
from tests.factories.people import make_user
from tests.factories.training import DAY, NOW, make_training, sign_up

LogIn = Callable[[User], FlaskClient]
SECRET = "Xylophone"


@pytest.fixture(autouse=True)
def path(app: Flask, clock: object) -> None:
    bring_path()


def decide(application: Application, actor: User, reason: str | None = None) -> Application:
    application_id, actor_id = application.id, actor.id
    with transaction() as session:
        person = session.get_one(User, actor_id)
        if reason is None:
            return service.approve(session, application_id, actor=person, now=utc_now())
        return service.decline(session, application_id, reason, actor=person, now=utc_now())


def begin(person: User) -> None:
    person_id = person.id
    with transaction() as session:
        service.begin(session, session.get_one(User, person_id), now=utc_now())


def stage(person: User) -> str | None:
    db.session.rollback()
    place = find_place(db.session.get_one(User, person.id))
    return place.stage.slug if place.stage else None


def roles(person: User) -> list[str]:
    db.session.rollback()
    return db.session.get_one(User, person.id).roles


def evidence(person: User) -> Evidence:
    db.session.rollback()
    person = db.session.get_one(User, person.id)
    return find_evidence(person.id, find_place(person), utc_now())


def test_anybody_begins_as_a_candidate_and_coaches_are_coaches(app: Flask) -> None:
    ann, coach = make_user("Ann"), make_user("Cora", Role.COACH)
    assert [stage(person) for person in (ann, coach)] == [None, "coach"]
    begin(ann)
    begin(ann)
    begin(coach)
    assert [stage(person) for person in (ann, coach)] == ["candidate", "coach"]
    assert db.session.execute(select(Standing.user_id)).scalars().all() == [ann.id]


def test_only_what_took_place_counts(app: Flask) -> None:
    ann, cora = make_user("Ann"), make_user("Cora", Role.COACH)
    there = make_past(cora, ann, kind="coach_training", slug="first")
    missed = make_past(cora, ann, kind="coach_training", slug="second")
    make_past(cora, ann, kind="workshop", slug="third")
    make_past(cora, ann, kind="coach_training", slug="cancelled-one", state="published")
    mark(there, ann, Presence.PRESENT)
    mark(missed, ann, Presence.ABSENT)
    with transaction() as session:
        query = select(TrainingSession).where(TrainingSession.slug == "cancelled-one")
        cancelled = session.execute(query).unique().scalar_one()
        cancelled.state = "cancelled"
    make_past(cora, slug="together", coach_ids=[cora.id, ann.id])
    make_training(cora, slug="to-come", coach_ids=[cora.id, ann.id])
    found = evidence(ann)
    assert (found.attended, found.co_led) == ({"coach_training": 1, "workshop": 1}, 1)


def test_feedback_counts_only_where_it_may_be_shown(app: Flask) -> None:
    ann, people = make_user("Ann"), [make_user(f"Person {number}") for number in range(6)]
    with_four = make_past(ann, *people[:4], slug="four")
    for person in people[:4]:
        say(with_four, person, 1, 1, 1)
    assert (evidence(ann).mark, evidence(ann).answers) == (None, 0)
    with_six = make_past(ann, *people, slug="six")
    for person in people:
        say(with_six, person, 5, 4, 3)
    assert (evidence(ann).mark, evidence(ann).answers) == (4.0, 6)


def test_coaches_watch_and_say_it_again(app: Flask) -> None:
    ann, cora, eve = make_user("Ann"), make_user("Cora", Role.COACH), make_user("Eve", Role.COACH)
    make_past(cora, slug="together", coach_ids=[cora.id, ann.id])
    observe(cora, ann, "together", is_ready=False)
    observe(cora, ann, "together", is_ready=True, strengths="Better")
    observe(eve, ann, "together", is_ready=False)
    found = evidence(ann)
    assert (found.observed, found.ready, evidence(cora).observations_given) == (2, 1, 1)
    assert sorted(each.strengths for each, _title in list_observations(ann.id)) == ["Better", "Clear"]
    told = db.session.execute(select(Mail.kind).where(Mail.user_id == ann.id)).scalars().all()
    assert told == ["path observed", "path observed"]
    wrong = ((ann, ann, "together"), (cora, cora, "together"), (cora, eve, "together"), (cora, ann, "other"))
    for observer, person, slug in wrong:
        with pytest.raises(NotFoundError):
            observe(observer, person, slug)


@pytest.mark.both_databases
def test_a_candidate_becomes_a_coach_by_the_word_of_a_lead_coach(app: Flask) -> None:
    lead = put(make_user("Lea", Role.COACH), "lead-coach")
    ann = put(make_user("Ann"), "candidate")
    with pytest.raises(InvalidInputError):
        apply(ann, "")
    application = apply(ann)
    assert apply(ann).id == application.id
    assert [row["what"] for row in application.evidence] == ["attended_sessions", "co_led", "observed", "feedback"]
    assert db.session.execute(select(Mail.user_id).where(Mail.kind == "path applied")).scalars().all() == [lead.id]
    declined = decide(application, lead, "Run one more session")
    assert (declined.state, stage(ann), roles(ann)) == ("declined", "candidate", [])
    again = apply(ann)
    decide(again, lead)
    assert (stage(ann), roles(ann)) == ("coach", ["coach"])
    standing = db.session.get_one(Standing, ann.id)
    assert (standing.since, standing.approved_by_id) == (date(2026, 11, 16), lead.id)
    with pytest.raises(ConflictError):
        decide(again, lead)
    kinds = db.session.execute(select(Mail.kind).where(Mail.user_id == ann.id).order_by(Mail.id)).scalars().all()
    assert kinds == ["path declined", "path approved"]


def test_nobody_decides_about_themselves_and_only_those_who_may(app: Flask) -> None:
    admin, other_admin = make_user("Adam", Role.ADMINISTRATOR, Role.COACH), make_user("Ada", Role.ADMINISTRATOR)
    coach, ann = make_user("Cora", Role.COACH), put(make_user("Ann"), "candidate")
    own = apply(admin)
    with pytest.raises(NotFoundError):
        decide(own, admin)
    theirs = apply(ann)
    for person in (coach, ann):
        with pytest.raises(NotFoundError):
            decide(theirs, person)
    # While there is no lead coach, administrators decide; from then on they do no more.
    decide(own, other_admin)
    assert stage(admin) == "lead-coach"
    with pytest.raises(NotFoundError):
        decide(theirs, other_admin)
    decide(theirs, admin)
    assert stage(ann) == "coach"


def test_a_lead_coach_who_lost_the_role_decides_no_more(app: Flask) -> None:
    lead, admin = put(make_user("Lea"), "lead-coach"), make_user("Ada", Role.ADMINISTRATOR)
    application = apply(put(make_user("Ann"), "candidate"))
    with pytest.raises(NotFoundError):
        decide(application, lead)
    assert decide(application, admin).state == "approved"


def test_what_was_reached_is_frozen_with_the_application(app: Flask) -> None:
    cora, ann = make_user("Cora", Role.COACH), put(make_user("Ann"), "candidate")
    application = apply(ann)
    make_past(cora, slug="together", coach_ids=[cora.id, ann.id])
    db.session.rollback()
    person = db.session.get_one(User, ann.id)
    now = {each.condition.what: each.have for each in progress_of(person, find_place(person), utc_now())}
    frozen = {row["what"]: row["have"] for row in db.session.get_one(Application, application.id).evidence}
    assert (now["co_led"], frozen["co_led"]) == ({"count": 1}, {"count": 0})


def test_a_coach_takes_somebody_along(app: Flask, log_in: LogIn) -> None:
    cora, ann, eve = make_user("Cora", Role.COACH), make_user("Ann"), make_user("Eve", Role.COACH)
    training = make_training(cora, slug="steps")
    browser = log_in(cora)
    sent = {"session": str(training.id), "email": ann.email.upper()}
    assert browser.post("/coaching/path/along", data={**sent, "email": "nobody@example.com"}).status_code == 422
    assert [browser.post("/coaching/path/along", data=sent).status_code for _ in range(2)] == [303, 303]
    db.session.rollback()
    assert [coach.name for coach in db.session.get_one(TrainingSession, training.id).coaches] == ["Cora", "Ann"]
    assert log_in(eve).post("/coaching/path/along", data=sent).status_code == 422
    assert log_in(ann).get("/coaching/path/along").status_code == 403


def test_whatever_is_wrong_with_an_address_is_said_in_one_sentence(app: Flask, log_in: LogIn) -> None:
    cora, gone = make_user("Cora", Role.COACH), make_user("Gone")
    training, browser = make_training(cora, slug="steps"), log_in(cora)
    with transaction() as session:
        session.get_one(User, gone.id).disabled_at = NOW
    for email in ("nobody@example.com", gone.email, cora.email, "no address at all"):
        answer = browser.post("/coaching/path/along", data={"session": str(training.id), "email": email})
        assert (answer.status_code, "Nobody can be taken along under this address." in answer.text) == (422, True), (
            email
        )


@pytest.fixture
def braked(app: Flask, config: Config) -> Iterator[LogIn]:
    """Browsers at the same site, with the brake on."""
    other = create_app(replace(config, testing=False))

    def logged_in(user: User) -> FlaskClient:
        browser = other.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = user.get_id(), True
        return browser

    yield logged_in
    limiter.enabled = False
    with other.app_context():
        db.engine.dispose()


def test_nobody_tries_out_who_has_an_account(app: Flask, braked: LogIn) -> None:
    cora, eve = make_user("Cora", Role.COACH), make_user("Eve", Role.COACH)
    trying, asking = braked(cora), braked(eve)

    def ask(browser: FlaskClient) -> int:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get("/coaching/path/along").text)
        assert token
        sent = {"csrf_token": token[1], "session": "1", "email": "nobody@example.com"}
        return browser.post("/coaching/path/along", data=sent).status_code

    assert [ask(trying) for _ in range(22)] == [422] * 20 + [429] * 2
    assert ask(asking) == 422


def test_the_page_says_where_i_am_and_what_comes_next(app: Flask, log_in: LogIn) -> None:
    ann, cora = make_user("Ann"), make_user("Cora", Role.COACH)
    browser = log_in(ann)
    assert "I want to become a coach" in browser.get("/coaching/path").text
    assert browser.post("/coaching/path/beginning").status_code == 303
    assert "Wish for it" in browser.get("/coaching/path").text
    full = make_training(cora, slug="full", kind="coach_training", title="Full one", capacity=1, starts_at=NOW + DAY)
    make_training(cora, slug="table", kind="coach_training", title="Coaches’ table", starts_at=NOW + 2 * DAY)
    assert 'href="/training/full"' in browser.get("/coaching/path").text
    sign_up(full, make_user("Bob"))
    page = browser.get("/coaching/path").text
    assert 'href="/training/table"' in page
    assert "Take part in 2 sessions: Coach training" in page
    assert browser.post("/coaching/path/application", data={"words": ""}).status_code == 422
    assert browser.post("/coaching/path/application", data={"words": SECRET}).status_code == 303
    assert "You have asked for it" in browser.get("/coaching/path").text
    assert browser.post("/coaching/path/application/withdrawal").status_code == 303
    assert browser.post("/coaching/path/leaving").status_code == 303
    assert stage(ann) is None


def test_others_see_neither_candidates_nor_observations_nor_words(app: Flask, log_in: LogIn) -> None:
    lead = put(make_coach("Lea Lead").user, "lead-coach")
    cora, eve = make_coach("Cora Coach").user, make_user("Eve")
    ann = put(make_user("Ann Candidate"), "candidate")
    make_past(cora, slug="together", coach_ids=[cora.id, ann.id])
    observe(cora, ann, "together", strengths=SECRET, advice=f"{SECRET} again")
    application = apply(ann, SECRET)
    rebuild()
    person = f"/coaching/path/people/{ann.id}"
    for outsider in (eve, ann, cora, make_user("Ada", Role.ADMINISTRATOR)):
        browser = log_in(outsider)
        assert [browser.get(path).status_code for path in ("/coaching/path/people", person)] == [404, 404]
        assert browser.post(f"/coaching/path/applications/{application.id}/approval").status_code == 404
        if outsider is not ann:
            for path in ("/", "/coaching/path", "/coaches/", "/teams/", f"/search/suggest?q={SECRET[:5]}"):
                assert SECRET not in browser.get(path).text, path
        found = browser.get(f"/search?q={SECRET}").text.replace('href="/coaching/"', "")
        assert ("/coaching/" in found, "/training/together" in found) == (False, False)
    assert "Ann Candidate" not in log_in(eve).get("/coaching/path").text
    assert SECRET in log_in(ann).get("/coaching/path").text
    seen = log_in(lead).get(person).text
    assert seen.count(SECRET) == 3
    assert "Ann Candidate" in log_in(lead).get("/coaching/path/people").text
    assert "1 person asks" in log_in(lead).get("/").text
    assert log_in(lead).post(f"{person}/applications/{application.id}/refusal", data={"reason": ""}).status_code == 422
    sent = log_in(lead).post(f"{person}/applications/{application.id}/refusal", data={"reason": f"{SECRET} so"})
    assert sent.status_code == 303
    assert f"{SECRET} so" in log_in(ann).get("/coaching/path").text
    db.session.rollback()
    told = [*db.session.execute(select(Mail.params)).scalars(), *db.session.execute(select(Notice.params)).scalars()]
    assert SECRET not in str(told)


def test_the_page_of_a_coach_has_a_badge_for_members(app: Flask, log_in: LogIn, client: FlaskClient) -> None:
    lead, cora, ann = make_coach("Lea Lead"), make_coach("Cora Coach"), make_user("Ann")
    put(lead.user, "lead-coach")
    for coach, name in ((lead, "Lead coach"), (cora, "Coach")):
        assert f"</svg> {name}</a>" in log_in(ann).get(f"/coaches/{coach.slug}").text
        assert "/coaching/path" not in client.get(f"/coaches/{coach.slug}").text


@pytest.mark.slow
def test_the_number_of_queries_does_not_grow_with_the_rows(app: Flask, log_in: LogIn, count_queries: list[str]) -> None:
    reader = put(make_user("Rita", *Role), "lead-coach")
    browser = log_in(reader)

    def fill(numbers: range) -> None:
        for number in numbers:
            cora = make_coach(f"Coach {number}").user
            make_past(cora, slug=f"together-{number}", coach_ids=[cora.id, reader.id])
            make_training(reader, slug=f"coming-{number}")
            observe(cora, reader, f"together-{number}")
            apply(put(make_user(f"Candidate {number}"), "candidate"))

    def count() -> dict[str, int]:
        found = {}
        for path in (
            "/coaching/path",
            "/coaching/path/people",
            f"/coaching/path/people/{reader.id}",
            "/coaching/path/observations/new",
            "/coaching/path/along",
        ):
            app.extensions["store"] = Store(MAX_BYTES)
            count_queries.clear()
            assert browser.get(path).status_code == 200, path
            found[path] = len(count_queries)
        return found

    fill(range(4))
    with_four = count()
    fill(range(4, 16))
    assert {path: (with_four[path], number) for path, number in count().items() if number > with_four[path]} == {}


@pytest.mark.both_databases
def test_two_lead_coaches_at_once_decide_once(app: Flask) -> None:
    first, second = (put(make_user(name, Role.COACH), "lead-coach") for name in ("Lea", "Leo"))
    application = apply(put(make_user("Ann"), "candidate"))
    decide(application, first, "Not yet")
    with pytest.raises(ConflictError, match="meanwhile"):
        decide(application, second)
    with time_machine.travel(NOW + DAY, tick=False):
        assert decide(apply(db.session.get_one(User, application.user_id)), second).state == "approved"


def test_bookings_that_were_held_and_people_helped_in_a_line_count(app: Flask) -> None:
    coach, ann, bob = make_coach(), make_user("Ann"), make_user("Bob")
    booked, line_hours = make_hours(coach), make_hours(coach, weekday=0, is_drop_in=True)
    held, _still_to_come = book(booked, ann), book(booked, bob, WEDNESDAY_AT_TWO + HOUR)
    coach_id = coach.user_id

    def come(person: User, step: LineStep) -> None:
        ticket_id = stand_in_line(line_hours, person).id
        with transaction() as session:
            own = session.get_one(User, coach_id)
            line.call(session, ticket_id, coach=own, now=utc_now())
            line.say_how_it_ended(session, ticket_id, step, coach=own, now=utc_now())

    with time_machine.travel(NOW + 4 * HOUR, tick=False):
        for person, step in ((ann, LineStep.SERVE), (ann, LineStep.SERVE), (bob, LineStep.MISS)):
            come(person, step)
        assert find_evidence(coach_id, find_place(coach.user), utc_now()).office_hours_held == 1
    held_id = held.id
    with time_machine.travel(WEDNESDAY_AT_TWO + HOUR, tick=False):
        with transaction() as session:
            own = session.get_one(User, coach_id)
            office.say_how_it_was(session, held_id, Step.HOLD, actor=own, now=utc_now())
        assert find_evidence(coach_id, find_place(coach.user), utc_now()).office_hours_held == 2
