"""What is wrong with the page that is shown."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def check(page: Page) -> None:
    """Fail with what axe has against the page, or if it is wider than its screen."""
    found = Axe().run(page).response["violations"]
    wrong = [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert (page.url, wrong, max(wide, 0)) == (page.url, [], 0)
