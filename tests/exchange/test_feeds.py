"""Feeds, the overview for programs, and Markdown beside pages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient

from app.config import Config
from app.kernel.db import transaction
from app.training.feeds.service import renew_feed
from tests.factories.coaches import make_coach
from tests.factories.courses import make_course
from tests.factories.frameworks import make_framework
from tests.factories.people import make_user
from tests.factories.practices import THEN, make_practice
from tests.factories.training import NOW, make_training

pytestmark = pytest.mark.usefixtures("clock")
ATOM = "{http://www.w3.org/2005/Atom}"


def entries(text: str) -> list[tuple[str | None, str | None]]:
    """(title, address) of each entry."""
    feed = ET.fromstring(text)
    return [
        (entry.findtext(f"{ATOM}title"), entry.find(f"{ATOM}link").get("href"))  # type: ignore[union-attr]
        for entry in feed.findall(f"{ATOM}entry")
    ]


def test_the_latest_change_comes_first(app: Flask, client: FlaskClient) -> None:
    make_practice("old", updated_at=THEN)
    make_practice("new", updated_at=THEN + timedelta(days=1))
    answer = client.get("/feeds/practices.atom")
    assert answer.mimetype == "application/atom+xml"
    assert [title for title, _url in entries(answer.text)] == ["About new", "About old"]


def test_an_entry_is_complete_and_keeps_its_address(app: Flask, client: FlaskClient, config: Config) -> None:
    make_practice("short", body="## What\n\nKeep <b>it</b> short & small.\n", tags=("git",))
    feed = ET.fromstring(client.get("/feeds/practices.atom").text)
    (entry,) = feed.findall(f"{ATOM}entry")
    address = f"{config.site_url}/practices/short?lang=en"
    assert entry.findtext(f"{ATOM}id") == address
    assert "<b>it</b> short &amp; small." in (entry.findtext(f"{ATOM}content") or "")
    assert [each.get("term") for each in entry.findall(f"{ATOM}category")] == ["git"]


def test_a_feed_can_be_narrowed(app: Flask, client: FlaskClient) -> None:
    framework = make_framework()
    capability = framework.areas[0].capabilities[0]
    make_practice("on-it", capability=capability)
    make_practice("beside-it")
    make_practice("auf-chinesisch", language="zh", title="短分支")
    found = entries(client.get(f"/feeds/practices.atom?capability={capability.slug}").text)
    assert [title for title, _url in found] == ["About on-it"]
    assert [title for title, _url in entries(client.get("/feeds/practices.atom?lang=zh").text)] == ["短分支"]
    assert len(entries(client.get("/feeds/everything.atom?lang=xx").text)) == 3


def test_drafts_and_unknown_feeds_are_not_there(app: Flask, client: FlaskClient) -> None:
    make_training(state="draft")
    assert entries(client.get("/feeds/training.atom").text) == []
    assert client.get("/feeds/people.atom").status_code == 404


def test_a_feed_takes_as_many_queries_for_thirty_as_for_one(
    app: Flask, client: FlaskClient, count_queries: list[str]
) -> None:
    make_practice("first", owner_id=make_user("Owner").id, tags=("a",))
    count_queries.clear()
    client.get("/feeds/everything.atom")
    one = len(count_queries)
    for number in range(29):
        make_practice(f"more-{number}", owner_id=make_user(f"Owner {number}").id, tags=("a", "b"))
    count_queries.clear()
    client.get("/feeds/everything.atom")
    assert len(count_queries) == one


def test_on_a_site_for_members_a_secret_reads(app: Flask, client: FlaskClient, config: Config) -> None:
    make_practice("short")
    person = make_user("Reader")
    with transaction() as session:
        token = renew_feed(session, person.id, now=NOW)
    app.config["GUILDHALL"] = replace(config, visitors="none")
    try:
        assert client.get("/feeds/practices.atom").status_code == 303
        assert len(entries(client.get(f"/feeds/{token}/practices.atom").text)) == 1
        assert client.get("/feeds/wrong/practices.atom").status_code == 404
        assert client.get("/llms.txt").status_code == 303
    finally:
        app.config["GUILDHALL"] = config


def front(text: str) -> dict[str, object]:
    fields: dict[str, object] = yaml.safe_load(text.split("---\n")[1])
    return fields


def test_pages_are_there_as_markdown(app: Flask, client: FlaskClient, config: Config) -> None:
    framework = make_framework()
    capability = framework.areas[0].capabilities[0]
    make_practice("short", title="A [strange] title", capability=capability)
    training = make_training()
    coach = make_coach("Cora Coach")
    course = make_course()
    assert front(client.get(f"/training/courses/{course.slug}.md").text)["title"] == course.title
    text = client.get(f"/training/{training.slug}.md").text
    assert front(text)["title"] == training.title
    assert front(text)["url"] == f"{config.site_url}/training/{training.slug}"
    assert front(client.get(f"/coaches/{coach.slug}.md").text)["title"] == "Cora Coach"
    page = client.get(f"/capabilities/{framework.slug}/{capability.slug}.md").text
    assert f"- [A \\[strange\\] title]({config.site_url}/practices/short.md?lang=en)" in page
    assert capability.slug in client.get(f"/capabilities/{framework.slug}.md").text
    for missing in (
        "/training/none.md",
        "/coaches/none.md",
        "/capabilities/none.md",
        f"/capabilities/{framework.slug}/none.md",
    ):
        assert client.get(missing).status_code == 404


def test_the_overview_leads_to_markdown(app: Flask, client: FlaskClient, config: Config) -> None:
    make_practice("short")
    answer = client.get("/llms.txt")
    assert answer.mimetype == "text/plain"
    assert answer.text.startswith(f"# {config.site_name}\n\n> ")
    assert f"- [About short]({config.site_url}/practices/short.md?lang=en)" in answer.text


def test_the_page_of_feeds_names_each(app: Flask, client: FlaskClient, config: Config) -> None:
    page = client.get("/feeds/").text
    for name in ("everything", "practices", "case-studies", "training"):
        assert f"{config.site_url}/feeds/{name}.atom" in page


@pytest.mark.parametrize(
    ("page", "feed"),
    [("/", "everything"), ("/practices/", "practices"), ("/case-studies/", "case-studies"), ("/training/", "training")],
)
def test_lists_say_in_their_head_where_their_feed_is(client: FlaskClient, page: str, feed: str) -> None:
    head = client.get(page).text.partition("<body>")[0]
    link = re.search(r'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="([^"]+)">', head)
    assert link is not None
    assert link[1] == f"/feeds/{feed}.atom"
    assert client.get(link[1]).mimetype == "application/atom+xml"
