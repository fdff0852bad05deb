"""The search box in the head of every page: suggestions by keyboard, in order, and with an input method."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Open, make_person
from tests.site import Site

BOX = "header input[name=q]"
Answers = Callable[[str], list[str]]


def answer_with(page: Page, titles: Answers, *, slow: str = "") -> list[str]:
    """Let the page's questions be answered with `titles(text)`, the one for `slow` late. Returns the questions."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        text = parse_qs(urlsplit(route.request.url).query).get("q", [""])[0]
        asked.append(text)
        if text == slow:
            time.sleep(0.5)
        suggestions = [
            {"title": title, "url": f"/practices/?chosen={number}", "kind": "practice", "label": "Practice"}
            for number, title in enumerate(titles(text))
        ]
        route.fulfill(json={"q": text, "suggestions": suggestions, "recent": []})

    page.route("**/search/suggest?*", answer)
    return asked


def options(page: Page) -> Locator:
    return page.locator("header [role=option]:visible")


def active(page: Page) -> str:
    """The text of the option that a screen reader would read out."""
    found: str = page.locator(BOX).evaluate(
        "box => document.getElementById(box.getAttribute('aria-activedescendant'))?.textContent ?? ''"
    )
    return found


@pytest.fixture
def page(open_page: Open) -> Page:
    opened = open_page("/practices/")
    # On a page whose requests are answered for it, Chromium complains of its own view transitions.
    opened.emulate_media(reduced_motion="reduce")
    opened.locator(BOX).focus()
    return opened


def test_the_box_is_a_combobox_that_the_arrow_keys_move_in(page: Page) -> None:
    answer_with(page, lambda text: [f"{text} one", f"{text} two"])
    box = page.locator(BOX)
    expect(box).to_have_attribute("role", "combobox")
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("can")
    expect(options(page)).to_have_text(["Search for “can”", "can one", "can two"])
    expect(box).to_have_attribute("aria-expanded", "true")
    assert box.get_attribute("aria-controls") == page.locator("header [role=listbox]").get_attribute("id")
    expect(page.locator("header [role=status]")).to_have_text("Suggestions: 3")
    seen = [active(page)]
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
        seen.append(active(page))
    assert seen == ["", "Search for “can”", "can one", "can two", "", "can two"]
    expect(page.locator("header [aria-selected=true]")).to_have_count(1)
    expect(box).to_be_focused()


def test_home_and_end_belong_to_the_text(page: Page) -> None:
    answer_with(page, lambda text: [f"{text} one"])
    page.keyboard.type("can")
    expect(options(page)).to_have_count(2)
    page.keyboard.press("Home")
    caret = page.locator(BOX).evaluate("box => box.selectionStart")
    page.keyboard.press("End")
    assert (caret, page.locator(BOX).evaluate("box => box.selectionStart"), active(page)) == (0, 3, "")


def test_enter_opens_what_is_chosen(page: Page) -> None:
    answer_with(page, lambda text: [f"{text} one", f"{text} two"])
    page.keyboard.type("can")
    expect(options(page)).to_have_count(3)
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/practices/?chosen=1")


def test_enter_searches_where_nothing_is_chosen(page: Page) -> None:
    answer_with(page, lambda text: [f"{text} one"])
    page.keyboard.type("can")
    expect(options(page)).to_have_count(2)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=can")


def test_a_click_opens_too(page: Page) -> None:
    answer_with(page, lambda text: [f"{text} one"])
    page.keyboard.type("can")
    expect(options(page)).to_have_count(2)
    options(page).nth(1).click()
    page.wait_for_url("**/practices/?chosen=0")


def test_escape_closes_and_then_clears(page: Page) -> None:
    answer_with(page, lambda text: [f"{text} one"])
    page.keyboard.type("can")
    expect(options(page)).to_have_count(2)
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(page.locator(BOX)).to_have_value("can")
    expect(page.locator(BOX)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Escape")
    expect(page.locator(BOX)).to_have_value("")


def test_tab_leaves(page: Page) -> None:
    answer_with(page, lambda text: [f"{text} one"])
    page.keyboard.type("can")
    expect(options(page)).to_have_count(2)
    page.keyboard.press("Tab")
    expect(options(page)).to_have_count(0)
    expect(page.locator(BOX)).not_to_be_focused()


def test_a_late_answer_does_not_replace_a_newer_one(page: Page) -> None:
    asked = answer_with(page, lambda text: [f"{text} one"], slow="c")
    page.keyboard.type("c")
    page.wait_for_timeout(200)
    page.keyboard.type("an")
    expect(options(page)).to_have_text(["Search for “can”", "can one"])
    page.wait_for_timeout(600)
    expect(options(page)).to_have_text(["Search for “can”", "can one"])
    assert asked == ["c", "can"]


def test_quick_typing_asks_once(page: Page) -> None:
    asked = answer_with(page, lambda text: [f"{text} one"])
    page.keyboard.type("canary")
    expect(options(page)).to_have_count(2)
    assert asked == ["canary"]


def test_nothing_is_asked_or_opened_while_characters_are_composed(page: Page) -> None:
    asked = answer_with(page, lambda text: [f"{text} one"])
    method = page.context.new_cdp_session(page)
    for text in ("h", "hui", "hui du"):
        method.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
        page.wait_for_timeout(120)
    page.locator(BOX).dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    assert asked == []
    expect(options(page)).to_have_count(0)
    method.send("Input.insertText", {"text": "灰度"})
    expect(options(page)).to_have_text(["Search for “灰度”", "灰度 one"])
    assert asked == ["灰度"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert active(page) == "灰度 one"


def test_the_open_list_is_accessible(page: Page) -> None:
    answer_with(page, lambda text: [f"{text} one", f"{text} two"])
    page.keyboard.type("can")
    expect(options(page)).to_have_count(3)
    page.keyboard.press("ArrowDown")
    assert [violation["id"] for violation in Axe().run(page).response["violations"]] == []


@pytest.mark.parametrize("width", [360, 1280])
def test_the_list_fits_on_the_screen(open_page: Open, width: int) -> None:
    page = open_page("/practices/", width=width)
    answer_with(page, lambda text: [f"{text} {'long ' * 30}{number}" for number in range(8)])
    page.locator(BOX).focus()
    page.keyboard.type("can")
    expect(options(page)).to_have_count(9)
    place = page.locator("header [role=listbox]").bounding_box()
    assert place
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_suggestion_of_the_real_site_leads_to_its_page(open_page: Open) -> None:
    page = open_page("/")
    page.keyboard.press("/")
    page.keyboard.type("Feature fl")
    expect(options(page).nth(1)).to_contain_text("Feature flags")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Feature flags")


def test_recent_searches_stay_in_the_browser_until_log_out(open_page: Open, site: Site) -> None:
    person = make_person(site, "Rita Recent")
    page = open_page("/search?q=pipeline", person=person)
    page.goto("/search?q=canary")
    page.goto("/practices/")
    page.locator(BOX).click()
    expect(options(page)).to_have_text(["canary", "pipeline"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=canary")
    page.goto("/search")
    expect(page.locator("[data-recent-list] a")).to_have_text(["canary", "pipeline"])
    page.locator(".menu > summary").click()
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url(re.compile(r"/$|/login"))
    page.goto("/search")
    expect(page.locator("[data-recent]")).to_be_hidden()
    assert page.evaluate("localStorage.length") == 0


def test_a_visitor_clears_recent_searches_at_a_button(open_page: Open) -> None:
    page = open_page("/search?q=pipeline")
    page.goto("/search?q=zzzzzz")
    page.goto("/search")
    expect(page.locator("[data-recent-list] a")).to_have_text(["pipeline"])
    page.get_by_role("button", name="Forget them").click()
    expect(page.locator("[data-recent]")).to_be_hidden()
    page.reload()
    expect(page.locator("[data-recent]")).to_be_hidden()


def test_who_wants_it_finds_them_in_another_browser(open_page: Open, site: Site) -> None:
    person = make_person(site, "Wanda Wants")
    page = open_page("/search", person=person)
    page.get_by_role("button", name="Keep my searches with my account").click()
    expect(page.locator("main")).to_contain_text("on every device")
    with page.expect_response("**/search/recent/note"):
        page.goto("/search?q=pipeline")
    other = open_page("/search", person=person)
    expect(other.locator("[data-recent-list] a")).to_have_text(["pipeline"])
    other.get_by_role("button", name="Stop keeping my searches").click()
    expect(other.locator("[data-recent-list] a")).to_have_count(0)


def test_that_a_result_was_opened_is_told_without_saying_by_whom(open_page: Open) -> None:
    page = open_page("/search?q=pipeline")
    with page.expect_request("**/search/clicked") as told:
        page.locator(".hit-title a").first.click()
    assert (told.value.method, told.value.post_data) == ("POST", "q=pipeline")
    expect(page.locator(".hit-title")).to_have_count(0)
