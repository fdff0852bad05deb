"""Who sees what a team writes in which state, and who may do what: told with named people."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.policy import audience_of
from app.accounts.rules import Role
from app.case_studies.models import CaseStudy
from app.case_studies.policy import can_read as can_read_published
from app.case_studies.queries import visible_to as published_visible_to
from app.kernel.db import db
from app.writing import policy
from app.writing.models import Manuscript
from app.writing.queries import list_reviewers, list_writers, queue_of, visible_to
from app.writing.rules import DECISIONS, State, Step
from tests.factories.case_studies import change, make_manuscript, make_story
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user

pytestmark = pytest.mark.both_databases
TEAM = {"owner", "colleague", "own editor"}


@dataclass
class Cast:
    people: dict[str, User | None]
    texts: dict[State, Manuscript]


@pytest.fixture
def cast(app: Flask) -> Cast:
    people: dict[str, User | None] = {
        "owner": make_user("Owner"),
        "colleague": make_user("Colleague"),
        "own editor": make_user("Own Editor", Role.EDITOR),
        "outsider": make_user("Outsider"),
        "editor": make_user("Editor", Role.EDITOR),
        "administrator": make_user("Administrator", Role.ADMINISTRATOR, Role.COACH),
        "visitor": None,
    }
    owner, editor = people["owner"], people["editor"]
    assert owner is not None
    members = [person for name, person in people.items() if name in TEAM and person is not None]
    team = make_team("Payments", *members)
    make_team("Elsewhere", *[person for name, person in people.items() if name not in TEAM and person is not None])
    capability = make_framework().areas[0].capabilities[0]
    texts = {state: make_manuscript(owner, make_story(team, capability), state, editor) for state in State}
    return Cast(people, texts)


SEEN_BY = {
    State.DRAFT: TEAM,
    State.SUBMITTED: TEAM | {"editor"},
    State.CHANGES_REQUESTED: TEAM | {"editor"},
    State.ACCEPTED: TEAM | {"editor"},
    State.REJECTED: TEAM | {"editor"},
}


def test_who_sees_what(cast: Cast) -> None:
    seen = {
        state: {name for name, person in cast.people.items() if policy.can_read(person, text)}
        for state, text in cast.texts.items()
    }
    assert seen == SEEN_BY


def test_the_query_says_the_same_as_the_policy(cast: Cast) -> None:
    everything = list(db.session.execute(select(Manuscript)).scalars())
    for name, person in cast.people.items():
        if person is not None:
            found = set(db.session.execute(visible_to(person)).unique().scalars())
            assert found == {text for text in everything if policy.can_read(person, text)}, name


def test_search_says_the_same_as_the_policy(cast: Cast) -> None:
    for name, person in cast.people.items():
        for state, text in cast.texts.items():
            findable = bool(policy.audience(text) & audience_of(person))
            assert findable == policy.can_read(person, text), (name, state)


def test_what_is_published_is_for_every_reader(cast: Cast) -> None:
    published = list(db.session.execute(select(CaseStudy)).scalars())
    assert [row.slug for row in published] == [cast.texts[State.ACCEPTED].slug]
    for person in cast.people.values():
        assert list(db.session.execute(published_visible_to(person)).scalars()) == published
        assert can_read_published(person, published[0])


def test_the_next_version_of_what_is_published_is_the_teams_again(cast: Cast) -> None:
    text, owner = cast.texts[State.ACCEPTED], cast.people["owner"]
    assert owner is not None
    assert text.team is not None
    change(text, make_story(text.team, text.capability, title="Told anew"), owner)
    seen = {name for name, person in cast.people.items() if policy.can_read(person, text)}
    assert (text.state, seen) == (State.DRAFT, TEAM)
    findable = {name for name, person in cast.people.items() if policy.audience(text) & audience_of(person)}
    assert findable == TEAM


def test_only_the_team_writes_submits_and_takes_back(cast: Cast) -> None:
    text = cast.texts[State.SUBMITTED]
    for name, person in cast.people.items():
        if person is not None:
            own = name in TEAM
            assert policy.can_write(person, text) is own, name
            steps = {Step.SAVE, Step.SUBMIT, Step.TAKE_BACK}
            assert {step for step in steps if policy.can_take(person, text, step)} == (steps if own else set()), name


def test_only_an_editor_of_another_team_decides(cast: Cast) -> None:
    text = cast.texts[State.SUBMITTED]
    deciding = {
        name: [step for step in DECISIONS if policy.can_take(person, text, step)]
        for name, person in cast.people.items()
        if person is not None
    }
    assert deciding == {name: list(DECISIONS) if name == "editor" else [] for name in deciding}


def test_the_queue_has_what_the_reviewer_may_decide(cast: Cast) -> None:
    queues = {}
    for name in ("editor", "own editor"):
        person = cast.people[name]
        assert person is not None
        queues[name] = list(db.session.execute(queue_of(person)).unique().scalars())
    assert queues == {"editor": [cast.texts[State.SUBMITTED]], "own editor": []}


def test_who_is_told(cast: Cast) -> None:
    text = cast.texts[State.DRAFT]
    assert [person.name for person in list_reviewers(text)] == ["Editor"]
    assert [person.name for person in list_writers(text)] == ["Colleague", "Own Editor", "Owner"]
