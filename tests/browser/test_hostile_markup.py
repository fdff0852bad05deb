"""Every hostile text of `tests/kernel/hostile/` on a real page, under the policy of the site, in a real browser: nothing runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request

from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.markup import render
from app.practices.models import Practice
from tests.kernel.test_hostile_markup import CASES, Names
from tests.site import Site

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", event => window.violations.push(event.effectiveDirective));
"""
# What the browser itself makes of the text: handlers and addresses that act, things of the page that are hidden by a name.
LOOK = """() => {
  const found = [];
  for (const element of document.querySelectorAll(".prose *")) {
    for (const attribute of element.attributes) {
      if (/^on|^style$|^srcdoc$|^form/i.test(attribute.name)) found.push(element.tagName + " " + attribute.name);
    }
    if (element.hasAttribute("href") && !["http:", "https:", "mailto:"].includes(element.protocol)) found.push(element.protocol);
    if (/^(SCRIPT|STYLE|IFRAME|OBJECT|EMBED|FORM|BASE|META|LINK|TEMPLATE|SVG|MATH)$/i.test(element.tagName)) found.push(element.tagName);
  }
  if (typeof document.cookie !== "string" || typeof document.getElementById !== "function") found.push("hidden by a name");
  if (document.querySelectorAll("main").length !== 1 || !document.querySelector("main .prose")) found.push("page torn");
  return found;
}"""


ON_A_PAGE = 12


@dataclass
class Seen:
    """What happened on a page that should not."""

    dialogs: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


@pytest.fixture
def watched(browser: Browser, site: Site) -> Any:
    context = browser.new_context(base_url=site.url)
    context.add_init_script(WATCH)
    page, seen = context.new_page(), Seen()

    def dialog(opened: Any) -> None:
        seen.dialogs.append(opened.message)
        opened.dismiss()

    def request(asked: Request) -> None:
        if urlsplit(asked.url).netloc != urlsplit(site.url).netloc:
            seen.elsewhere.append(asked.url)

    page.on("dialog", dialog)
    page.on("request", request)
    page.on("console", lambda message: seen.said.append(message.text) if message.type != "error" else None)
    yield page, seen
    context.close()


def publish(site: Site, pages: Mapping[str, str]) -> None:
    """Practices with exactly this HTML, as the renderer would have left it."""

    def write() -> None:
        with transaction() as session:
            session.add_all(
                Practice(
                    slug=slug,
                    language="en",
                    title=slug,
                    summary="",
                    source="",
                    html=html,
                    text="",
                    headings=[],
                    words=0,
                    han=0,
                    origin=f"hostile:{slug}",
                    origin_hash="0" * 64,
                    created_at=utc_now(),
                    updated_at=utc_now(),
                )
                for slug, html in pages.items()
            )

    site.do(write)


def _shown(name: str) -> str:
    return f"<section>{render(CASES[name][0], names=Names()).html}</section>"


def test_nothing_of_it_runs(site: Site, watched: tuple[Page, Seen]) -> None:
    page, seen = watched
    names = list(CASES)
    groups = {f"hostile-{start}": names[start : start + ON_A_PAGE] for start in range(0, len(names), ON_A_PAGE)}
    publish(site, {slug: "\n".join(_shown(name) for name in group) for slug, group in groups.items()})
    faults = {}

    for slug, group in groups.items():
        page.goto(f"/practices/{slug}")
        found = [*page.evaluate(LOOK), *page.evaluate("window.violations"), *seen.dialogs, *seen.elsewhere, *seen.said]
        if found or page.url != f"{site.url}/practices/{slug}":
            faults[slug] = (page.url, found, group)
        seen.__init__()  # type: ignore[misc]

    assert faults == {}


def test_whatever_ran_would_be_seen(site: Site, watched: tuple[Page, Seen]) -> None:
    """Without the sanitiser the policy still stops it, and this test sees that it did."""
    page, _seen = watched
    publish(
        site,
        {
            "unclean": '<img src="x" onerror="alert(1)"><script>alert(1)</script><form id="theme"></form><a href="javascript:alert(1)">x</a>'
        },
    )

    page.goto("/practices/unclean")

    assert set(page.evaluate(LOOK)) == {"IMG onerror", "SCRIPT", "FORM", "javascript:"}
    assert sorted(set(page.evaluate("window.violations"))) == ["script-src-attr", "script-src-elem"]
    assert json.dumps(page.evaluate("document.title")) != '""'
