"""Whoever does not run a session cannot do anything at its desk, and nobody can reach one session through another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.routing import Rule

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.db import db, transaction
from app.training.materials.models import Material
from app.training.materials.rules import Audience
from app.training.materials.service import Link, add
from app.training.models import TrainingSession
from app.training.seats.holds import hold
from app.training.seats.models import SeatHold
from app.training.talks.models import Talk
from tests.factories.people import make_team, make_user
from tests.factories.talks import make_talk
from tests.factories.training import NOW, make_coach, make_training, sign_up

LogIn = Callable[[User], FlaskClient]
pytestmark = [pytest.mark.usefixtures("clock"), pytest.mark.slow]

# What people do with a session who do not run it; everything else that stands under its address belongs to those who do.
FOR_EVERYBODY = {
    "training.show",
    "exchange.session",
    "calendar_entries.file",
    "signup.enrol",
    "signup.withdraw",
    "signup.accept",
    "signup.decline",
    "signup.enrol_team",
    "attendance.excuse",
    "feedback.give",
    "feedback.take_back",
}


class House:
    """An exhibition with one of everything, another of another coach, and people of every sort."""

    def __init__(self) -> None:
        self.coach, self.other = make_coach("Own coach"), make_coach("Other coach")
        self.seated, self.waiting = make_user("Seated"), make_user("Waiting")
        self.lead = make_user("Lead")
        self.team = make_team("Gateway", self.seated, lead=self.lead)
        self.people = {
            "member": make_user("Member"),
            "waiting": self.waiting,
            "seated": self.seated,
            "lead": self.lead,
            "other coach": self.other,
            "editor": make_user("Editor", Role.EDITOR),
        }
        self.training = self.session_of(self.coach, "own")
        self.foreign = self.session_of(self.other, "foreign")
        self.draft = make_training(self.coach, slug="draft", kind="exhibition", state="draft")
        sign_up(self.training, self.seated, self.waiting)

    def browsers(self, log_in: LogIn) -> list[tuple[str, FlaskClient]]:
        """Everybody who does not run the session, logged in."""
        return [(who, log_in(person)) for who, person in self.people.items()]

    def session_of(self, coach: User, slug: str) -> TrainingSession:
        return make_training(coach, slug=slug, kind="exhibition", capacity=1)

    def fill(self, training: TrainingSession) -> dict[str, int]:
        """One of everything in the session, by the name that addresses give it."""
        training_id, meeting_id, team_id, coach_id = training.id, training.meetings[0].id, self.team.id, self.coach.id
        talk_id = make_talk(training, "Robots").id
        with transaction() as session:
            link = Link(title="Slides", url="https://example.com/slides", audience=Audience.ALL)
            add(session, training_id, link, now=NOW)
        with transaction() as session:
            session.get_one(TrainingSession, training_id).capacity = 5
        with transaction() as session:
            actor, until = session.get_one(User, coach_id), NOW + timedelta(days=1)
            hold(session, training_id, team_id=team_id, seats=1, until=until, actor=actor, now=NOW)
        return {
            "meeting_id": meeting_id,
            "talk_id": talk_id,
            "material_id": db.session.execute(
                select(Material.id).where(Material.training_id == training_id)
            ).scalar_one(),
            "hold_id": db.session.execute(select(SeatHold.id).where(SeatHold.training_id == training_id)).scalar_one(),
            "user_id": self.seated.id,
            "certificate_id": 1,
        }


@pytest.fixture
def house(app: Flask) -> House:
    return House()


def desk_rules(app: Flask) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/training/<slug>") and rule.endpoint not in FOR_EVERYBODY:
            yield rule


def requests_of(rule: Rule, slug: str, ids: dict[str, int]) -> list[tuple[str, str]]:
    """(method, address) of everything that a rule answers."""
    values: dict[str, Any] = {"slug": slug, "code": "ABCDEFGH", **ids}
    built = rule.build({name: values[name] for name in rule.arguments})
    assert built is not None
    return [(method, built[1]) for method in sorted(rule.methods or ()) if method in {"GET", "POST"}]


def test_the_desk_of_a_session_is_for_those_who_run_it(
    app: Flask, house: House, log_in: LogIn, client: FlaskClient
) -> None:
    ids = house.fill(house.training)
    rules = list(desk_rules(app))
    assert len(rules) > 30

    wrong = [
        (who, method, path, answer.status_code)
        for who, browser in house.browsers(log_in)
        for rule in rules
        for method, path in requests_of(rule, "own", ids)
        if (answer := browser.open(path, method=method)).status_code != 403
    ]
    open_to_visitors = [
        (method, path)
        for rule in rules
        for method, path in requests_of(rule, "own", ids)
        if "/login" not in client.open(path, method=method).headers.get("Location", "")
    ]

    assert (wrong, open_to_visitors) == ([], [])


def test_a_draft_is_not_there_for_others(app: Flask, house: House, log_in: LogIn, client: FlaskClient) -> None:
    ids = dict.fromkeys(("talk_id", "material_id", "hold_id", "user_id", "certificate_id"), 1)
    ids["meeting_id"] = house.draft.meetings[0].id
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/training/<slug>")]

    seen = [
        (who, method, path, answer.status_code)
        for who, browser in house.browsers(log_in)
        for rule in rules
        for method, path in requests_of(rule, "draft", ids)
        if (answer := browser.open(path, method=method)).status_code != 404
    ]
    visitors = [client.get(path).status_code for path in ("/training/draft", "/training/draft.ics")]

    assert (seen, visitors) == ([], [404, 404])


def test_one_session_does_not_lead_into_another(app: Flask, house: House, log_in: LogIn) -> None:
    ids = house.fill(house.foreign)
    browser = log_in(house.coach)
    deep = [rule for rule in desk_rules(app) if rule.arguments - {"slug", "user_id", "code"}]
    assert len(deep) > 15

    answers = {
        f"{method} {path}": browser.open(path, method=method, data={"way": "up", "from": "1"}).status_code
        for rule in deep
        for method, path in requests_of(rule, "own", ids)
    }
    db.session.rollback()
    left = [
        db.session.execute(
            select(func.count()).select_from(model).where(model.training_id == house.foreign.id)
        ).scalar_one()
        for model in (Talk, Material, SeatHold)
    ]

    # To release a hold or remove a talk that is not (any more) of the session changes nothing, and says so to nobody.
    quiet = {path for path, status in answers.items() if status != 404}
    assert quiet == {
        f"POST /training/own/seats/holds/{ids['hold_id']}/delete",
        f"POST /training/own/programme/{ids['talk_id']}/delete",
    }
    assert left == [1, 1, 1]
