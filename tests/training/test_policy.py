"""Named people, and what each may see and do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.db import db
from app.training.models import TrainingSession
from app.training.policy import can_create, can_edit, can_join, can_read
from app.training.queries import visible_to
from tests.factories.people import make_team, make_user
from tests.factories.training import make_coach, make_training, sign_up

NAMES = ("owner", "coach", "colleague", "attendee", "outsider", "editor", "administrator")


@dataclass
class Cast:
    """Everybody, and one session in each state: made by the owner, run by the coach."""

    people: dict[str, User]
    trainings: dict[str, TrainingSession]

    def __getitem__(self, name: str) -> User | None:
        return self.people.get(name)


@pytest.fixture
def cast(session: object, clock: object) -> Cast:
    owner, coach = make_user("Owner", Role.EDITOR), make_coach("Coach")
    people = {
        "owner": owner,
        "coach": coach,
        "colleague": make_coach("Colleague"),
        "attendee": make_user("Attendee"),
        "outsider": make_user("Outsider"),
        "editor": make_user("Editor", Role.EDITOR),
        "administrator": make_user("Administrator", Role.ADMINISTRATOR),
    }
    make_team("Payments", owner, people["colleague"])
    trainings = {
        state: make_training(coach, state=state, made_by=owner, slug=state)
        for state in ("draft", "published", "cancelled")
    }
    sign_up(trainings["published"], people["attendee"])
    return Cast(people, trainings)


def test_who_may_create(cast: Cast) -> None:
    assert {name for name in NAMES if can_create(cast.people[name])} == {
        "owner", "coach", "colleague", "editor", "administrator",
    }  # fmt: skip


def test_who_may_edit_and_take_the_roster(cast: Cast) -> None:
    for training in cast.trainings.values():
        allowed = {name for name in NAMES if can_edit(cast.people[name], training)}
        assert allowed == {"owner", "coach", "administrator"}


def test_who_may_see_a_draft(cast: Cast) -> None:
    draft = cast.trainings["draft"]
    assert {name for name in (*NAMES, "visitor") if can_read(cast[name], draft)} == {"owner", "coach", "administrator"}


def test_everybody_may_see_what_was_published(cast: Cast) -> None:
    for state in ("published", "cancelled"):
        assert all(can_read(cast[name], cast.trainings[state]) for name in (*NAMES, "visitor"))


@pytest.mark.parametrize("name", [*NAMES, "visitor"])
def test_what_sql_shows_is_what_the_policy_says(cast: Cast, name: str) -> None:
    user = cast[name]
    shown = {training.state for training in db.session.execute(visible_to(user)).scalars()}
    assert shown == {state for state, training in cast.trainings.items() if can_read(user, training)}


def test_who_sees_the_link_to_join(cast: Cast) -> None:
    training = cast.trainings["published"]
    seen = {name for name in NAMES if can_join(cast[name], training, has_seat=name == "attendee")}
    assert seen == {"owner", "coach", "attendee", "administrator"}
    assert not can_join(None, training, has_seat=False)


@pytest.mark.parametrize("name", [*NAMES, "visitor"])
def test_the_pages_hold_to_it(
    cast: Cast, name: str, log_in: Callable[[User], FlaskClient], client: FlaskClient
) -> None:
    user = cast[name]
    browser = client if user is None else log_in(user)
    runs = name in {"owner", "coach", "administrator"}
    answers = {
        "/training/draft": 200 if runs else 404,
        "/training/draft.ics": 200 if runs else 404,
        "/training/published": 200,
        "/training/cancelled": 200,
        "/training/published/edit": 303 if user is None else 200 if runs else 403,
        "/training/published/roster": 303 if user is None else 200 if runs else 403,
        "/training/published/roster.csv": 303 if user is None else 200 if runs else 403,
        "/training/draft/roster": 303 if user is None else 200 if runs else 404,
        "/training/new": 303 if user is None else 403 if name in {"attendee", "outsider"} else 200,
        "/training/mine": 303 if user is None else 200,
    }
    assert {path: browser.get(path).status_code for path in answers} == answers


@pytest.mark.parametrize("name", [*NAMES, "visitor"])
def test_the_link_is_on_the_page_of_those_alone_who_may_join(
    cast: Cast, name: str, log_in: Callable[[User], FlaskClient], client: FlaskClient
) -> None:
    user = cast[name]
    browser = client if user is None else log_in(user)
    expected = name in {"owner", "coach", "attendee", "administrator"}
    for path in ("/training/published", "/training/published.ics"):
        assert ("https://meet.example.com/steps" in browser.get(path).text) == expected
