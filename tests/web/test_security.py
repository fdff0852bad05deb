"""Headers, cookies, safe ways back, limits of size and pace."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st

from app.accounts.models import User
from app.config import Config
from app.factory import create_app
from app.kernel.db import db
from app.web.security import limiter, safe_path
from tests.accounts.keys import HASH, PASSWORD, type_in
from tests.factories.people import make_user

PAGES = ["/", "/login", "/practices/", "/nothing-here", "/healthz", "/favicon.ico"]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"].upper() == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("path", PAGES)
def test_the_policy_lets_nothing_in_that_is_not_ours(client: FlaskClient, path: str) -> None:
    policy = {
        words[0]: words[1:]
        for words in (part.split() for part in client.get(path).headers["Content-Security-Policy"].split(";"))
        if words
    }

    assert policy == {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }


@pytest.mark.parametrize("path", ["/", "/login", "/join", "/practices/", "/coaches/", "/training/", "/nothing-here"])
def test_pages_need_nothing_that_the_policy_forbids(client: FlaskClient, path: str) -> None:
    page = client.get(path).text

    assert not re.search(r"\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|<style|javascript:", page)
    assert not re.search(r"<script(?![^>]*\bsrc=\"/)", page)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//(?!localhost)", page)


def test_the_cookie_of_the_session(client: FlaskClient, app: Flask) -> None:
    make_user(email="yue@example.com", password_hash=HASH)

    cookies = type_in(client, "yue@example.com", remember="y").headers.getlist("Set-Cookie")

    assert len(cookies) == 2
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


@pytest.fixture
def https(tmp_path: Path, app: Flask, config: Config) -> Iterator[FlaskClient]:
    """A browser at the same site, behind https."""
    secure = create_app(replace(config, base_url="https://guildhall.example", trusted_proxies=1))
    secure.config["WTF_CSRF_ENABLED"] = False
    yield secure.test_client()
    with secure.app_context():
        db.engine.dispose()


def over_https(
    browser: FlaskClient, method: str, path: str, data: dict[str, str] | None = None
) -> tuple[int, list[str], dict[str, str]]:
    answer = browser.open(path, method=method, base_url="https://guildhall.example", data=data)
    return answer.status_code, answer.headers.getlist("Set-Cookie"), dict(answer.headers)


def test_behind_https_cookies_are_secure_and_bound_to_the_host(https: FlaskClient) -> None:
    make_user(email="yue@example.com", password_hash=HASH)
    typed = {"email": "yue@example.com", "password": PASSWORD, "remember": "y"}

    status, cookies, headers = over_https(https, "POST", "/login", data=typed)

    assert status == 303
    assert sorted(cookie.partition("=")[0] for cookie in cookies) == ["__Host-remember", "__Host-session"]
    assert all("Secure" in cookie and "HttpOnly" in cookie and "Path=/" in cookie for cookie in cookies)
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


def test_behind_https_logging_out_deletes_the_cookies_in_a_way_that_browsers_accept(https: FlaskClient) -> None:
    make_user(email="yue@example.com", password_hash=HASH)
    typed = {"email": "yue@example.com", "password": PASSWORD, "remember": "y"}
    over_https(https, "POST", "/login", data=typed)

    status, cookies, _ = over_https(https, "POST", "/logout")

    assert status == 303
    (forgotten,) = (cookie for cookie in cookies if cookie.startswith("__Host-remember="))
    assert "Max-Age=0" in forgotten
    assert "Secure" in forgotten
    assert over_https(https, "GET", "/profile")[0] == 303


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/practices/",
        "/search?q=a&kind=b",
        "/search?q=//evil.example",
        "/a/../b",
        "/%2F%2Fevil",
        "/流水线",
        "/#top",
    ],
)
def test_a_path_of_this_site_is_a_way_back(target: str) -> None:
    assert safe_path(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        " ",
        " /",
        "practices",
        "https://evil.example",
        "HTTPS://evil.example",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "/a\\b",
        "/a\r\nSet-Cookie: x=1",
        "http:/evil.example",
        "/\x00/evil.example",
    ],
)
def test_anything_else_is_no_way_back(target: str | None) -> None:
    assert safe_path(target) is None


AWKWARD = st.text(st.sampled_from("/\\:.?#@%&\t\n\r\x00 aehilptv0:[]流"), max_size=12)


@given(st.one_of(AWKWARD, AWKWARD.map(lambda text: f"/{text}"), st.text()))
@example("/\t/evil")
@example("//[")
def test_no_way_back_leads_to_another_site(target: str) -> None:
    path = safe_path(target)
    if path is None:
        return

    # As the URL standard has browsers read it: white space within is dropped, a backslash is a slash.
    as_read = re.sub(r"[\t\n\r]", "", path.strip()).replace("\\", "/")
    assert as_read.startswith("/")
    assert not as_read.startswith("//")
    there = urlsplit(urljoin("https://guildhall.example/login", as_read))
    assert (there.scheme, there.netloc) == ("https", "guildhall.example")


@pytest.mark.parametrize("path", ["/login", "/join", "/language"])
def test_a_body_of_ten_megabytes_is_refused(client: FlaskClient, path: str) -> None:
    answer = client.post(path, data={"email": "x" * 10_000_000})

    assert answer.status_code == 413
    assert "Shorten the text and send it again." in answer.text


def test_a_form_of_a_thousand_fields_is_refused(client: FlaskClient) -> None:
    many = {f"field{number}": (None, "x") for number in range(1000)}

    answer = client.post(
        "/login", data={name: value[1] for name, value in many.items()}, content_type="multipart/form-data"
    )

    assert answer.status_code == 413


@pytest.fixture
def braked(app: Flask, config: Config) -> Iterator[FlaskClient]:
    """A browser at the same site, with the brake on."""
    other = create_app(replace(config, testing=False))
    other.config["WTF_CSRF_ENABLED"] = False
    yield other.test_client()
    limiter.enabled = False
    with other.app_context():
        db.engine.dispose()


def test_asking_too_often_is_slowed_down(braked: FlaskClient) -> None:
    answers = [braked.post("/join", data={"email": f"a{number}@example.com"}) for number in range(12)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
    assert "Wait a minute and try again." in answers[-1].text
    assert braked.get("/join").status_code == 200


def test_the_brake_is_for_one_address(braked: FlaskClient) -> None:
    for _ in range(11):
        braked.post("/join", data={"email": "nonsense"})

    answer = braked.post("/join", data={"email": "nonsense"}, environ_overrides={"REMOTE_ADDR": "192.0.2.9"})

    assert answer.status_code == 422


def test_links_that_are_as_good_as_passwords_do_not_stand_in_the_log(
    client: FlaskClient, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[dict[str, object]] = []
    monkeypatch.setattr("app.web.logs.log.info", lambda _event, **said: lines.append(said))

    client.get("/password/reset/a-secret-token")
    client.get("/practices/?q=x")

    assert [line["path"] for line in lines] == ["/password/reset/<token>", "/practices/"]


def test_a_request_has_a_number_in_answer_and_error_page(client: FlaskClient) -> None:
    own = client.get("/nothing-here", headers={"X-Request-ID": "from-the-proxy-1"})
    foreign = client.get("/nothing-here", headers={"X-Request-ID": "<script>alert(1)</script>"})

    assert own.headers["X-Request-ID"] == "from-the-proxy-1"
    assert "from-the-proxy-1" in own.text
    assert re.fullmatch(r"[0-9a-f]{16}", foreign.headers["X-Request-ID"])
    assert "alert(1)" not in foreign.text


def test_who_may_see_what_is_decided_on_every_request(log_in: Callable[[User], FlaskClient]) -> None:
    assert log_in(make_user()).get("/people/").status_code == 403
