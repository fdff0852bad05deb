"""From candidate to coach to lead coach: what counts, who decides, and who sees it."""

from __future__ import annotations

from collections.abc import Callable
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
from app.jobs.models import Mail
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from app.notifications.models import Notice
from app.training.models import TrainingSession
from app.training.seats.presence import Presence
from app.web.stored import MAX_BYTES, Store
from tests.factories.afterwards import make_past, mark, say
from tests.factories.coaches import make_coach
from tests.factories.growth import apply, bring_path, observe, put
from tests.factories.people import make_user
from tests.factories.training import DAY, NOW, make_training

LogIn = Callable[[User], FlaskClient]
SECRET = "Xylophone merger"


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
    log_in(make_user("Bob")).post("/training/full/enrolment")
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
    person = f"/coaching/path/people/{ann.id}"
    for outsider in (eve, ann, cora, make_user("Ada", Role.ADMINISTRATOR)):
        browser = log_in(outsider)
        assert [browser.get(path).status_code for path in ("/coaching/path/people", person)] == [404, 404]
        assert browser.post(f"/coaching/path/applications/{application.id}/approval").status_code == 404
        if outsider is not ann:
            for path in ("/", "/coaching/path", "/coaches/", "/search?q=Xylophone", "/teams/"):
                assert "merger" not in browser.get(path).text, path
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
