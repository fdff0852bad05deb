"""What is wrong with the page that is shown."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def check(page: Page) -> None:
    """Fail with what axe has against the page, or if it is wider than its screen."""
    # While something still fades in, its colours are not yet its own.
    page.evaluate("Promise.allSettled(document.getAnimations().map(animation => animation.finished))")
    found = Axe().run(page).response["violations"]
    wrong = [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert not wrong, f"{page.url}: {wrong}"
    assert wide <= 0, f"{page.url} is {wide} pixels too wide"
