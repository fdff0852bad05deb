"""A session that has ended in the meantime loses nobody's words, with script or without."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.kernel.db import db
from app.writing.models import Manuscript
from tests.factories.people import make_user

LogIn = Callable[[User], FlaskClient]
LONG = 'An hour\'s work, in words.\nAnd a second line of it, to be <sent> again with "care".'
TYPED = {"title": "On branches", "body": LONG, "language": "en", "key": "k" * 20, "action": "save"}


@pytest.fixture(autouse=True)
def checked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens are looked at, as on a real site."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)


def token_in(page: str) -> str:
    found = re.search(r'<form class="form"[^>]*>\s*<input type="hidden" name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def sent_again(page: str) -> dict[str, str]:
    """What the page would send when its button is pressed."""
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page)
    shown = re.findall(r'<textarea name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return {name: unescape(value) for name, value in [*hidden, *shown]}


def titles() -> list[str]:
    return list(db.session.execute(select(Manuscript.title)).scalars())


def test_without_a_session_the_words_come_back_and_are_sent_again(app: Flask, log_in: LogIn) -> None:
    person = make_user("Ada")
    browser = app.test_client()
    page = browser.post("/practices/new", data=TYPED)
    assert page.status_code == 401
    assert "You are not logged in any more" in page.text
    assert sent_again(page.text) == {**TYPED, "csrf_token": token_in(page.text), "next": "/"}
    # Logged in anew, in another tab: the token is that of another session, so it has to be sent twice.
    browser = log_in(person)
    page = browser.post("/practices/new", data=sent_again(page.text))
    assert page.status_code == 400
    assert "Send it again" in page.text
    assert titles() == []
    assert browser.post("/practices/new", data=sent_again(page.text)).status_code == 303
    assert titles() == ["On branches"]


def test_the_page_is_for_people_and_not_for_its_script(app: Flask) -> None:
    for path in ("/practices/new", "/writing/autosave"):
        answer = app.test_client().post(path, data=TYPED, headers={"Accept": "application/json"})
        assert answer.status_code in {400, 401}
        assert answer.json is not None
        assert "error" in answer.json


def test_a_new_session_has_a_token_for_the_open_page(log_in: LogIn, client: FlaskClient) -> None:
    person = make_user("Ada")
    browser = log_in(person)
    answer = browser.get("/writing/token")
    assert answer.json is not None
    assert answer.json["person"] == person.id
    assert answer.headers["Cache-Control"] == "no-store"
    data = {**TYPED, "csrf_token": answer.json["token"]}
    assert browser.post("/practices/new", data=data).status_code == 303
    headers = {"Accept": "application/json"}
    assert client.get("/writing/token", headers=headers).status_code == 401


def test_other_forms_answer_as_ever(app: Flask) -> None:
    answer = app.test_client().post("/writing/1/submission", data={"comment": LONG})
    assert answer.status_code == 400
    assert "An hour's work" not in unescape(answer.text)
