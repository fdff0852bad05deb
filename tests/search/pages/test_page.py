"""How an answer is shown: facets, order, groups, reasons, and ways out of an empty result."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from html import unescape

import pytest
from flask.testing import FlaskClient

from app.search.desk.redirects import Pinned
from app.search.pages import views
from app.search.queries import ShownHit
from app.search.sources import Found
from tests.search.pages.answers import CANARY, FACETS, Tell, group, tell

__all__ = ["tell"]


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def facet(text: str, name: str) -> dict[str, list[tuple[str, int]]]:
    """What of a facet stands in the open and what behind "more": (label, count)."""
    found = re.search(rf'aria-labelledby="facet-{name}">(.*?)</section>', text, re.DOTALL)
    if not found:
        return {}
    first, _, rest = found[1].partition("<details>")
    choice = re.compile(
        r'facet-label">(.*?)(?:<span.*?</span>\s*)?</span>\s*<span class="facet-count">(\d+)<', re.DOTALL
    )
    return {
        name: [(label.strip(), int(count)) for label, count in choice.findall(part)]
        for name, part in (("first", first), ("rest", rest))
    }


def links(text: str) -> dict[str, str]:
    """Where each link leads, by its words."""
    words = re.compile(r"(?:<[^>]+>|\s)+")
    found = re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', text, re.DOTALL)
    return {words.sub(" ", label).strip(): unescape(url) for url, label in found}


def test_every_facet_has_names_and_counts(client: FlaskClient, tell: Tell) -> None:
    tell()
    text = page(client, "/search?q=canary")
    assert {name: facet(text, name)["first"] for name in FACETS if name not in {"kind", "tag"}} == {
        "area": [("Deployment and release", 9)],
        "capability": [("Version control", 5)],
        "level": [("Level 3", 7), ("Level 4", 2)],
        "language": [("English", 10), ("中文", 3)],
        "coach": [("Amara Osei", 2)],
        "year": [("2026", 3), ("2025", 4)],
    }
    assert links(text)["Practices 11"] == "/search?q=canary&kind=practice"


def test_a_long_facet_shows_the_most_frequent_and_the_chosen(client: FlaskClient, tell: Tell) -> None:
    tell()
    shown = facet(page(client, "/search?q=canary&tag=tag-10&tag=gone"), "tag")
    names = {part: [label for label, _count in choices] for part, choices in shown.items()}
    assert names == {
        "first": [f"tag-{number:02}" for number in range(8)] + ["tag-10", "gone"],
        "rest": ["tag-08", "tag-09", "tag-11"],
    }
    assert shown["first"][-1] == ("gone", 0)


def test_what_would_find_nothing_is_offered_only_where_it_is_chosen(client: FlaskClient, tell: Tell) -> None:
    tell(facets={"level": Counter({"3": 7, "4": 0})})
    assert facet(page(client, "/search?q=canary"), "level")["first"] == [("Level 3", 7)]
    assert facet(page(client, "/search?q=canary&level=4"), "level")["first"] == [("Level 3", 7), ("Level 4", 0)]


def test_choices_add_up_and_are_taken_away_one_by_one(client: FlaskClient, tell: Tell) -> None:
    tell()
    found = links(page(client, "/search?q=canary&level=3&level=4&language=zh&kind=practice&page=2"))
    assert found["Remove the filter Level 3"] == "/search?q=canary&level=4&language=zh&kind=practice"
    assert found["Remove the filter 中文"] == "/search?q=canary&level=3&level=4&kind=practice"
    assert found["Clear all"] == "/search?q=canary&kind=practice"
    assert found["All 13"] == "/search?q=canary&level=3&level=4&language=zh"


def test_the_box_keeps_everything_that_is_chosen(client: FlaskClient, tell: Tell) -> None:
    tell()
    address = "/search?q=canary&level=3&level=4&tag=git&sort=new&by=kind&page=3"
    box = re.search(r'<form class="search-box large".*?</form>', page(client, address), re.DOTALL)
    assert box
    kept = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', box[0])
    assert kept == [("level", "3"), ("level", "4"), ("tag", "git"), ("sort", "new"), ("by", "kind")]


@pytest.mark.parametrize(
    ("asked", "current"), [("", "Best match"), ("new", "Newest first"), ("old", "Oldest first"), ("x", "Best match")]
)
def test_the_order_is_in_the_address(client: FlaskClient, tell: Tell, asked: str, current: str) -> None:
    tell()
    text = page(client, f"/search?q=canary&level=3&sort={asked}")
    nav = re.search(r'<nav class="sort" aria-label="Order".*?</nav>', text, re.DOTALL)
    assert nav
    assert re.findall(r'aria-current="true">(.*?)</a>', nav[0]) == [current]
    assert links(nav[0]) == {
        "Best match": "/search?q=canary&level=3",
        "Newest first": "/search?q=canary&level=3&sort=new",
        "Oldest first": "/search?q=canary&level=3&sort=old",
    }


def test_by_kind_each_kind_shows_its_best(client: FlaskClient, tell: Tell) -> None:
    tell(groups=[group("practice", "Practices", 11), group("coach", "Coaches", 1)])
    text = page(client, "/search?q=canary&by=kind&level=3")
    heads = re.findall(r'<div class="section-head">\s*<h2>(.*?)</h2>', text)
    assert (heads, text.count('<h3 class="hit-title"'), 'class="pager"' in text) == (["Practices", "Coaches"], 2, False)
    assert links(text)["All 11 : Practices"] == "/search?q=canary&level=3&kind=practice"
    assert "All 1 : Coaches" not in links(text)


def test_a_hit_says_why_it_is_there(client: FlaskClient, tell: Tell) -> None:
    tell()
    text = page(client, "/search?q=canary")
    assert "“部署” found as “deployment”" in text
    assert "Has: canary, release" in text
    assert "Missing: <s>rollback</s>" in text
    assert 'aria-label="Level 3 of 5"' in text
    assert links(text)["Also in 中文 : Canary &lt;release&gt;"] == "/practices/canary?lang=zh"


def test_what_the_marks_say_is_not_said_again(client: FlaskClient, tell: Tell) -> None:
    why = dataclasses.replace(CANARY.why, missing=(), through=())
    tell(hits=[dataclasses.replace(CANARY, why=why)])
    assert "Has:" not in page(client, "/search?q=canary")


def test_a_correction_keeps_the_filters(client: FlaskClient, tell: Tell) -> None:
    tell(correction="canary", loosened=True)
    text = page(client, "/search?q=canry&level=3&sort=new&page=2")
    assert links(text)["canary"] == "/search?q=canary&level=3&sort=new"
    assert "some of them, the closest first" in text


def test_an_empty_result_leads_on(client: FlaskClient, tell: Tell) -> None:
    capability = Found("Release gates", "/capabilities/continuous-delivery/release-gates", language="en", hue=4)
    near = [ShownHit("capability", "Capability", capability, CANARY.title, CANARY.passage, 1.0)]
    tell(hits=[], total=0, facets={"level": Counter({"4": 2})}, near=near, near_slugs=("release-gates",))
    text = page(client, "/search?q=lighthouse&level=1&tag=git")
    assert "Nothing found for “lighthouse”" in text
    found = links(text)
    assert found["Search without Level 1"] == "/search?q=lighthouse&tag=git"
    assert "Search without git" not in found
    assert found["Release gates"] == capability.url
    assert found["Ask a coach"] == "/coaches/?capability=release-gates"
    assert found["Look at the trainings"] == "/training/"


def test_an_empty_result_without_anything_near_leads_to_the_map(client: FlaskClient, tell: Tell) -> None:
    tell(hits=[], total=0, facets={}, unfiltered=1)
    found = links(page(client, "/search?q=zzzz&level=1&tag=git"))
    assert found["Look around on the map of capabilities"] == "/capabilities/"
    assert found["Ask a coach"] == "/coaches/"
    assert found["Search without any filter"] == "/search?q=zzzz"
    tell(hits=[], total=0, facets={}, unfiltered=0)
    text = page(client, "/search?q=zzzz&level=1&tag=git")
    assert ("Search without" in text, "Try fewer or other words" in text) == (False, True)


def test_what_the_editors_put_first_stands_first(
    client: FlaskClient, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell()
    pinned = Pinned("practice", "Practice", Found("Start <here>", "/practices/start?lang=en"))
    monkeypatch.setattr(views, "pinned_for", lambda _text, _reader: pinned)
    text = page(client, "/search?q=canary")
    assert links(text)["Start &lt;here&gt;"] == "/practices/start?lang=en"
    assert text.index("Start &lt;here&gt;") < text.index("Canary")
    assert "Put first by the editors" not in page(client, "/search?q=canary&level=3")


def test_a_search_is_counted_once_however_it_is_narrowed(
    client: FlaskClient, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell()
    noted: list[tuple[str, int]] = []
    monkeypatch.setattr(views, "note_search", lambda text, *, total, asker: noted.append((text, total)))
    for address in ("q=canary", "q=canary&page=2", "q=canary&level=3", "q=++", "q=canary&sort=new"):
        page(client, f"/search?{address}")
    assert noted == [("canary", 13)]


def test_the_empty_page_teaches_the_language_of_queries(client: FlaskClient) -> None:
    found = links(page(client, "/search"))
    for query, address in {
        "&#34;trunk based&#34;": "/search?q=%22trunk+based%22",
        "test -unit": "/search?q=test+-unit",
        "title:pipeline": "/search?q=title:pipeline",
        "review level:3..5": "/search?q=review+level:3..5",
    }.items():
        assert found[query] == address
