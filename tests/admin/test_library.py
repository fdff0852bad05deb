"""Editors find everything that they look after on one page, and everything on it is there."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.accounts.rules import Role
from tests.factories.people import make_user

LogIn = Callable[[User], FlaskClient]


def test_everything_on_the_page_is_there_for_an_editor(app: Flask, log_in: LogIn) -> None:
    editor = log_in(make_user("Editor", Role.EDITOR))
    page = editor.get("/library").text
    links = re.findall(r'<h3 class="card-title"><a href="([^"]+)"', page)
    assert len(links) == 11
    assert {editor.get(link).status_code for link in links} == {200}
    assert "/library" in editor.get("/").text


def test_others_are_not_led_there_and_may_not_see_it(app: Flask, log_in: LogIn, client: FlaskClient) -> None:
    member = log_in(make_user("Member"))
    assert "/library" not in member.get("/").text
    assert member.get("/library").status_code == 403
    assert client.get("/library").status_code == 303


def test_everybody_is_led_to_feeds_and_collections(app: Flask, client: FlaskClient) -> None:
    page = client.get("/").text
    assert ('href="/feeds/"' in page, 'href="/collections/"' in page) == (True, True)
