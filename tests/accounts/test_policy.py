"""Who may manage people, who may change a team, and what each may find."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts.login import Visitor
from app.accounts.models import Team, User
from app.accounts.policy import audience_of, can_change_team, can_manage_people, can_manage_teams
from app.accounts.rules import Permission, Role
from tests.factories.people import make_team, make_user

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def people(app: Flask) -> dict[str, User]:
    return {
        "lead": make_user("Lin Yue"),
        "member": make_user("Chen Xiao"),
        "lead elsewhere": make_user("Marta Oliveira"),
        "coach": make_user("Zhou Ming", Role.COACH),
        "editor": make_user("Wang Lei", Role.EDITOR),
        "administrator": make_user("Ada", Role.ADMINISTRATOR),
    }


@pytest.fixture
def team(people: dict[str, User]) -> Team:
    make_team("Elsewhere", people["member"], lead=people["lead elsewhere"])
    return make_team("Payments", people["member"], lead=people["lead"])


def test_only_administrators_manage_people_and_teams(people: dict[str, User]) -> None:
    assert [name for name, person in people.items() if can_manage_people(person)] == ["administrator"]
    assert [name for name, person in people.items() if can_manage_teams(person)] == ["administrator"]


def test_a_team_is_changed_by_its_lead_and_by_administrators(people: dict[str, User], team: Team) -> None:
    assert [name for name, person in people.items() if can_change_team(person, team)] == ["lead", "administrator"]


def test_what_a_reader_may_find(people: dict[str, User], team: Team) -> None:
    lead, editor = people["lead"], people["editor"]

    assert audience_of(None) == {"public"}
    assert audience_of(lead) == {"public", "member", f"user:{lead.id}", f"team:{team.id}"}
    assert audience_of(editor) == {"public", "member", f"user:{editor.id}", "role:editor"}


def test_a_visitor_may_nothing() -> None:
    assert not any(Visitor().may(permission) for permission in Permission)
