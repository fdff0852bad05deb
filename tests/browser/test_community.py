"""What a reader does around an article, on a phone and without script: say that the team uses it, ask, keep, collect."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import log_in, make_person
from tests.site import Site

pytestmark = pytest.mark.browser
PRACTICE = "/practices/merge-queue"


@pytest.fixture
def phone(browser: Browser, site: Site) -> Iterator[Page]:
    """A phone whose browser runs no script."""
    context = browser.new_context(
        base_url=site.url, viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="en"
    )
    yield context.new_page()
    context.close()


def test_a_team_says_it_in_two_presses_and_takes_it_back_with_a_reason(phone: Page, site: Site) -> None:
    log_in(phone, make_person(site, "Mo Member", team="Settlement"))
    phone.goto(PRACTICE)
    phone.get_by_text("My team uses this").click()
    phone.get_by_role("button", name="Say so").click()
    expect(phone.locator(".tools")).to_contain_text("Settlement: Trying it")
    expect(phone.locator("#teams")).to_contain_text("3 teams use this")
    phone.locator(".tools summary").first.click()
    phone.get_by_label("Using it").check()
    phone.get_by_label("What you do, in a sentence").first.fill("Every merge, since spring.")
    phone.get_by_role("button", name="Save").first.click()
    expect(phone.locator("#teams")).to_contain_text("Every merge, since spring.")
    phone.locator(".tools summary").first.click()
    phone.get_by_text("We have stopped").click()
    phone.get_by_label("Why have you stopped?").fill("Too few merges to be worth it.")
    phone.get_by_role("button", name="Save").last.click()
    expect(phone.locator("#teams")).to_contain_text("2 teams use this")
    phone.get_by_role("link", name="How it came about").click()
    expect(phone.locator("main")).to_contain_text("Too few merges to be worth it.")
    expect(phone.locator("main")).to_contain_text("Every merge, since spring.")


def test_a_reader_asks_answers_keeps_and_collects(phone: Page, site: Site) -> None:
    log_in(phone, make_person(site, "Rita Reader"))
    phone.goto(PRACTICE)
    phone.get_by_label("Ask, add, or tell how it went for you").fill("Does it work with **submodules**?")
    phone.get_by_role("button", name="Send the comment").click()
    expect(phone.locator(".comment:target")).to_contain_text("Does it work with submodules?")
    phone.locator(".answer summary").first.click()
    phone.get_by_label("Your answer").first.fill("It does.")
    phone.locator(".answer").first.get_by_role("button", name="Answer").click()
    expect(phone.locator(".answers").first).to_contain_text("It does.")
    phone.locator("#helpful").get_by_role("button", name="Yes").click()
    expect(phone.locator("#helpful")).to_contain_text("It helped you")
    expect(phone.locator("#helpful")).to_contain_text("6 of 7 found this helpful")
    phone.get_by_role("button", name="Keep").click()
    expect(phone.get_by_role("button", name="On my shelf")).to_be_visible()
    phone.get_by_role("link", name="Add to a collection").click()
    phone.get_by_label("Into a new collection").fill("For later")
    phone.get_by_role("button", name="Begin it with this").click()
    phone.goto("/shelf")
    phone.get_by_role("link", name="For later").click()
    expect(phone.locator("main")).to_contain_text("You have read 0 of 1")
    phone.get_by_role("button", name="Mark as read").click()
    expect(phone.locator("main")).to_contain_text("You have read 1 of 1")
