"""How people get an account: openly, by invitation, as the first administrator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.accounts.models import Invitation, User
from app.accounts.queries import find_by_email
from app.accounts.rules import Role
from app.accounts.tokens import sign_first_administrator, sign_join, sign_reset
from app.kernel.db import db
from tests.accounts.keys import PASSWORD, is_logged_in, mailed_link, mails, type_in
from tests.factories.people import make_user

FILLED_IN = {"name": "Lin Yue", "language": "en", "time_zone": "Asia/Shanghai", "password": PASSWORD}


@pytest.fixture
def by_invitation(configure: Callable[..., None]) -> None:
    configure(registration="invitation")


@pytest.fixture
def administrator(app: Flask, log_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return log_in(make_user("Ada", Role.ADMINISTRATOR))


def ask(client: FlaskClient, email: str = "yue@example.com") -> TestResponse:
    return client.post("/join", data={"email": email})


def invite(administrator: FlaskClient, email: str, role: str = "") -> None:
    assert administrator.post("/people/invitations", data={"email": email, "role": role}).status_code == 200


def test_joining_openly(client: FlaskClient) -> None:
    asked = ask(client, "Yue@Example.com")
    assert asked.status_code == 200
    assert "yue@example.com" in asked.text
    link = mailed_link()
    assert "yue@example.com" in client.get(link).text

    answer = client.post(link, data=FILLED_IN)

    assert (answer.status_code, answer.location) == (303, "/")
    assert "Welcome, Lin Yue." in client.get("/").text
    user = find_by_email("yue@example.com")
    assert user is not None
    assert (user.name, user.language, user.time_zone, user.roles) == ("Lin Yue", "en", "Asia/Shanghai", [])


def test_a_used_link_leads_to_the_log_in(app: Flask, client: FlaskClient) -> None:
    ask(client)
    link = mailed_link()
    client.post(link, data=FILLED_IN)
    stranger = app.test_client()

    again = stranger.post(link, data={**FILLED_IN, "password": "somebody else's idea"})

    assert (again.status_code, again.location) == (303, "/login")
    assert "has an account" in stranger.get("/login").text
    assert type_in(stranger, "yue@example.com").status_code == 303


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": "   "}, "Please fill this in."),
        ({"name": "x" * 81}, "Use at most 80 characters."),
        ({"password": "short"}, "Use at least 10 characters."),
        ({"password": "yue@example.com"}, "Do not use your e-mail address"),
        ({"time_zone": "Mars/Olympus"}, "Choose a time zone from the list"),
        ({"language": "xx"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_lost(
    client: FlaskClient, changed: dict[str, str], message: str
) -> None:
    ask(client)

    answer = client.post(mailed_link(), data={**FILLED_IN, **changed})

    assert answer.status_code == 422
    assert message in answer.text
    assert 'value="Asia/Shanghai"' in answer.text or "time_zone" in changed
    assert find_by_email("yue@example.com") is None


def test_the_answer_does_not_tell_who_has_an_account(client: FlaskClient, configure: Callable[..., None]) -> None:
    configure(mail_server="mail.example.com")
    make_user(email="known@example.com")

    known, unknown = ask(client, "known@example.com"), ask(client, "other@example.com")

    assert known.text.replace("known@", "other@") == unknown.text
    assert [(mail.to, mail.kind) for mail in mails()] == [
        ("known@example.com", "known address"),
        ("other@example.com", "join"),
    ]


def test_who_has_an_account_gets_no_link_that_makes_another(client: FlaskClient) -> None:
    make_user(email="known@example.com")

    ask(client, "known@example.com")

    assert mailed_link() == "/login"


def test_a_mailbox_is_not_flooded(client: FlaskClient) -> None:
    answers = [ask(client).status_code for _ in range(7)]

    assert answers == [200] * 5 + [422] * 2
    assert len(mails()) == 5


def test_a_link_works_for_two_weeks(client: FlaskClient, clock: time_machine.Traveller) -> None:
    ask(client)
    link = mailed_link()

    clock.shift(timedelta(days=14) - timedelta(seconds=1))
    assert client.get(link).status_code == 200
    clock.shift(timedelta(seconds=2))
    assert client.get(link).status_code == 404


@pytest.mark.parametrize("token", ["", "x", "InlAZXhhbXBsZS5jb20i.aaaa.bbbb"])
def test_a_made_up_link_is_no_link(client: FlaskClient, token: str) -> None:
    assert client.get(f"/join/{token}").status_code == 404


def test_a_token_for_another_purpose_is_no_link(app: Flask, client: FlaskClient) -> None:
    secret = app.config["SECRET_KEY"]

    assert client.get(f"/join/{sign_first_administrator(secret)}").status_code == 404
    assert client.get(f"/join/{sign_reset(secret, 1, None)}").status_code == 404
    assert client.get(f"/first-administrator/{sign_join(secret, 'first')}").status_code == 404
    assert client.get(f"/password/reset/{sign_join(secret, 'yue@example.com')}").status_code == 404


@pytest.mark.usefixtures("by_invitation")
def test_joining_by_invitation(client: FlaskClient, administrator: FlaskClient) -> None:
    invite(administrator, "yue@example.com", "coach")
    link = mailed_link()

    assert client.post(link, data=FILLED_IN).status_code == 303

    user = find_by_email("yue@example.com")
    assert user is not None
    assert user.roles == ["coach"]
    assert db.session.scalar(select(func.count()).select_from(Invitation)) == 0
    assert is_logged_in(client)


@pytest.mark.usefixtures("by_invitation")
def test_who_is_not_invited_gets_the_same_answer_and_no_mail(client: FlaskClient, administrator: FlaskClient) -> None:
    invite(administrator, "yue@example.com")
    queued = len(mails())

    invited, stranger = ask(client, "yue@example.com"), ask(client, "eve@example.com")

    assert stranger.status_code == invited.status_code == 200
    assert [mail.to for mail in mails()[queued:]] == ["yue@example.com"]


@pytest.mark.usefixtures("by_invitation")
def test_a_link_of_better_days_opens_nothing_without_invitation(app: Flask, client: FlaskClient) -> None:
    link = f"/join/{sign_join(app.config['SECRET_KEY'], 'eve@example.com')}"

    assert client.get(link).status_code == 404
    assert client.post(link, data=FILLED_IN).status_code == 404
    assert find_by_email("eve@example.com") is None


@pytest.mark.usefixtures("by_invitation")
def test_an_invitation_that_was_taken_back_opens_nothing(client: FlaskClient, administrator: FlaskClient) -> None:
    invite(administrator, "yue@example.com", "editor")
    link = mailed_link()
    invitation_id = db.session.scalars(select(Invitation.id)).one()

    assert administrator.post(f"/people/invitations/{invitation_id}/delete").status_code == 303

    assert client.get(link).status_code == 404
    assert client.post(link, data=FILLED_IN).status_code == 404


@pytest.mark.usefixtures("by_invitation")
def test_the_pages_say_that_people_join_by_invitation(client: FlaskClient) -> None:
    assert "People join by invitation." in client.get("/join").text
    assert "I was invited and lost the mail" in client.get("/login").text
    assert 'href="/join">Join' not in client.get("/").text


def first_link(app: Flask) -> str:
    return f"/first-administrator/{sign_first_administrator(app.config['SECRET_KEY'])}"


def test_the_first_administrator_is_made_once(app: Flask, client: FlaskClient) -> None:
    link = first_link(app)
    assert client.get(link).status_code == 200

    answer = client.post(link, data={**FILLED_IN, "email": "ada@example.com"})

    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/people/").status_code == 200
    stranger = app.test_client()
    assert stranger.get(link).status_code == 404
    assert stranger.post(link, data={**FILLED_IN, "email": "eve@example.com"}).status_code == 404
    assert find_by_email("eve@example.com") is None


def test_the_first_link_works_for_a_week(app: Flask, client: FlaskClient, clock: time_machine.Traveller) -> None:
    link = first_link(app)

    clock.shift(timedelta(days=7, seconds=1))

    assert client.get(link).status_code == 404


def test_a_mistake_in_the_first_form_is_said(app: Flask, client: FlaskClient) -> None:
    answer = client.post(first_link(app), data={**FILLED_IN, "email": "nonsense"})

    assert answer.status_code == 422
    assert "That is not an e-mail address." in answer.text
    assert 'data-first-invalid="email"' in answer.text


def test_at_the_machine_of_an_evaluation_the_link_is_shown(client: FlaskClient) -> None:
    assert mailed_or_shown(client) is True


@pytest.mark.parametrize(
    "settings", [{"mail_server": "mail.example.com"}, {"environment": "production"}, {"base_url": "https://g.example"}]
)
def test_elsewhere_the_link_is_in_the_mail_only(
    client: FlaskClient, configure: Callable[..., None], settings: dict[str, str]
) -> None:
    configure(**settings)

    assert mailed_or_shown(client) is False


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({}, "192.0.2.7"),
        ({"Host": "guildhall.example"}, "127.0.0.1"),
        ({"Host": "localhost.evil.example"}, "127.0.0.1"),
        ({"X-Forwarded-For": "192.0.2.7"}, "127.0.0.1"),
        ({"Via": "1.1 proxy"}, "127.0.0.1"),
    ],
)
def test_whoever_sits_elsewhere_does_not_see_the_link(
    client: FlaskClient, headers: dict[str, str], address: str
) -> None:
    assert mailed_or_shown(client, headers, address) is False


def mailed_or_shown(client: FlaskClient, headers: dict[str, str] | None = None, address: str = "127.0.0.1") -> bool:
    asked = client.post(
        "/join", data={"email": "yue@example.com"}, headers=headers, environ_overrides={"REMOTE_ADDR": address}
    )
    assert asked.status_code == 200
    return mailed_link() in asked.text
