"""Language and theme are chosen at the foot of every page, also by readers without an account or without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.kernel.db import db
from tests.factories.people import make_user


def test_a_visitor_changes_the_language_and_stays_on_the_page(client: FlaskClient) -> None:
    answer = client.post("/language", data={"language": "zh", "next": "/search?q=部署"})

    assert answer.status_code == 303
    assert answer.location == "/search?q=%E9%83%A8%E7%BD%B2"
    assert client.get("/search").text.count('lang="zh-Hans"') >= 1
    assert '<html lang="zh-Hans"' in client.get("/search").text


def test_a_member_changes_the_own_language(log_in: Callable[[User], FlaskClient]) -> None:
    yue = make_user("Lin Yue", language="en")

    log_in(yue).post("/language", data={"language": "zh", "next": "/"})

    db.session.expire_all()
    assert db.session.get_one(User, yue.id).language == "zh"


def test_the_theme_holds_for_the_next_page(client: FlaskClient) -> None:
    client.post("/theme", data={"theme": "dark", "next": "/search"})

    assert 'data-theme="dark"' in client.get("/search").text


@pytest.mark.parametrize(
    ("path", "sent"), [("/language", {"language": "xx"}), ("/theme", {"theme": "pink"}), ("/theme", {})]
)
def test_what_is_not_on_offer_is_refused(client: FlaskClient, path: str, sent: dict[str, str]) -> None:
    assert client.post(path, data=sent).status_code == 400


@pytest.mark.parametrize("path", ["/language", "/theme"])
def test_another_site_may_not_choose(client: FlaskClient, path: str) -> None:
    answer = client.post(path, data={"language": "zh", "theme": "dark"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_it_leads_nowhere_else(client: FlaskClient, target: str) -> None:
    assert client.post("/theme", data={"theme": "dark", "next": target}).location == "/"
