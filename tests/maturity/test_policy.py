"""Who sees an assessment and who may do what to it: member, lead, outsider, coaches, leader, administrator, visitor."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask

from app.accounts.models import Team, User
from app.accounts.rules import Role
from app.kernel.db import db, transaction
from app.kernel.errors import NotFoundError
from app.maturity import policy
from app.maturity.models import Assessment
from app.maturity.queries import get_assessment, get_mark, list_left_behind, visible_to
from app.maturity.rules import RUNNING, State, Step
from tests.factories.assessments import NOW, begin
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user


@dataclass
class Cast:
    """Everybody who might look."""

    people: dict[str, User | None]
    team: Team
    assessment_id: int

    def put(self, state: State) -> Assessment:
        """As it is in `state`, with the verifier who would be there."""
        with transaction() as session:
            assessment = session.get_one(Assessment, self.assessment_id)
            assessment.state, assessment.state_since = state, NOW
            has_verifier = state in {State.VERIFYING, State.RETURNED, State.FINAL}
            verifier = self.people["verifier"]
            assessment.verifier_id = verifier.id if has_verifier and verifier else None
        return get_assessment(self.assessment_id)

    def who(self, may: object) -> set[str]:
        assert callable(may)
        return {name for name, person in self.people.items() if may(person)}


@pytest.fixture
def cast(app: Flask) -> Cast:
    people: dict[str, User | None] = {
        "lead": make_user("Lea Lead"),
        "member": make_user("Mia Member"),
        "beginner": make_user("Ben Beginner"),
        "coach of the team": make_user("Tom Teamcoach", Role.COACH),
        "verifier": make_user("Vera Verifier", Role.COACH),
        "other coach": make_user("Cora Coach", Role.COACH),
        "leader": make_user("Leo Leader", Role.LEADER),
        "administrator": make_user("Ada Administrator", Role.ADMINISTRATOR),
        "editor": make_user("Edda Editor", Role.EDITOR),
        "outsider": make_user("Olga Outsider"),
        "visitor": None,
    }
    of_team = [people[name] for name in ("member", "beginner", "coach of the team")]
    team = make_team("Payments", *[person for person in of_team if person], lead=people["lead"])
    beginner = people["beginner"]
    assert beginner
    return Cast(people, team, begin(team, make_framework(), beginner))


TEAM = {"lead", "member", "beginner", "coach of the team"}
SEEN_BY = {
    State.ANSWERING: TEAM,
    State.SUBMITTED: TEAM | {"verifier", "other coach"},
    State.VERIFYING: TEAM | {"verifier"},
    State.RETURNED: TEAM | {"verifier"},
    State.FINAL: TEAM | {"verifier"},
    State.WITHDRAWN: TEAM,
}


@pytest.mark.parametrize("state", list(State))
def test_who_sees_it(cast: Cast, state: State) -> None:
    assessment = cast.put(state)
    assert cast.who(lambda person: policy.can_read(person, assessment)) == SEEN_BY[state]


@pytest.mark.parametrize("state", list(State))
def test_the_question_to_the_database_is_the_same(cast: Cast, state: State) -> None:
    cast.put(state)

    def finds(person: User | None) -> bool:
        return db.session.execute(visible_to(person)).scalars().first() is not None

    assert cast.who(finds) == SEEN_BY[state]


def test_whoever_does_not_see_it_finds_nothing(cast: Cast) -> None:
    cast.put(State.ANSWERING)
    outsider = cast.people["outsider"]
    assert outsider
    for look in (get_assessment, get_mark):
        with pytest.raises(NotFoundError):
            look(cast.assessment_id, outsider)


def test_the_team_answers_and_nobody_else(cast: Cast) -> None:
    assessment = cast.put(State.ANSWERING)
    assert cast.who(lambda person: person and policy.can_answer(person, assessment)) == TEAM


def test_to_withdraw_takes_whoever_leads_or_began(cast: Cast) -> None:
    assessment = cast.put(State.ANSWERING)
    assert cast.who(lambda person: person and policy.can_withdraw(person, assessment)) == {"lead", "beginner"}


def test_where_nobody_leads_anybody_of_the_team_withdraws(cast: Cast) -> None:
    with transaction() as session:
        for membership in session.get_one(Team, cast.team.id).memberships:
            membership.is_lead = False
    assessment = cast.put(State.ANSWERING)
    assert cast.who(lambda person: person and policy.can_withdraw(person, assessment)) == TEAM


@pytest.mark.parametrize("state", list(State))
def test_what_a_team_without_people_left_behind_is_ended_by_an_administrator(cast: Cast, state: State) -> None:
    cast.put(state)
    assert list_left_behind() == []
    with transaction() as session:
        for membership in session.get_one(Team, cast.team.id).memberships:
            session.delete(membership)
    db.session.expire_all()
    assessment = get_assessment(cast.assessment_id)
    ends = cast.who(lambda person: person and policy.can_withdraw(person, assessment))
    assert ends == ({"administrator"} if state in RUNNING else set())
    assert list_left_behind() == ([assessment] if state in RUNNING else [])
    assert "administrator" not in cast.who(lambda person: policy.can_read(person, assessment))


@pytest.mark.parametrize(
    ("state", "step", "who"),
    [
        (State.ANSWERING, Step.SUBMIT, TEAM),
        (State.SUBMITTED, Step.TAKE_BACK, TEAM),
        (State.SUBMITTED, Step.TAKE_ON, {"verifier", "other coach"}),
        (State.VERIFYING, Step.HAND_BACK, {"verifier"}),
        (State.VERIFYING, Step.RETURN, {"verifier"}),
        (State.VERIFYING, Step.CONFIRM, {"verifier"}),
        (State.RETURNED, Step.REPLY, TEAM),
        (State.RETURNED, Step.WITHDRAW, {"lead", "beginner"}),
    ],
)
def test_whose_step_it_is(cast: Cast, state: State, step: Step, who: set[str]) -> None:
    assessment = cast.put(state)
    assert cast.who(lambda person: person and policy.can_take(person, assessment, step)) == who


def test_who_sees_where_a_team_stands(cast: Cast) -> None:
    coaches = {"coach of the team", "verifier", "other coach"}
    seers = TEAM | coaches | {"leader", "administrator"}
    assert cast.who(lambda person: policy.can_see_standing(person, cast.team)) == seers
    with transaction() as session:
        session.get_one(Team, cast.team.id).is_benchmark = True
    everybody = set(cast.people) - {"visitor"}
    assert cast.who(lambda person: policy.can_see_standing(person, cast.team)) == everybody
