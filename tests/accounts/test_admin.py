"""The screens for those who manage people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import Invitation, User
from app.accounts.rules import PERMISSION_NAMES, PERMISSIONS, ROLE_NAMES, Role
from app.kernel.db import db, transaction
from tests.accounts.keys import HASH, is_logged_in, mails, type_in
from tests.factories.people import make_team, make_user


@pytest.fixture
def ada(app: Flask) -> User:
    return make_user("Ada", Role.ADMINISTRATOR, email="ada@example.com")


@pytest.fixture
def yue(app: Flask) -> User:
    return make_user("Lin Yue", email="yue@example.com", password_hash=HASH)


@pytest.fixture
def browser(ada: User, log_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return log_in(ada)


@pytest.mark.parametrize("role", [None, Role.COACH, Role.EDITOR])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/people/"),
        ("get", "/people/1"),
        ("post", "/people/1"),
        ("post", "/people/1/closing"),
        ("post", "/people/1/opening"),
        ("post", "/people/invitations"),
        ("post", "/people/invitations/1/delete"),
        ("get", "/teams/new"),
        ("post", "/teams/new"),
    ],
)
def test_only_administrators_come_here(
    log_in: Callable[[User], FlaskClient], role: Role | None, method: str, path: str
) -> None:
    person = make_user("Somebody", *([role] if role else []))

    answer = getattr(log_in(person), method)(path)

    assert answer.status_code == 403
    assert "An administrator can give you the right to." in answer.text


def test_everybody_is_listed_with_roles_and_teams(browser: FlaskClient, yue: User) -> None:
    make_team("Payments", yue)
    make_user("Marta", Role.COACH, Role.EDITOR)

    page = browser.get("/people/").text

    assert "3 people" in page
    for words in ("Lin Yue", "yue@example.com", "Payments", "Coach", "Editor", "Administrator"):
        assert words in page


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("yue", ["Lin Yue"]),
        ("LIN", ["Lin Yue"]),
        ("example", ["Ada", "Lin Yue", "林岳"]),
        ("林", ["林岳"]),
        ("%", []),
        ("_", []),
        ("x" * 500, []),
    ],
)
def test_people_are_found_by_a_part_of_name_or_address(
    browser: FlaskClient, yue: User, search: str, found: list[str]
) -> None:
    make_user("林岳", email="shan@example.com")

    page = browser.get("/people/", query_string={"q": search}).text

    assert [name for name in ("Ada", "Lin Yue", "林岳") if f">{name}</a>" in page] == found
    assert ("Nobody found" in page) == (not found)


def test_the_list_takes_the_same_queries_for_few_and_many(browser: FlaskClient, count_queries: list[str]) -> None:
    make_team("Payments", make_user("First", Role.COACH))
    browser.get("/people/")
    count_queries.clear()
    browser.get("/people/")
    few = len(count_queries)
    for number in range(30):
        make_team(f"Team {number}", make_user(f"Person {number}", Role.COACH, Role.EDITOR))

    count_queries.clear()
    page = browser.get("/people/").text

    assert len(count_queries) == few
    assert "Page 1 of 2" in page


def test_who_may_do_what_can_be_read_aloud(browser: FlaskClient) -> None:
    page = browser.get("/people/").text

    for role, permissions in PERMISSIONS.items():
        assert f"<dt>{ROLE_NAMES[role]}</dt>" in page
        for permission in permissions:
            assert str(PERMISSION_NAMES[permission]) in page


def test_roles_are_given_and_taken(browser: FlaskClient, yue: User) -> None:
    answer = browser.post(f"/people/{yue.id}", data={"roles": ["coach", "editor"]})

    assert (answer.status_code, answer.location) == (303, f"/people/{yue.id}")
    assert yue.roles == ["coach", "editor"]
    page = browser.get(f"/people/{yue.id}").text
    assert page.count(" checked ") == 2

    browser.post(f"/people/{yue.id}", data={"roles": ["editor"]})
    assert yue.roles == ["editor"]
    browser.post(f"/people/{yue.id}", data={"csrf_token": "as browsers send it"})
    assert yue.roles == []


def test_a_made_up_role_is_refused(browser: FlaskClient, yue: User) -> None:
    assert browser.post(f"/people/{yue.id}", data={"roles": ["owner"]}).status_code == 422
    assert yue.roles == []


def test_nobody_takes_the_own_right_to_administer_away(browser: FlaskClient, ada: User) -> None:
    make_user("Grace", Role.ADMINISTRATOR)

    answer = browser.post(f"/people/{ada.id}", data={"roles": ["coach"]})

    assert answer.status_code == 409
    assert "Ask another administrator." in answer.text
    assert ada.roles == ["administrator"]


def test_the_own_account_is_not_closed(browser: FlaskClient, ada: User) -> None:
    assert browser.post(f"/people/{ada.id}/closing").status_code == 409
    assert ada.is_active
    assert "This is your own account." in browser.get(f"/people/{ada.id}").text


def test_another_administrator_may_be_closed(browser: FlaskClient) -> None:
    grace = make_user("Grace", Role.ADMINISTRATOR)

    assert browser.post(f"/people/{grace.id}/closing").status_code == 303
    assert not grace.is_active


def test_an_account_is_closed_and_opened_again(app: Flask, browser: FlaskClient, yue: User) -> None:
    theirs = app.test_client()
    type_in(theirs, yue.email)

    assert browser.post(f"/people/{yue.id}/closing").location == f"/people/{yue.id}"
    assert not is_logged_in(theirs)
    assert "This account is closed since" in browser.get(f"/people/{yue.id}").text
    assert ">Closed</span>" in browser.get("/people/").text

    browser.post(f"/people/{yue.id}/opening")
    assert type_in(theirs, yue.email).status_code == 303


@pytest.mark.parametrize("user_id", ["0", "999", "99999999999999999999999", "-1", "x"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_is_not_there_is_not_found(browser: FlaskClient, user_id: str, method: str) -> None:
    assert getattr(browser, method)(f"/people/{user_id}").status_code == 404


def test_somebody_is_invited(browser: FlaskClient) -> None:
    answer = browser.post("/people/invitations", data={"email": " Chen@Example.com", "role": "editor"})

    assert answer.status_code == 200
    assert mails()[-1].params["link"] in answer.text
    assert mails()[-1].params["inviter"] == "Ada"
    page = browser.get("/people/").text
    assert "chen@example.com" in page
    assert "Take back" in page


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"email": "chen"}, "That is not an e-mail address."),
        ({"email": "yue@example.com", "role": ""}, "This address has an account already."),
        ({"email": "chen@example.com", "role": "owner"}, "Not a valid choice"),
        ({}, "Please fill this in."),
    ],
)
def test_an_invitation_that_cannot_be_is_refused(
    browser: FlaskClient, yue: User, typed: dict[str, str], message: str
) -> None:
    answer = browser.post("/people/invitations", data=typed)

    assert answer.status_code == 422
    assert message in answer.text
    assert mails() == []


def test_an_invitation_is_taken_back(browser: FlaskClient) -> None:
    browser.post("/people/invitations", data={"email": "chen@example.com", "role": ""})
    invitation_id = db.session.scalars(select(Invitation.id)).one()

    answer = browser.post(f"/people/invitations/{invitation_id}/delete")

    assert (answer.status_code, answer.location) == (303, "/people/")
    assert db.session.scalar(select(func.count()).select_from(Invitation)) == 0
    assert browser.post(f"/people/invitations/{invitation_id}/delete").status_code == 303


def test_an_administrator_who_was_demoted_may_nothing_from_the_next_click_on(browser: FlaskClient, ada: User) -> None:
    assert browser.get("/people/").status_code == 200
    with transaction():
        ada.grants.clear()

    assert browser.get("/people/").status_code == 403
