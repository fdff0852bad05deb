"""Requests that no browser sends."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

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
