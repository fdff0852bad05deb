"""The frameworks' pages: the map, one framework, one capability with everything on it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.capabilities.queries import get_capability
from app.capabilities.service import sync_frameworks
from app.config import ROOT
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.report import Report
from tests.factories.coaches import make_coach
from tests.factories.practices import make_practice


@pytest.fixture
def frameworks(app: Flask) -> None:
    with transaction() as session:
        sync_frameworks(session, ROOT / "content" / "frameworks", Report(), now=utc_now())


def text(client: FlaskClient, address: str, language: str = "en") -> str:
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_before_the_first_sync_the_page_says_what_to_do(client: FlaskClient) -> None:
    assert "flask content sync" in text(client, "/capabilities/")


@pytest.mark.usefixtures("frameworks")
def test_the_map_leads_to_every_capability(client: FlaskClient) -> None:
    page = text(client, "/capabilities/")
    links = set(re.findall(r'href="(/capabilities/[\w-]+/[\w-]+)"', page))
    assert len(links) == 48
    assert page.count("Unofficial") >= 1
    assert "持续交付" in text(client, "/capabilities/", "zh-CN")


@pytest.mark.usefixtures("frameworks")
def test_a_framework_says_that_it_is_unofficial_and_counts_what_hangs_on_it(client: FlaskClient) -> None:
    capability = get_capability("continuous-delivery", "build-practice")
    make_practice("one", capability=capability)
    make_practice("one", language="zh", capability=capability)
    make_practice("two", capability=capability)
    make_coach(skills={capability.id: 3})
    page = text(client, "/capabilities/continuous-delivery")
    assert "nofficial" in page
    entry = re.search(r"/build-practice\">.*?</li>", page, re.DOTALL)
    assert entry
    said = " ".join(re.sub(r"<[^>]+>", " ", entry[0]).split())
    assert "2 practices" in said
    assert "1 coach" in said


@pytest.mark.usefixtures("frameworks")
def test_a_capability_gathers_everything_on_it(client: FlaskClient) -> None:
    capability = get_capability("continuous-delivery", "version-control")
    make_practice("short", title="Short branches", capability=capability, level=3)
    make_coach("Amara Osei", skills={capability.id: 4})
    page = text(client, "/capabilities/continuous-delivery/version-control")
    assert re.findall(r'<p class="level-name">Level (\d)', page) == ["1", "2", "3", "4", "5"]
    for level in capability.levels:
        assert level.description.in_("en").split(",")[0][:30] in page.replace("&#39;", "'")
    assert 'href="/capabilities/dora/version-control"' in page
    assert "Short branches" in page
    assert "Amara Osei" in page
    chinese = text(client, "/capabilities/continuous-delivery/version-control", "zh-CN")
    assert capability.levels[0].description.in_("zh")[:10] in chinese


@pytest.mark.usefixtures("frameworks")
@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.slow
def test_every_capability_has_a_page(client: FlaskClient, language: str) -> None:
    for address in set(re.findall(r'href="(/capabilities/[\w-]+/[\w-]+)"', text(client, "/capabilities/"))):
        assert "<h1>" in text(client, address, language)


@pytest.mark.usefixtures("frameworks")
@pytest.mark.parametrize(
    "address",
    ["/capabilities/nowhere", "/capabilities/continuous-delivery/nowhere", "/capabilities/dora/build-practice"],
)
def test_what_is_not_there_is_404(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.usefixtures("frameworks")
def test_the_map_takes_few_queries(client: FlaskClient, count_queries: list[str]) -> None:
    client.get("/capabilities/")
    count_queries.clear()
    client.get("/capabilities/?again")
    assert len(count_queries) <= 12
