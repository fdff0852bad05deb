"""Logging in and out, being remembered, and being locked out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.accounts.passwords import hash_password
from app.accounts.rules import LOCK_AFTER
from app.kernel.db import transaction
from tests.accounts.keys import HASH, OTHER, PASSWORD, is_logged_in, type_in
from tests.factories.people import make_user


@pytest.fixture
def yue(app: Flask) -> User:
    return make_user("Lin Yue", email="yue@example.com", password_hash=HASH)


def test_logging_in_leads_home(client: FlaskClient, yue: User) -> None:
    answer = type_in(client, " Yue@Example.com ")

    assert (answer.status_code, answer.location) == (303, "/")
    assert is_logged_in(client)


@pytest.mark.parametrize("target", ["/practices/?level=3", "/people/", "/search?q=流水线"])
def test_logging_in_leads_back_to_where_one_was(client: FlaskClient, yue: User, target: str) -> None:
    page = client.get("/login", query_string={"next": target}).text

    assert f'name="next" type="hidden" value="{target}"' in page
    assert type_in(client, yue.email, next=target).location == target.replace("流水线", "%E6%B5%81%E6%B0%B4%E7%BA%BF")


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", ""],
)
def test_logging_in_leads_nowhere_else(client: FlaskClient, yue: User, target: str) -> None:
    assert type_in(client, yue.email, next=target).location == "/"
    assert client.get("/login", query_string={"next": target}).location == "/"


def test_a_page_for_members_asks_to_log_in_and_leads_back(client: FlaskClient, yue: User) -> None:
    asked = client.get("/teams/?x=1")

    assert (asked.status_code, asked.location) == (303, "/login?next=/teams/?x%3D1")
    assert client.get(asked.location).text.count("Please log in first.") == 1


def test_asking_twice_says_it_once(client: FlaskClient) -> None:
    client.get("/teams/")
    client.get("/profile")

    assert client.get("/login").text.count("Please log in first.") == 1


def test_a_button_pressed_without_account_leads_back_to_its_page(client: FlaskClient) -> None:
    page = "http://localhost/training/trunk?view=agenda"

    pressed = client.post("/profile/sessions/end", headers={"Referer": page})
    elsewhere = client.post("/profile/sessions/end", headers={"Referer": "https://evil.example/training"})

    assert pressed.location == "/login?next=/training/trunk?view%3Dagenda"
    assert elsewhere.location == "/login"


def test_a_program_is_told_instead_of_redirected(client: FlaskClient) -> None:
    answer = client.get("/profile", headers={"Accept": "application/json"})

    assert answer.status_code == 401
    assert answer.get_json()["error"] == "Please log in first."
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("email", ["yue@example.com", "nobody@example.com"])
def test_a_wrong_password_reads_like_an_unknown_address(client: FlaskClient, yue: User, email: str) -> None:
    answer = type_in(client, email, "wrong password")

    assert answer.status_code == 422
    assert "E-mail address or password is wrong." in answer.text
    assert f'value="{email}"' in answer.text
    assert "wrong password" not in answer.text
    assert not is_logged_in(client)


@pytest.mark.parametrize(("email", "password"), [("", PASSWORD), ("yue@example.com", ""), ("   ", PASSWORD)])
def test_what_is_missing_is_asked_for(client: FlaskClient, yue: User, email: str, password: str) -> None:
    answer = type_in(client, email, password)

    assert answer.status_code == 422
    assert "Please fill this in." in answer.text


@pytest.mark.parametrize("email", ["yue@example.com", "nobody@example.com"])
def test_five_failures_lock_the_address_with_and_without_an_account(
    client: FlaskClient, yue: User, clock: time_machine.Traveller, email: str
) -> None:
    for _ in range(LOCK_AFTER):
        assert "is wrong" in type_in(client, email, "wrong password").text

    locked = type_in(client, email, PASSWORD)
    assert locked.status_code == 422
    assert "Try again in 15 minutes" in locked.text
    assert not is_logged_in(client)

    clock.shift(timedelta(minutes=15))
    assert type_in(client, email, PASSWORD).status_code == (303 if email == yue.email else 422)


def test_a_lock_is_for_everybody_not_for_one_browser(app: Flask, client: FlaskClient, yue: User) -> None:
    for _ in range(LOCK_AFTER):
        type_in(app.test_client(), yue.email, "wrong password")

    assert type_in(client, yue.email).status_code == 422


@pytest.mark.slow
@pytest.mark.usefixtures("full_hashing")
def test_guesses_at_the_same_moment_are_counted(app: Flask) -> None:
    """With hashes at their full cost, so that the guesses are all under way before the first is answered."""
    email, answers = make_user(password_hash=hash_password(PASSWORD)).email, []
    barrier = threading.Barrier(12)

    def guess(number: int) -> None:
        barrier.wait(10)
        answers.append(type_in(app.test_client(), email, f"wrong password {number}").text)

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sum("is wrong" in answer for answer in answers) == LOCK_AFTER
    assert sum("Too many failed attempts" in answer for answer in answers) == 12 - LOCK_AFTER


def test_a_closed_account_is_told_to_its_owner_only(client: FlaskClient, yue: User) -> None:
    with transaction():
        yue.disabled_at = datetime(2026, 11, 1, tzinfo=UTC)

    assert "is wrong" in type_in(client, yue.email, "wrong password").text
    assert "This account is closed." in type_in(client, yue.email).text
    assert not is_logged_in(client)


def test_closing_an_account_ends_its_sessions(client: FlaskClient, yue: User) -> None:
    type_in(client, yue.email, remember="y")

    with transaction():
        yue.disabled_at = datetime(2026, 11, 1, tzinfo=UTC)

    assert not is_logged_in(client)


def test_logging_out(client: FlaskClient, yue: User) -> None:
    type_in(client, yue.email, remember="y")

    answer = client.post("/logout")

    assert (answer.status_code, answer.location) == (303, "/")
    assert "You are logged out." in client.get("/").text
    assert not is_logged_in(client)
    assert client.get_cookie("remember") is None


def test_who_is_logged_in_is_not_asked_again(client: FlaskClient, yue: User) -> None:
    type_in(client, yue.email)

    assert client.get("/login").location == "/"
    assert client.get("/login?next=/teams/").location == "/teams/"


def test_being_remembered_outlasts_the_browser(client: FlaskClient, yue: User) -> None:
    type_in(client, yue.email, remember="y")
    remembered = client.get_cookie("remember")
    assert remembered is not None
    assert (remembered.http_only, remembered.same_site) == (True, "Lax")

    client.delete_cookie("session")

    assert is_logged_in(client)


def test_not_being_remembered_ends_with_the_browser(client: FlaskClient, yue: User) -> None:
    type_in(client, yue.email)
    client.delete_cookie("session")

    assert not is_logged_in(client)


def test_a_cookie_of_another_secret_is_nobody_and_is_deleted(client: FlaskClient, yue: User) -> None:
    client.set_cookie("remember", f"{yue.get_id()}|0123456789abcdef")

    assert not is_logged_in(client)
    assert client.get_cookie("remember") is None


def test_logging_out_everywhere_else_keeps_this_device(app: Flask, client: FlaskClient, yue: User) -> None:
    phone, laptop = app.test_client(), client
    type_in(phone, yue.email, remember="y")
    type_in(laptop, yue.email, remember="y")

    assert laptop.post("/profile/sessions/end").location == "/profile"

    assert not is_logged_in(phone)
    assert phone.get_cookie("remember") is None
    laptop.delete_cookie("session")
    assert is_logged_in(laptop)


def test_changing_the_password_logs_the_other_devices_out(app: Flask, client: FlaskClient, yue: User) -> None:
    phone, laptop = app.test_client(), client
    type_in(phone, yue.email, remember="y")
    type_in(laptop, yue.email)

    answer = laptop.post("/profile/password", data={"present": PASSWORD, "password": OTHER})

    assert (answer.status_code, answer.location) == (303, "/profile")
    assert is_logged_in(laptop)
    assert laptop.get_cookie("remember") is None
    assert not is_logged_in(phone)
    assert type_in(phone, yue.email).status_code == 422
    assert type_in(phone, yue.email, OTHER).status_code == 303


def test_a_wrong_present_password_changes_nothing_and_counts(client: FlaskClient, yue: User) -> None:
    type_in(client, yue.email)

    for _ in range(LOCK_AFTER):
        answer = client.post("/profile/password", data={"present": "wrong password", "password": OTHER})
        assert answer.status_code == 422
        assert "That is not your present password." in answer.text

    locked = client.post("/profile/password", data={"present": PASSWORD, "password": OTHER})
    assert "Too many failed attempts" in locked.text
    assert is_logged_in(client)


def test_a_poor_new_password_is_refused_beside_its_field(client: FlaskClient, yue: User) -> None:
    type_in(client, yue.email)

    answer = client.post("/profile/password", data={"present": PASSWORD, "password": "short"})

    assert answer.status_code == 422
    assert 'data-first-invalid="password"' in answer.text
    assert "Use at least 10 characters." in answer.text


def test_white_space_belongs_to_a_password(client: FlaskClient, yue: User) -> None:
    assert type_in(client, yue.email, f" {PASSWORD}").status_code == 422


def test_nothing_of_the_visitor_before_stays_in_the_session(client: FlaskClient, yue: User) -> None:
    with client.session_transaction() as cookie:
        cookie["left_behind"] = "by somebody else"

    type_in(client, yue.email)

    with client.session_transaction() as cookie:
        assert "left_behind" not in cookie


def test_the_page_of_a_member_is_in_the_own_language(
    client: FlaskClient, log_in: Callable[[User], FlaskClient]
) -> None:
    chen = make_user("Chen Xiao", language="zh")

    assert 'lang="zh-Hans"' in log_in(chen).get("/profile").text
    assert 'lang="en"' in client.get("/login").text
