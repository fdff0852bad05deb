"""Writing at the desk in a real browser: what is typed is not lost, two at once, files, completion, and a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect
from sqlalchemy import select

from app.config import ROOT
from app.kernel.db import db
from app.writing.desk.models import Presence, Unsaved
from app.writing.models import Manuscript, Version
from tests.browser.conftest import PATIENCE, Open, log_in, make_person
from tests.site import Site

BODY = "## What\n\nMerge to main each day.\n\n## Why\n\nLong branches hurt.\n\n## How\n\n1. Cut it small.\n\n## Evidence\n\nLead time."
TOOLBAR = ROOT / "static" / "vendor" / "markdown-toolbar.js"
MAX_REQUESTS = 8
MAX_BYTES = 60_000


@pytest.fixture(scope="module")
def ada(site: Site) -> str:
    return make_person(site, "Ada Chen", team="Payments")


@pytest.fixture(scope="module")
def bo(site: Site) -> str:
    return make_person(site, "Bo Li")


def soon(page: Page, check: Callable[[], bool]) -> None:
    for _ in range(150):
        if check():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come about")


def write(page: Page, title: str, body: str = BODY) -> str:
    """A new practice of whoever is logged in, saved; gives the address of its page."""
    page.goto("/practices/new")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Text", exact=True).fill(body)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(r"/writing/\d+$"))
    return page.url


def text_of(site: Site, title: str) -> str:
    """The latest version's text, as the database has it."""
    query = (
        select(Version.content)
        .join(Manuscript, Manuscript.id == Version.manuscript_id)
        .where(Manuscript.title == title, Version.number == Manuscript.latest_number)
    )
    content = site.do(lambda: db.session.execute(query).scalar_one())
    return str(content["body"])


def unsaved(site: Site, title: str) -> list[str]:
    query = select(Unsaved.typed).where(Unsaved.title == title)
    return site.do(lambda: [typed["body"][0] for typed in db.session.execute(query).scalars()])


def name_author(page: Page, address: str, email: str) -> None:
    page.goto(address)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_role("button", name="Add an author").click()
    expect(page.get_by_text("They can write on it now.")).to_be_visible()


def test_the_preview_follows_what_is_typed(open_page: Open, ada: str) -> None:
    page = open_page("/practices/new", person=ada)
    page.get_by_label("Title").fill("Small steps")
    page.get_by_label("Text", exact=True).fill("## What\n\nWe go in *small* steps.")
    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_role("heading", name="Small steps")).to_be_visible()
    expect(preview.locator("em")).to_have_text("small")
    expect(preview.get_by_text("6 words · 1 min read")).to_be_visible()


def test_what_was_typed_survives_a_crash_of_the_browser(
    browser: Browser, site: Site, open_page: Open, ada: str
) -> None:
    page = open_page("/practices/new", person=ada)
    page.get_by_label("Title").fill("Before the crash")
    page.get_by_label("Text", exact=True).fill("An hour of work.")
    expect(page.get_by_text(re.compile("Kept at"))).to_be_visible()
    soon(page, lambda: unsaved(site, "Before the crash") == ["An hour of work."])
    # A browser that is gone says nothing any more.
    page.context.close()
    again = open_page("/practices/new", person=ada)
    offer = again.locator(".desk-unsaved", has_text="Before the crash")
    offer.get_by_role("link", name="Take them up").click()
    expect(again.get_by_label("Text", exact=True)).to_have_value("An hour of work.")
    again.get_by_role("button", name="Save", exact=True).click()
    again.wait_for_url(re.compile(r"/writing/\d+$"))
    assert (text_of(site, "Before the crash"), unsaved(site, "Before the crash")) == ("An hour of work.", [])


def test_words_are_kept_on_the_device_while_the_site_is_away(site: Site, open_page: Open, ada: str) -> None:
    page = open_page("/practices/new", person=ada)
    page.context.set_offline(True)
    page.get_by_label("Title").fill("On the train")
    page.get_by_label("Text", exact=True).fill("Written in a tunnel.")
    expect(page.get_by_text("Kept on this device")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Written in a tunnel.")
    page.context.set_offline(False)
    # Another window of the same browser, as after a crash.
    other = page.context.new_page()
    other.goto("/practices/new")
    other.get_by_role("button", name="Take them up").click()
    expect(other.get_by_label("Text", exact=True)).to_have_value("Written in a tunnel.")


def test_a_lost_session_loses_nothing(site: Site, open_page: Open, ada: str) -> None:
    page = open_page("/practices/new", person=ada)
    page.get_by_label("Title").fill("Logged out meanwhile")
    page.get_by_label("Text", exact=True).fill("Still here.")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("You are not logged in any more.")).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Log in in a new tab").click()
    tab = opened.value
    tab.fill("input[name=email]", ada)
    tab.fill("input[name=password]", "a long sentence for tests")
    tab.click("main button[type=submit]")
    tab.wait_for_url(lambda url: "/login" not in url)
    tab.close()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(r"/writing/\d+$"))
    assert text_of(site, "Logged out meanwhile") == "Still here."


def test_without_script_a_lost_session_loses_nothing(browser: Browser, site: Site, ada: str) -> None:
    context = plain_window(browser, site)
    page = context.new_page()
    log_in(page, ada)
    page.goto("/practices/new")
    page.get_by_label("Title").fill("Without script")
    page.get_by_label("Text", exact=True).fill(
        "A long text that was typed for an hour, and by hand, and with great care."
    )
    context.clear_cookies()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Nothing is lost")).to_be_visible()
    with context.expect_page() as opened:
        page.get_by_role("link", name="Log in in a new tab").click()
    log_in(opened.value, ada)
    for _ in range(2):
        page.get_by_role("button", name="Send it again").click()
    page.wait_for_url(re.compile(r"/writing/\d+$"))
    assert text_of(site, "Without script").startswith("A long text")
    context.close()


def plain_window(browser: Browser, site: Site) -> BrowserContext:
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    return context


def test_without_script_one_writes_looks_and_saves(browser: Browser, site: Site, ada: str) -> None:
    context = plain_window(browser, site)
    page = context.new_page()
    log_in(page, ada)
    page.goto("/practices/new?start=decision")
    page.get_by_label("Title").fill("Decided by hand")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Preview").get_by_role("heading", name="Decided by hand")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(re.compile(r"/writing/\d+$"))
    expect(page.get_by_text("It is saved.")).to_be_visible()
    context.close()


def test_two_who_write_at_once_know_of_each_other_and_both_win(site: Site, open_page: Open, ada: str, bo: str) -> None:
    first = open_page("/", person=ada)
    name_author(first, write(first, "Together"), bo)
    path = "/practices/together/edit?lang=en"
    first.goto(path)
    soon(first, lambda: bool(site.do(lambda: db.session.execute(select(Presence.user_id)).all())))
    second = open_page(path, person=bo)
    expect(second.get_by_text(re.compile("Ada Chen is editing this, too"))).to_be_visible()
    first.get_by_label("Text", exact=True).fill(BODY.replace("Lead time.", "Lead time, in days."))
    first.get_by_label("What did you change, and why?").fill("A unit")
    first.get_by_role("button", name="Save", exact=True).click()
    first.wait_for_url(re.compile(r"/writing/\d+$"))
    second.get_by_label("Text", exact=True).fill(BODY.replace("Cut it small.", "Cut it very small."))
    expect(second.get_by_text(re.compile("Ada Chen has saved version 2 since you began"))).to_be_visible()
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.get_by_text("what both of you wrote is in it")).to_be_visible()
    assert text_of(site, "Together") == BODY.replace("Lead time.", "Lead time, in days.").replace(
        "small.", "very small."
    )


def test_two_who_change_the_same_see_both_and_choose(site: Site, open_page: Open, ada: str, bo: str) -> None:
    first = open_page("/", person=ada)
    name_author(first, write(first, "At odds"), bo)
    path = "/practices/at-odds/edit?lang=en"
    first.goto(path)
    second = open_page(path, person=bo)
    first.get_by_label("Text", exact=True).fill(BODY.replace("each day", "each hour"))
    first.get_by_role("button", name="Save", exact=True).click()
    first.wait_for_url(re.compile(r"/writing/\d+$"))
    second.get_by_label("Text", exact=True).fill(BODY.replace("each day", "each week"))
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.get_by_text("Somebody else wrote here:")).to_be_visible()
    expect(second.get_by_label("Text", exact=True)).to_have_value(re.compile("each week"))
    second.get_by_role("button", name="Take theirs").click()
    expect(second.get_by_label("Text", exact=True)).to_have_value(re.compile("each hour"))
    second.get_by_role("button", name="Save", exact=True).click()
    second.wait_for_url(re.compile(r"/writing/\d+$"))
    assert text_of(site, "At odds") == BODY.replace("each day", "each hour")


@pytest.mark.skipif(not TOOLBAR.exists(), reason="npm was not here to fetch the toolbar; the page does without")
def test_the_toolbar_works_by_mouse_and_by_keys(open_page: Open, ada: str) -> None:
    page = open_page("/practices/new", person=ada)
    text = page.get_by_label("Text", exact=True)
    text.fill("bold")
    text.select_text()
    page.get_by_role("button", name="Bold").click()
    expect(text).to_have_value("**bold**")
    text.fill("italic")
    text.select_text()
    page.keyboard.press("Control+i")
    expect(text).to_have_value("_italic_")
    text.fill("")
    page.get_by_role("button", name="Table").click()
    expect(text).to_have_value(re.compile(r"^\| Column \| Column \|\n\| --- \| --- \|"))
    text.fill("line")
    text.press("Shift+Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(text).to_have_value("## line")


def asked_by(page: Page) -> list[Request]:
    """Everything that the page asks for from now on."""
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    page.context.on("request", note)
    return asked


def test_the_desk_is_light_and_there_for_everybody(open_page: Open, ada: str) -> None:
    """Within the budget of every page, without a violation that axe finds, and as wide as a phone."""
    for width, theme, language in ((1280, "light", "en"), (360, "dark", "zh"), (360, "light", "en")):
        page = open_page("/", person=ada, width=width, theme=theme, language=language)
        asked = asked_by(page)
        page.goto("/practices/new?start=how-to")
        page.wait_for_load_state("networkidle")
        pages = [request for request in asked if request.method == "GET"]
        assert len(pages) <= MAX_REQUESTS, [request.url for request in pages]
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def test_on_a_phone_text_and_preview_are_one_tap_apart(open_page: Open, ada: str) -> None:
    page = open_page("/practices/new", person=ada, width=360)
    page.get_by_label("Title").fill("On a phone")
    expect(page.get_by_role("region", name="Preview")).to_be_hidden()
    page.get_by_role("tab", name="Preview").click()
    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_role("heading", name="On a phone")).to_be_visible()
    expect(page.get_by_label("Title")).to_be_hidden()
    page.get_by_role("tab", name="Preview").press("ArrowLeft")
    expect(page.get_by_label("Title")).to_be_visible()


def test_a_pasted_picture_is_uploaded_and_its_words_are_asked_for(site: Site, open_page: Open, ada: str) -> None:
    page = open_page("/practices/new", person=ada)
    page.get_by_label("Title").fill("With a picture")
    text = page.get_by_label("Text", exact=True)
    text.fill("Before.")
    text.focus()
    paste_picture(page)
    expect(text).to_have_value(re.compile(r"^Before\.\n\n!\[[^\]]*\]\(/media/[0-9a-f]{32}\.\w+\)\n"))
    page.keyboard.insert_text("A red square")
    expect(text).to_have_value(re.compile(r"!\[A red square\]\(/media/"))
    picture = page.get_by_role("region", name="Preview").get_by_role("img", name="A red square")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 40)


def paste_picture(page: Page, kind: str = "image/png") -> None:
    """What the browser does when somebody pastes a picture of 40 by 40 red points."""
    page.evaluate(
        """async (kind) => {
          const canvas = Object.assign(document.createElement("canvas"), { width: 40, height: 40 });
          const pen = canvas.getContext("2d");
          pen.fillStyle = "red";
          pen.fillRect(0, 0, 40, 40);
          const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
          const clipboardData = new DataTransfer();
          clipboardData.items.add(new File([blob], "square.png", { type: kind }));
          document.getElementById("body").dispatchEvent(
            new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
          );
        }""",
        kind,
    )


def test_a_file_that_is_no_picture_is_refused_in_words_and_leaves_no_trace(open_page: Open, ada: str) -> None:
    page = open_page("/practices/new", person=ada)
    text = page.get_by_label("Text", exact=True)
    text.fill("Before.")
    page.evaluate(
        """() => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(["no picture at all"], "fake.png", { type: "image/png" }));
          document.getElementById("body").dispatchEvent(
            new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }),
          );
        }"""
    )
    expect(page.get_by_text(re.compile("fake.png could not be uploaded: "))).to_be_visible()
    expect(text).to_have_value(re.compile(r"^Before\.\s*$"))


def test_names_are_completed_by_keyboard(open_page: Open, ada: str) -> None:
    page = open_page("/practices/new", person=ada)
    text = page.get_by_label("Text", exact=True)
    text.press_sequentially("See [[short-li", delay=30)
    choices = page.get_by_role("listbox", name="Suggestions")
    expect(choices.get_by_role("option").first).to_be_visible()
    expect(text).to_have_attribute("aria-activedescendant", "desk-option-0")
    page.keyboard.press("Enter")
    expect(text).to_have_value(re.compile(r"^See \[\[practice:short-lived-branches\]\]$"))
    expect(choices).to_be_hidden()
    text.press_sequentially(" by @linyu", delay=30)
    expect(choices.get_by_role("option", name="林岳")).to_be_visible()
    page.keyboard.press("Escape")
    expect(choices).to_be_hidden()
    text.press_sequentially("e", delay=30)
    expect(choices).to_be_visible()
    page.keyboard.press("Tab")
    expect(text).to_have_value(re.compile(r" by @lin-?yue$"))
    expect(page.get_by_role("region", name="Preview").get_by_role("link", name=re.compile("林岳"))).to_be_visible()
