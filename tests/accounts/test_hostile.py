"""Nobody takes an account over through what a page shows."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Invitation
from app.accounts.rules import Role
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from tests.accounts.keys import HASH, mailed_link
from tests.factories.people import make_user


def test_a_link_that_resets_a_password_is_never_on_a_page(client: FlaskClient) -> None:
    make_user("Lin Yue", email="yue@example.com", password_hash=HASH)

    answer = client.post("/password/forgotten", data={"email": "yue@example.com"})

    assert answer.status_code == 200
    assert mailed_link() not in answer.text


def test_a_link_that_brings_a_role_is_never_on_a_page(app: Flask, client: FlaskClient) -> None:
    with transaction() as session:
        session.add(Invitation(email="ada@example.com", role=Role.ADMINISTRATOR, created_at=utc_now()))

    answer = client.post("/join", data={"email": "ada@example.com"})

    assert answer.status_code == 200
    assert mailed_link() not in answer.text
