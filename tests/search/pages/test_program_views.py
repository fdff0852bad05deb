"""Search for programs: JSON with the page's content, suggestions, and the description for browsers."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.search import queries
from app.search.outbox import drain
from tests.factories.case_studies import make_manuscript, make_story
from tests.factories.people import make_team, make_user
from tests.factories.practices import make_practice
from tests.search.pages.answers import SUGGESTIONS, Tell, group, tell

__all__ = ["tell"]
LogIn = Callable[[User], FlaskClient]
SPACE = "{http://a9.com/-/spec/opensearch/1.1/}"


def test_a_program_gets_what_the_page_shows(app: Flask, client: FlaskClient, tell: Tell) -> None:
    tell(correction="canaries", loosened=True)
    site = app.config["GUILDHALL"].site_url
    answer = client.get("/search.json?q=canary&level=3&page=2").get_json()
    assert answer["hits"] == [
        {
            "title": "Canary <release>",
            "title_html": "<mark>Canary</mark> &lt;release&gt;",
            "url": f"{site}/practices/canary?lang=en",
            "kind": "practice",
            "label": "Practice",
            "note": "Deployment",
            "language": "en",
            "level": 3,
            "passage": "A few users & then all.",
            "passage_html": "A few users &amp; then <mark>all</mark>.",
            "why": {
                "found": ["canary", "release"],
                "missing": ["rollback"],
                "through": [{"typed": "部署", "found": "deployment"}],
            },
            "translations": [{"language": "zh", "url": f"{site}/practices/canary?lang=zh"}],
        }
    ]
    facets = {facet["name"]: facet for facet in answer["facets"]}
    assert list(facets) == ["kind", "area", "capability", "level", "language", "tag", "coach", "year"]
    assert facets["level"] == {
        "name": "level",
        "label": "Level",
        "choices": [
            {"value": "3", "name": "Level 3", "count": 7, "chosen": True},
            {"value": "4", "name": "Level 4", "count": 2, "chosen": False},
        ],
    }
    rest = {name: value for name, value in answer.items() if name not in {"hits", "facets"}}
    assert rest == {
        "q": "canary",
        "total": 13,
        "page": 2,
        "pages": 2,
        "loosened": True,
        "correction": "canaries",
        "pinned": None,
        "links": {
            "html": f"{site}/search?q=canary&level=3&page=2",
            "previous": f"{site}/search.json?q=canary&level=3",
        },
    }


def test_a_program_gets_the_kinds_apart(app: Flask, client: FlaskClient, tell: Tell) -> None:
    tell(groups=[group("practice", "Practices", 11)])
    answer = client.get("/search.json?q=canary&by=kind").get_json()
    [practices] = answer["groups"]
    assert "hits" not in answer
    assert (practices["label"], practices["total"], len(practices["hits"])) == ("Practices", 11, 1)
    assert practices["url"] == f"{app.config['GUILDHALL'].site_url}/search.json?q=canary&kind=practice"


@pytest.mark.parametrize("query", ["", '"', "x" * 2000, "🙂", "[a TO z]", "level:9 before:x", "%ff", "-"])
def test_a_wild_query_is_answered(app: Flask, client: FlaskClient, query: str) -> None:
    make_practice("pipeline", title="Deployment pipeline")
    drain()
    wild = f"q={quote(query)}&kind=nonsense&year=x&page=-3&sort=;&by=;&_scheme=x&tag={'y' * 200}"
    for address in ("/search.json", "/search/suggest", "/search/suggest.json"):
        assert client.get(f"{address}?{wild}").status_code == 200, address


def test_without_an_index_a_program_is_told_so(client: FlaskClient) -> None:
    for address in ("/search.json?q=test", "/search/suggest?q=test", "/search/suggest.json?q=test"):
        answer = client.get(address)
        assert (address, answer.status_code) == (address, 503)
        assert "try again" in answer.get_json()["error"]
        assert answer.headers["Retry-After"] == "30"


def test_programs_and_suggestions_have_the_rights_of_their_reader(
    app: Flask, client: FlaskClient, log_in: LogIn
) -> None:
    author, outsider = make_user("Author"), make_user("Outsider")
    make_manuscript(author, make_story(make_team("Payments", author), None, title="Confidential gateway"))
    make_practice("gateway", title="Gateway for everybody")
    drain()

    def seen(browser: FlaskClient) -> list[str]:
        addresses = ("/search.json?q=confidential", "/search/suggest?q=confid", "/search/suggest.json?q=confid")
        return [address for address in addresses if "gateway" in browser.get(address).get_data(as_text=True)]

    assert seen(log_in(author)) == [
        "/search.json?q=confidential",
        "/search/suggest?q=confid",
        "/search/suggest.json?q=confid",
    ]
    assert (seen(log_in(outsider)), seen(client)) == ([], [])


def test_members_only_holds_for_programs(app: Flask, client: FlaskClient) -> None:
    config = app.config["GUILDHALL"]
    app.config["GUILDHALL"] = dataclasses.replace(config, visitors="none")
    try:
        answer = client.get("/search.json?q=a")
        assert (answer.status_code, answer.get_json()["status"]) == (401, 401)
        assert client.get("/search/suggest?q=a").status_code in {303, 401}
        assert client.get("/opensearch.xml").status_code == 200
    finally:
        app.config["GUILDHALL"] = config


def test_suggestions_are_few_and_kept_nowhere(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []

    def suggest(text: str, _reader: object, limit: int) -> list[queries.Suggestion]:
        asked.append((text, limit))
        return SUGGESTIONS

    monkeypatch.setattr(queries, "suggest", suggest)
    answer = client.get("/search/suggest?q=+can+")
    assert answer.get_json() == {
        "q": "can",
        "recent": [],
        "suggestions": [
            {"title": "Canary <release>", "url": "/practices/canary?lang=en", "kind": "practice", "label": "Practice"},
            {"title": "Carla Canary", "url": "/coaches/carla-canary", "kind": "coach", "label": "Coach"},
        ],
    }
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert client.get("/search/suggest?q=").get_json()["suggestions"] == []
    assert asked == [("can", 8)]


def test_browsers_get_suggestions_in_their_form(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "suggest", lambda *_args, **_limit: SUGGESTIONS)
    site = app.config["GUILDHALL"].site_url
    answer = client.get("/search/suggest.json?q=can")
    assert answer.mimetype == "application/x-suggestions+json"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.get_json(force=True) == [
        "can",
        ["Canary <release>", "Carla Canary"],
        ["Practice", "Coach"],
        [f"{site}/practices/canary?lang=en", f"{site}/coaches/carla-canary"],
    ]
    assert client.get("/search/suggest?q=can&format=opensearch").data == answer.data


def test_a_browser_can_add_the_search(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/opensearch.xml")
    assert answer.mimetype == "application/opensearchdescription+xml"
    root = ET.fromstring(answer.data)
    site = app.config["GUILDHALL"].site_url
    assert root.tag == f"{SPACE}OpenSearchDescription"
    assert root.findtext(f"{SPACE}ShortName") == app.config["GUILDHALL"].site_name[:16]
    assert {url.attrib["type"]: url.attrib["template"] for url in root.iter(f"{SPACE}Url")} == {
        "text/html": f"{site}/search?q={{searchTerms}}",
        "application/json": f"{site}/search.json?q={{searchTerms}}&page={{startPage?}}",
        "application/x-suggestions+json": f"{site}/search/suggest.json?q={{searchTerms}}",
        "application/opensearchdescription+xml": f"{site}/opensearch.xml",
    }
    # The longest name that a description may have, with everything that XML minds.
    assert len(root.findtext(f"{SPACE}Description") or "") <= 1024


@pytest.mark.parametrize("address", ["/", "/search", "/practices/", "/login", "/no-such-page"])
def test_every_page_names_the_description(client: FlaskClient, address: str) -> None:
    page = client.get(address).get_data(as_text=True)
    [link] = re.findall(r'<link rel="search"[^>]*>', page)
    assert 'href="/opensearch.xml"' in link
    assert 'type="application/opensearchdescription+xml"' in link
