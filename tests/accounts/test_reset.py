"""Resetting a forgotten password by mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.accounts.rules import LOCK_AFTER
from app.kernel.db import transaction
from tests.accounts.keys import HASH, OTHER, PASSWORD, is_logged_in, mailed_link, mails, type_in
from tests.factories.people import make_user


@pytest.fixture
def yue(app: Flask) -> User:
    return make_user("Lin Yue", email="yue@example.com", password_hash=HASH, language="zh")


def asked_link(client: FlaskClient) -> str:
    assert client.post("/password/forgotten", data={"email": "YUE@example.com"}).status_code == 200
    return mailed_link()


def test_a_forgotten_password_is_reset_by_mail(client: FlaskClient, yue: User) -> None:
    link = asked_link(client)
    assert "yue@example.com" in client.get(link).text

    answer = client.post(link, data={"password": OTHER})

    assert (answer.status_code, answer.location) == (303, "/login")
    assert type_in(client, yue.email, PASSWORD).status_code == 422
    assert type_in(client, yue.email, OTHER).status_code == 303


def test_the_mail_is_in_the_language_of_the_person(client: FlaskClient, yue: User) -> None:
    asked_link(client)

    assert [(mail.to, mail.kind, mail.language) for mail in mails()] == [("yue@example.com", "reset password", "zh")]


def test_the_link_works_once(client: FlaskClient, yue: User) -> None:
    first, second = asked_link(client), asked_link(client)
    client.post(first, data={"password": OTHER})

    for link in (first, second):
        assert client.get(link).status_code == 404
        assert client.post(link, data={"password": "a third sentence"}).status_code == 404
    assert type_in(client, yue.email, OTHER).status_code == 303


def test_the_link_works_for_two_hours(client: FlaskClient, yue: User, clock: time_machine.Traveller) -> None:
    link = asked_link(client)

    clock.shift(timedelta(hours=2) - timedelta(seconds=1))
    assert client.get(link).status_code == 200
    clock.shift(timedelta(seconds=2))
    assert client.get(link).status_code == 404


def test_a_reset_ends_every_session(app: Flask, client: FlaskClient, yue: User) -> None:
    thief = app.test_client()
    type_in(thief, yue.email, remember="y")
    assert is_logged_in(thief)

    client.post(asked_link(client), data={"password": OTHER})

    assert not is_logged_in(thief)


def test_a_reset_ends_the_lock_out(client: FlaskClient, yue: User) -> None:
    for _ in range(LOCK_AFTER):
        type_in(client, yue.email, "wrong password")
    assert "Too many failed attempts" in type_in(client, yue.email).text

    client.post(asked_link(client), data={"password": OTHER})

    assert type_in(client, yue.email, OTHER).status_code == 303


def test_a_poor_password_is_refused_and_the_link_still_works(client: FlaskClient, yue: User) -> None:
    link = asked_link(client)

    refused = client.post(link, data={"password": "short"})

    assert refused.status_code == 422
    assert "Use at least 10 characters." in refused.text
    assert client.post(link, data={"password": OTHER}).status_code == 303


def test_the_answer_does_not_tell_who_has_an_account(
    client: FlaskClient, yue: User, configure: Callable[..., None]
) -> None:
    configure(mail_server="mail.example.com")

    known = client.post("/password/forgotten", data={"email": yue.email})
    unknown = client.post("/password/forgotten", data={"email": "eve@example.com"})

    assert known.text.replace("yue@", "eve@") == unknown.text
    assert [mail.to for mail in mails()] == ["yue@example.com"]


def test_a_closed_account_is_not_reset(client: FlaskClient, yue: User) -> None:
    link = asked_link(client)
    with transaction():
        yue.disabled_at = datetime(2026, 11, 1, tzinfo=UTC)

    assert client.get(link).status_code == 404
    assert client.post("/password/forgotten", data={"email": yue.email}).status_code == 200
    assert len(mails()) == 1


def test_an_account_without_password_gets_one_by_the_link(client: FlaskClient) -> None:
    make_user("Sample", email="yue@example.com")
    link = asked_link(client)

    assert client.post(link, data={"password": OTHER}).status_code == 303
    assert client.get(link).status_code == 404
    assert type_in(client, "yue@example.com", OTHER).status_code == 303


def test_a_mailbox_is_not_flooded(client: FlaskClient, yue: User) -> None:
    answers = [client.post("/password/forgotten", data={"email": yue.email}).status_code for _ in range(6)]

    assert answers == [200] * 5 + [422]
    assert len(mails()) == 5


def test_what_is_no_address_is_said(client: FlaskClient) -> None:
    answer = client.post("/password/forgotten", data={"email": "yue"})

    assert answer.status_code == 422
    assert "That is not an e-mail address." in answer.text
