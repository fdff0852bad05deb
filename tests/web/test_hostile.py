"""Requests that no browser sends."""

from __future__ import annotations

import logging

import pytest
import structlog
from flask.testing import FlaskClient
from structlog.testing import capture_logs

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
