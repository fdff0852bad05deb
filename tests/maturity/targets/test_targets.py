"""The levels that a team wants to have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Team, User
from app.accounts.rules import Role
from app.capabilities.models import Framework
from app.capabilities.queries import get_framework
from app.kernel.errors import InvalidInputError
from app.maturity.assessing.rules import Said
from app.maturity.targets.queries import present_levels, targets_of
from app.maturity.targets.rules import Wish, check, propose
from tests.factories.assessments import begin, say
from tests.factories.frameworks import make_framework, rename_capability
from tests.factories.maturity import make_snapshot
from tests.factories.people import make_team, make_user

LogIn = Callable[[User], FlaskClient]
TODAY = date(2026, 11, 16)


@pytest.fixture
def lin(app: Flask) -> User:
    return make_user("Lin Yue")


@pytest.fixture
def team(lin: User) -> Team:
    return make_team("Payments", lead=lin)


@pytest.fixture
def framework(app: Flask) -> Framework:
    return make_framework()


def address(team: Team) -> str:
    return f"/maturity/teams/{team.slug}/targets"


def test_one_level_up_is_proposed_as_long_as_there_is_one() -> None:
    assert [propose(level) for level in (None, 1, 4, 5)] == [None, 2, 5, None]


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish(6), "level"),
        (Wish(None, reason="because"), "level"),
        (Wish(3, date(2040, 1, 1)), "due"),
        (Wish(3, reason="x" * 301), "reason"),
    ],
)
def test_what_cannot_be_a_target(wish: Wish, field: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check(wish, TODAY)
    assert refused.value.field == field


def test_where_the_team_is_comes_from_what_was_agreed_and_else_from_what_it_says(
    team: Team, framework: Framework, lin: User
) -> None:
    make_snapshot(team, framework, {"version-control": 3})
    assessment_id = begin(team, framework, lin)
    say(assessment_id, "version-control", Said(5), lin)
    say(assessment_id, "test-automation", Said(2), lin)
    assert present_levels(team.id, framework, with_running=True) == {
        "version-control": 3,
        "change-management": None,
        "test-automation": 2,
    }


def test_targets_are_set_changed_and_taken_away(
    team: Team, framework: Framework, lin: User, log_in: LogIn, clock: object
) -> None:
    browser = log_in(lin)
    form = {
        "framework": framework.slug,
        "level-version-control": "4",
        "due-version-control": "2027-06-30",
        "reason-version-control": "Releases wait for branches",
        "level-test-automation": "2",
    }
    assert browser.post(address(team), data=form).status_code == 303
    targets = targets_of(team.id, framework.id)
    kept = {slug: (each.level, each.due_on, each.reason) for slug, each in targets.items()}
    assert kept == {
        "version-control": (4, date(2027, 6, 30), "Releases wait for branches"),
        "test-automation": (2, None, ""),
    }
    shown = browser.get(address(team)).text
    assert 'value="Releases wait for branches"' in shown
    form |= {
        "was-level-version-control": "4",
        "was-due-version-control": "2027-06-30",
        "was-reason-version-control": "Releases wait for branches",
        "was-level-test-automation": "2",
        "level-test-automation": "",
    }
    browser.post(address(team), data=form)
    assert list(targets_of(team.id, framework.id)) == ["version-control"]


def test_what_somebody_else_has_set_since_is_left_alone(
    team: Team, framework: Framework, lin: User, log_in: LogIn
) -> None:
    browser, common = log_in(lin), {"framework": framework.slug}
    browser.post(address(team), data=common | {"level-version-control": "4"})
    # This page was opened before that.
    browser.post(address(team), data=common | {"level-test-automation": "3"})
    assert {slug: each.level for slug, each in targets_of(team.id, framework.id).items()} == {
        "version-control": 4,
        "test-automation": 3,
    }


def test_what_is_wrong_is_said_beside_it_and_nothing_is_set(
    team: Team, framework: Framework, lin: User, log_in: LogIn
) -> None:
    form = {"framework": framework.slug, "level-version-control": "3", "due-version-control": "soon"}
    refused = log_in(lin).post(address(team), data=form)
    assert (refused.status_code, "That is no day." in refused.text) == (422, True)
    assert targets_of(team.id, framework.id) == {}


def test_one_level_up_everywhere_leaves_what_is_set(team: Team, framework: Framework, lin: User, log_in: LogIn) -> None:
    make_snapshot(team, framework, {"version-control": 3, "change-management": 5, "test-automation": 1})
    browser = log_in(lin)
    browser.post(address(team), data={"framework": framework.slug, "level-test-automation": "4"})
    for _time in range(2):
        assert browser.post(address(team), data={"framework": framework.slug, "action": "up"}).status_code == 303
    assert {slug: each.level for slug, each in targets_of(team.id, framework.id).items()} == {
        "version-control": 4,
        "test-automation": 4,
    }


def test_who_sees_them_and_who_sets_them(team: Team, framework: Framework, log_in: LogIn, client: FlaskClient) -> None:
    outsider, coach, leader = (
        make_user("Olga"),
        make_user("Cora", Role.COACH),
        make_user("Leo", Role.LEADER),
    )
    form = {"framework": framework.slug, "level-version-control": "3"}
    assert log_in(outsider).get(address(team)).status_code == 404
    assert log_in(outsider).post(address(team), data=form).status_code == 404
    for person in (coach, leader):
        seen = log_in(person).get(address(team))
        assert (seen.status_code, "Save the targets" in seen.text) == (200, False)
        assert log_in(person).post(address(team), data=form).status_code == 403
    assert client.get(address(team)).status_code == 303
    assert targets_of(team.id, framework.id) == {}


def test_others_read_neither_why_nor_what_is_not_verified(
    team: Team, framework: Framework, lin: User, log_in: LogIn
) -> None:
    form = {"framework": framework.slug, "level-test-automation": "4", "reason-test-automation": "The audit said so."}
    assert log_in(lin).post(address(team), data=form).status_code == 303
    say(begin(team, framework, lin), "version-control", Said(level=3), lin)

    def told(person: User) -> tuple[bool, bool]:
        page = log_in(person).get(address(team)).text
        return "The audit said so." in page, "now:" in page

    assert told(lin) == (True, True)
    assert told(make_user("Cora", Role.COACH)) == (True, False)
    assert told(make_user("Leo", Role.LEADER)) == (False, False)


def test_levels_follow_a_name(team: Team, framework: Framework) -> None:
    make_snapshot(team, framework, {"version-control": 3})
    rename_capability(framework, "version-control", "keeping-versions")
    found = present_levels(team.id, get_framework(framework.slug), with_running=False)
    assert found == {"keeping-versions": 3, "change-management": None, "test-automation": None}


def test_where_nothing_applies_somebody_has_said_so(team: Team, framework: Framework, lin: User, log_in: LogIn) -> None:
    browser, none = log_in(lin), Said(is_not_applicable=True, reason="We write no software.")
    assessment_id = begin(team, framework, lin)
    say(assessment_id, "test-automation", none, lin)
    assert "Nobody has said yet where the team is." in browser.get(address(team)).text
    for capability in ("version-control", "change-management"):
        say(assessment_id, capability, none, lin)
    page = browser.get(address(team)).text
    assert "Nobody has said yet where the team is." not in page
    assert "Nothing of this framework applies to the team" in page
    assert page.count("does not apply") == 3
    assert "not assessed" not in page
