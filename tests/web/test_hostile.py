"""Requests that no browser sends."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from app.accounts.models import User
from app.kernel.db import transaction
from app.writing.service import begin
from tests.factories.people import make_team, make_user
from tests.factories.writing import Letters

LogIn = Callable[[User], FlaskClient]

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize(
    "address",
    [
        "/practices/a%00b",
        "/coaches/%00",
        "/training/%00.ics",
        "/case-studies/%00.md",
        "/coaches/?q=%00",
        "/search?q=%00",
    ],
)
def test_a_nul_character_is_refused(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 400


def test_a_percent_sign_before_two_noughts_is_a_search(client: FlaskClient) -> None:
    assert client.get("/coaches/?q=%2500").status_code == 200


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/following", "ref"), ("/writing/autosave", "desk-kind"), ("/writing/autosave", "key"), ("/shelf/entries", "title"),
        ("/acknowledgements/1/read", "text"), ("/search/history", "text"), ("/writing/{}/findings", "because"),
        ("/writing/{}/findings", "digest"), ("/writing/{}/authors", "email"),
    ],
)  # fmt: skip
def test_a_nul_character_in_a_form_breaks_nothing(
    app: Flask, log_in: LogIn, monkeypatch: pytest.MonkeyPatch, address: str, name: str
) -> None:
    owner = make_user("Owner")
    make_team("Payments", lead=owner)
    letters = Letters()
    monkeypatch.setitem(app.extensions, "writing_kinds", {letters.name: letters})
    with transaction() as session:
        content = {"title": "T", "body": "B", "team": "Payments"}
        letter = begin(session, letters, content, slug="t", language="en", actor=owner, now=datetime.now(UTC))
    data = {"because": "It is ours.", "digest": "d" * 32, name: "practice.a\x00b", "n\x00": "x"}

    assert log_in(owner).post(address.format(letter.id), data=data).status_code < 500


@pytest.mark.parametrize("address", ["/language", "/theme"])
def test_an_origin_that_is_no_address_is_another_site(client: FlaskClient, address: str) -> None:
    answer = client.post(address, data={"language": "zh", "theme": "dark"}, headers={"Origin": "http://["})

    assert answer.status_code == 403


def test_a_referrer_that_is_no_address_leads_nowhere(client: FlaskClient) -> None:
    answer = client.post("/notices/read", headers={"Referer": "http://["})

    assert (answer.status_code, answer.location) == (303, "/login")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PROPFIND", "/calendars/{}/mine.ics"),
        ("GET", "/calendars/{}/mine.ics/"),
        ("POST", "/calendars/{}/sessions.ics"),
        ("PUT", "/training/place/{}"),
        ("GET", "/calendars/{}"),
    ],
)
def test_a_secret_address_is_not_logged_where_no_view_is_found(client: FlaskClient, method: str, path: str) -> None:
    secret = "WzEsMV0.kO3q9n2b4v6c8x0z1l5j7h3g2f4"

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    try:
        with capture_logs() as lines:
            answer = client.open(path.format(secret), method=method)
    finally:
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))

    assert answer.status_code in {404, 405}
    assert [line["path"] for line in lines if line["event"] == "request"] == [path.format("…")]
