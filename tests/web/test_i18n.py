"""Which language and zone a reader gets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import gettext

from app.accounts.models import User
from app.config import Config
from app.jobs.messages import reading_as
from app.web.i18n import compile_catalogues, language, request_language, request_zone
from tests.factories.people import make_user


def page_language(client: FlaskClient, header: str | None = None) -> str:
    page = client.get("/login", headers={"Accept-Language": header} if header is not None else {}).text
    return "zh" if '<html lang="zh-Hans"' in page else "en"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "en"),
        ("", "en"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("zh", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh-Hans-CN,en;q=0.8", "zh"),
        ("zh-Hans,en;q=0.5", "zh"),
        ("zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7", "zh"),
        ("zh-HK;q=0.4,en;q=0.9", "en"),
        ("de-DE,de;q=0.9,zh;q=0.3,en;q=0.2", "zh"),
        ("de,fr;q=0.5", "en"),
        ("*", "en"),
        ("en;q=0,zh;q=0.1", "zh"),
        ("!!!;q=x,,;", "en"),
        ("zh" * 5000, "en"),
    ],
)
def test_the_browser_is_asked(client: FlaskClient, header: str | None, expected: str) -> None:
    assert page_language(client, header) == expected


def test_the_site_has_a_default(client: FlaskClient, configure: Callable[..., None]) -> None:
    configure(default_language="zh")

    assert page_language(client) == "zh"
    assert page_language(client, "fr") == "zh"
    assert page_language(client, "en") == "en"


def test_a_cookie_outweighs_the_browser(client: FlaskClient) -> None:
    client.set_cookie("language", "zh")
    assert page_language(client, "en") == "zh"

    client.set_cookie("language", "xx")
    assert page_language(client, "zh") == "zh"


def test_the_profile_outweighs_the_cookie(log_in: Callable[[User], FlaskClient]) -> None:
    browser = log_in(make_user(language="zh"))
    browser.set_cookie("language", "en")

    assert '<html lang="zh-Hans"' in browser.get("/profile", headers={"Accept-Language": "en"}).text


def test_the_zone_is_the_members_own_or_the_sites(app: Flask, log_in: Callable[[User], FlaskClient]) -> None:
    with app.app_context(), app.test_request_context():
        assert request_zone() == "Asia/Shanghai"
    with app.app_context(), reading_as("en", "Europe/Lisbon"):
        assert request_zone() == "Europe/Lisbon"


def test_writing_for_somebody_else_leaves_the_own_language(app: Flask) -> None:
    with app.app_context(), app.test_request_context(headers={"Accept-Language": "en"}):
        assert language() == "en"
        with reading_as("zh", "Asia/Shanghai"):
            assert (language(), gettext("Log in")) == ("zh", "登录")
        assert (language(), gettext("Log in")) == ("en", "Log in")


def test_without_a_request_it_is_the_sites_language(app: Flask, configure: Callable[..., None]) -> None:
    configure(default_language="zh")

    with app.app_context():
        assert request_language() == "zh"


def test_catalogues_are_compiled_once(config: Config, tmp_path: Path) -> None:
    first = compile_catalogues(tmp_path)
    compiled = sorted(first.rglob("*.mo"))
    times = [path.stat().st_mtime_ns for path in compiled]

    assert [path.relative_to(first).parts[0] for path in compiled] == ["zh_Hans_CN"]
    assert compile_catalogues(tmp_path) == first
    assert [path.stat().st_mtime_ns for path in compiled] == times
