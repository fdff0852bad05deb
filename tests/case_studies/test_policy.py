"""Who sees a case study in which state, and who may do what: told with named people."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.policy import audience_of
from app.accounts.rules import Role
from app.case_studies import policy
from app.case_studies.models import CaseStudy
from app.case_studies.queries import list_members, list_reviewers, queue_of, visible_to
from app.case_studies.rules import DECISIONS, State, Step
from app.kernel.db import db
from tests.factories.case_studies import make_case_study, make_story
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user

pytestmark = pytest.mark.both_databases
TEAM = {"owner", "colleague", "own editor"}
EVERYBODY = {*TEAM, "outsider", "editor", "administrator", "visitor"}


@dataclass
class Cast:
    people: dict[str, User | None]
    studies: dict[State, CaseStudy]


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
    studies = {state: make_case_study(owner, make_story(team, capability), state, editor) for state in State}
    return Cast(people, studies)


SEEN_BY = {
    State.DRAFT: TEAM,
    State.SUBMITTED: TEAM | {"editor"},
    State.CHANGES_REQUESTED: TEAM | {"editor"},
    State.PUBLISHED: EVERYBODY,
    State.REJECTED: TEAM | {"editor"},
    State.WITHDRAWN: TEAM,
}


def test_who_sees_what(cast: Cast) -> None:
    seen = {
        state: {name for name, person in cast.people.items() if policy.can_read(person, study)}
        for state, study in cast.studies.items()
    }
    assert seen == SEEN_BY


def test_the_query_says_the_same_as_the_policy(cast: Cast) -> None:
    everything = list(db.session.execute(select(CaseStudy)).scalars())
    for name, person in cast.people.items():
        found = set(db.session.execute(visible_to(person)).scalars())
        assert found == {study for study in everything if policy.can_read(person, study)}, name


def test_search_says_the_same_as_the_policy(cast: Cast) -> None:
    for name, person in cast.people.items():
        for state, study in cast.studies.items():
            findable = bool(policy.audience(study) & audience_of(person))
            assert findable == policy.can_read(person, study), (name, state)


def test_only_the_team_writes_submits_and_withdraws(cast: Cast) -> None:
    study = cast.studies[State.SUBMITTED]
    for name, person in cast.people.items():
        if person is not None:
            own = name in TEAM
            assert policy.can_edit(person, study) is own, name
            assert {step for step in Step if step not in DECISIONS and policy.can_take(person, study, step)} == (
                {Step.SUBMIT, Step.WITHDRAW, Step.REOPEN} if own else set()
            ), name


def test_only_an_editor_of_another_team_decides(cast: Cast) -> None:
    study = cast.studies[State.SUBMITTED]
    deciding = {
        name: [step for step in DECISIONS if policy.can_take(person, study, step)]
        for name, person in cast.people.items()
        if person is not None
    }
    assert deciding == {name: list(DECISIONS) if name == "editor" else [] for name in deciding}


def test_the_history_is_for_the_team_and_for_those_who_review(cast: Cast) -> None:
    study = cast.studies[State.PUBLISHED]
    readers = {name for name, person in cast.people.items() if policy.can_see_history(person, study)}
    assert readers == TEAM | {"editor"}


def test_the_queue_has_what_the_reviewer_may_decide(cast: Cast) -> None:
    queues = {}
    for name in ("editor", "own editor"):
        person = cast.people[name]
        assert person is not None
        queues[name] = list(db.session.execute(queue_of(person)).scalars())
    assert queues == {"editor": [cast.studies[State.SUBMITTED]], "own editor": []}


def test_who_is_told(cast: Cast) -> None:
    team_id = cast.studies[State.DRAFT].team_id
    assert [person.name for person in list_reviewers(team_id)] == ["Editor"]
    assert [person.name for person in list_members(team_id)] == ["Colleague", "Own Editor", "Owner"]
