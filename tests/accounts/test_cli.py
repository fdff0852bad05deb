"""`flask users …`"""

from __future__ import annotations

import pytest
from click.testing import Result
from flask import Flask

from app.accounts.queries import find_by_email
from app.kernel.db import db
from tests.accounts.keys import PASSWORD, type_in
from tests.factories.people import make_user


def run(app: Flask, *arguments: str, typed: str = "") -> Result:
    db.session.rollback()
    return app.test_cli_runner().invoke(args=["users", *arguments], input=typed)


def test_an_account_is_made_with_its_roles(app: Flask) -> None:
    result = run(
        app,
        *("create", "Ada@Example.com", "--name", "Ada", "--role", "administrator", "--role", "coach"),
        *("--language", "zh", "--password", PASSWORD),
    )

    assert (result.exit_code, result.output) == (0, "ada@example.com can log in now.\n")
    user = find_by_email("ada@example.com")
    assert user is not None
    assert (user.roles, user.language, user.time_zone) == (["administrator", "coach"], "zh", "Asia/Shanghai")
    assert type_in(app.test_client(), "ada@example.com").status_code == 303


def test_the_password_is_asked_for_twice(app: Flask) -> None:
    result = run(app, "create", "ada@example.com", "--name", "Ada", typed=f"{PASSWORD}\n{PASSWORD}\n")

    assert result.exit_code == 0
    assert PASSWORD not in result.output
    assert type_in(app.test_client(), "ada@example.com").status_code == 303


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nonsense", "--name", "Ada", "--password", PASSWORD), "That is not an e-mail address."),
        (("ada@example.com", "--name", "Ada", "--password", "short"), "Use at least 10 characters."),
        (("ada@example.com", "--name", "  ", "--password", PASSWORD), "between 1 and 80 characters"),
        (("yue@example.com", "--name", "Ada", "--password", PASSWORD), "This address has an account already."),
        (("ada@example.com", "--name", "Ada", "--role", "owner", "--password", PASSWORD), "'owner' is not one of"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_made(app: Flask, arguments: tuple[str, ...], message: str) -> None:
    make_user("Lin Yue", email="yue@example.com")

    result = run(app, "create", *arguments)

    assert result.exit_code != 0
    assert message in result.output
    assert find_by_email("ada@example.com") is None


def test_a_role_is_given(app: Flask) -> None:
    yue = make_user("Lin Yue", email="yue@example.com")

    for _ in range(2):
        result = run(app, "give-role", "YUE@example.com", "editor")
        assert (result.exit_code, result.output) == (0, "Lin Yue is editor now.\n")

    db.session.rollback()
    assert yue.roles == ["editor"]


@pytest.mark.parametrize(
    ("email", "message"), [("eve@example.com", "Nobody has an account"), ("eve", "That is not an e-mail address.")]
)
def test_a_role_for_nobody(app: Flask, email: str, message: str) -> None:
    result = run(app, "give-role", email, "editor")

    assert result.exit_code != 0
    assert message in result.output
