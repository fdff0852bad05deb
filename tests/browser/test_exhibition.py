"""The exhibition on a screen that nobody touches: it turns by itself, without a network too, and lets itself be stopped."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open

HERE = "/case-studies/exhibition?seconds=10"


def title(page: Page) -> str:
    return page.locator(".poster-title").inner_text()


def wait_for_another(page: Page, than: str) -> str:
    """The poster that comes when the time of this one is over."""
    page.clock.run_for(10_500)
    expect(page.locator(".poster-title")).not_to_have_text(than)
    return title(page)


@pytest.fixture
def screen(open_page: Open) -> Page:
    page = open_page("/case-studies/")
    page.clock.install()
    page.goto(HERE)
    expect(page.locator("html")).to_have_class("exhibition is-turning is-awake")
    return page


def test_posters_turn_by_themselves_and_begin_again(screen: Page) -> None:
    seen = [title(screen)]
    for _turn in range(3):
        seen.append(wait_for_another(screen, seen[-1]))
    # The library has three.
    assert len(set(seen[:3])) == 3
    assert seen[3] == seen[0]
    # The address is that of the poster, and nothing is added to what Back would lead to.
    assert "story=" in screen.url
    assert screen.evaluate("history.length") <= 3


def test_without_a_network_what_was_here_goes_on_turning(screen: Page) -> None:
    seen = [title(screen)]
    for _turn in range(2):
        seen.append(wait_for_another(screen, seen[-1]))
    screen.context.set_offline(True)
    for _turn in range(4):
        seen.append(wait_for_another(screen, seen[-1]))
    expect(screen.locator("[data-lost]")).to_be_visible()
    assert set(seen) == set(seen[:3])
    screen.context.set_offline(False)
    wait_for_another(screen, seen[-1])
    expect(screen.locator("[data-lost]")).to_be_hidden()


def test_keys_and_buttons_stop_it_and_go_back_and_on(screen: Page) -> None:
    first = title(screen)
    screen.keyboard.press("ArrowRight")
    expect(screen.locator(".poster-title")).not_to_have_text(first)
    screen.keyboard.press("ArrowLeft")
    expect(screen.locator(".poster-title")).to_have_text(first)
    screen.keyboard.press(" ")
    expect(screen.get_by_role("button", name="Let it turn")).to_have_attribute("aria-pressed", "true")
    screen.clock.run_for(60_000)
    assert title(screen) == first
    screen.get_by_role("button", name="Let it turn").click()
    wait_for_another(screen, first)


def test_while_somebody_chooses_nothing_turns(screen: Page) -> None:
    first = title(screen)
    screen.get_by_role("button", name="Choose").click()
    expect(screen.get_by_role("heading", name="What hangs here")).to_be_visible()
    screen.clock.run_for(60_000)
    assert title(screen) == first
    screen.keyboard.press("Escape")
    wait_for_another(screen, first)


def test_a_long_evening_leaves_nothing_behind(screen: Page) -> None:
    for _turn in range(3):
        wait_for_another(screen, title(screen))
    nodes = "document.querySelectorAll('*').length"
    least = screen.evaluate(nodes)
    for _turn in range(12):
        wait_for_another(screen, title(screen))
    assert screen.evaluate(nodes) <= least * 1.3
    assert screen.evaluate("document.querySelectorAll('[data-poster]').length") == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh", 360)])
def test_everybody_can_read_a_poster(open_page: Open, language: str, width: int, theme: str) -> None:
    page = open_page(HERE, language=language, width=width, theme=theme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_a_poster_of_the_impact_and_the_figures_passes_the_same(open_page: Open) -> None:
    for path in ("/case-studies/impact", "/case-studies/vsts-test-portfolio", f"{HERE}&print=a4"):
        page = open_page(path, width=360)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
