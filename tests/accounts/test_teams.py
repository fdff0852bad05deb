"""Teams: who sets them up, who leads them, who is in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import Membership, Team, User
from app.accounts.rules import Role
from app.kernel.db import db, transaction
from tests.factories.people import make_team, make_user


@pytest.fixture
def people(app: Flask) -> dict[str, User]:
    return {
        "administrator": make_user("Ada", Role.ADMINISTRATOR),
        "lead": make_user("Lin Yue"),
        "member": make_user("Chen Xiao", email="chen@example.com"),
        "outsider": make_user("Marta Oliveira", email="marta@example.com"),
        "editor": make_user("Wang Lei", Role.EDITOR),
    }


@pytest.fixture
def team(people: dict[str, User]) -> Team:
    return make_team("Payments", people["member"], lead=people["lead"])


@pytest.fixture
def browse(people: dict[str, User], log_in: Callable[[User], FlaskClient]) -> Callable[[str], FlaskClient]:
    return lambda name: log_in(people[name])


def is_in(team: Team, user: User) -> Membership | None:
    db.session.expire_all()
    return next((each for each in team.memberships if each.user_id == user.id), None)


def test_a_team_is_set_up(browse: Callable[[str], FlaskClient]) -> None:
    typed = {"name": " Payments ", "organisation": "Bank", "about": "Pays.\n\nOn time.", "is_benchmark": "y"}

    answer = browse("administrator").post("/teams/new", data=typed)

    team = db.session.scalars(select(Team)).one()
    assert (answer.status_code, answer.location) == (303, f"/teams/{team.slug}")
    assert team.slug.startswith("payments-")
    assert (team.name, team.organisation, team.is_benchmark) == ("Payments", "Bank", True)
    page = browse("outsider").get(f"/teams/{team.slug}").text
    assert "<p>Pays.</p>" in page
    assert "Benchmark team" in page
    assert "Nobody yet." in page


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"name": ""}, "Please fill this in."),
        ({"name": "  "}, "Please fill this in."),
        ({"name": "x" * 121}, "Use at most 120 characters."),
        ({"name": "Payments"}, "There is a team of that name already."),
        ({"name": "Core", "about": "x" * 2001}, "Use at most 2,000 characters."),
    ],
)
def test_a_team_that_cannot_be_is_refused(
    browse: Callable[[str], FlaskClient], team: Team, typed: dict[str, str], message: str
) -> None:
    answer = browse("administrator").post("/teams/new", data=typed)

    assert answer.status_code == 422
    assert message in answer.text
    assert db.session.scalar(select(func.count()).select_from(Team)) == 1


def test_a_team_is_edited_and_keeps_its_address(browse: Callable[[str], FlaskClient], team: Team) -> None:
    ada, slug = browse("administrator"), team.slug
    assert 'value="Payments"' in ada.get(f"/teams/{slug}/edit").text

    answer = ada.post(f"/teams/{slug}/edit", data={"name": "Payment Platform"})

    assert answer.location == f"/teams/{slug}"
    assert (team.name, team.is_benchmark) == ("Payment Platform", False)
    assert ada.post(f"/teams/{slug}/edit", data={"name": "Payment Platform"}).status_code == 303


def test_a_name_that_another_team_has_is_refused(browse: Callable[[str], FlaskClient], team: Team) -> None:
    make_team("Core")

    answer = browse("administrator").post(f"/teams/{team.slug}/edit", data={"name": "Core"})

    assert answer.status_code == 422
    assert team.name == "Payments"


@pytest.mark.parametrize("name", ["lead", "member", "outsider", "editor"])
def test_only_administrators_edit_a_team(browse: Callable[[str], FlaskClient], team: Team, name: str) -> None:
    browser = browse(name)

    assert browser.get(f"/teams/{team.slug}/edit").status_code == 403
    assert browser.post(f"/teams/{team.slug}/edit", data={"name": "Mine"}).status_code == 403
    assert f"/teams/{team.slug}/edit" not in browser.get(f"/teams/{team.slug}").text


@pytest.mark.parametrize("name", ["administrator", "lead"])
def test_who_leads_puts_people_in_and_takes_them_out(
    browse: Callable[[str], FlaskClient], people: dict[str, User], team: Team, name: str
) -> None:
    browser, marta = browse(name), people["outsider"]

    answer = browser.post(f"/teams/{team.slug}/members", data={"email": "Marta@example.com"})
    assert (answer.status_code, answer.location) == (303, f"/teams/{team.slug}")
    membership = is_in(team, marta)
    assert membership is not None
    assert not membership.is_lead

    browser.post(f"/teams/{team.slug}/members", data={"email": "marta@example.com", "is_lead": "y"})
    membership = is_in(team, marta)
    assert membership is not None
    assert membership.is_lead

    answer = browser.post(f"/teams/{team.slug}/members/{marta.id}/delete")
    assert (answer.status_code, answer.location) == (303, f"/teams/{team.slug}")
    assert is_in(team, marta) is None
    assert db.session.get(User, marta.id) is marta


@pytest.mark.parametrize("name", ["member", "outsider", "editor"])
def test_others_change_nothing(
    browse: Callable[[str], FlaskClient], people: dict[str, User], team: Team, name: str
) -> None:
    browser = browse(name)

    put_in = browser.post(f"/teams/{team.slug}/members", data={"email": "marta@example.com", "is_lead": "y"})
    take_out = browser.post(f"/teams/{team.slug}/members/{people['lead'].id}/delete")

    assert (put_in.status_code, take_out.status_code) == (403, 403)
    page = browser.get(f"/teams/{team.slug}").text
    assert "Put somebody in" not in page
    assert people["lead"].email not in page
    assert is_in(team, people["lead"]) is not None


@pytest.mark.parametrize(
    ("email", "message"),
    [
        ("nobody@example.com", "Nobody has an account with this address."),
        ("closed@example.com", "Nobody has an account with this address."),
        ("nonsense", "That is not an e-mail address."),
        ("", "Please fill this in."),
    ],
)
def test_who_cannot_be_put_in(browse: Callable[[str], FlaskClient], team: Team, email: str, message: str) -> None:
    closed = make_user("Closed", email="closed@example.com")
    with transaction():
        closed.disabled_at = datetime(2026, 11, 1, tzinfo=UTC)

    answer = browse("lead").post(f"/teams/{team.slug}/members", data={"email": email})

    assert answer.status_code == 422
    assert message in answer.text
    assert "Lin Yue" in answer.text
    assert db.session.scalar(select(func.count()).select_from(Membership)) == 2


def test_who_leads_comes_first_on_the_page(browse: Callable[[str], FlaskClient], team: Team) -> None:
    page = browse("outsider").get(f"/teams/{team.slug}").text

    assert page.index("Lin Yue") < page.index("Chen Xiao")
    assert "Put somebody in" in browse("lead").get(f"/teams/{team.slug}").text


def test_the_list_of_teams(
    app: Flask, browse: Callable[[str], FlaskClient], people: dict[str, User], count_queries: list[str]
) -> None:
    browser = browse("member")
    assert "An administrator can set yours up." in browser.get("/teams/").text
    assert "Set up the first one" in browse("administrator").get("/teams/").text
    make_team("Payments", people["member"], lead=people["lead"])
    count_queries.clear()
    page = browser.get("/teams/").text
    few = len(count_queries)
    assert "Led by Lin Yue" in page
    assert "2 people" in page
    assert "New team" not in page

    for number in range(30):
        make_team(f"Team {number}", people["member"], lead=people["lead"])
    count_queries.clear()
    browser.get("/teams/")

    assert len(count_queries) == few


def test_visitors_see_what_a_team_does_but_not_who_is_in_it(
    client: FlaskClient, team: Team, people: dict[str, User]
) -> None:
    assert client.get("/teams/").location == "/login?next=/teams/"
    page = client.get(f"/teams/{team.slug}").text
    assert team.name in page
    assert "People in the team" not in page
    assert [person.name for person in people.values() if person.name in page] == []


def test_a_team_that_is_not_there(browse: Callable[[str], FlaskClient]) -> None:
    assert browse("administrator").get("/teams/none").status_code == 404
    assert browse("administrator").post("/teams/none/members", data={"email": "a@example.com"}).status_code == 404
