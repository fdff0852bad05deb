"""An engineer wants to learn something that nobody teaches yet, and in the end has a certificate of it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from app.accounts.rules import Role
from tests.browser.conftest import Open, make_person
from tests.browser.letters import letter_to
from tests.browser.measuring import check
from tests.browser.passing_time import go_to, let_pass
from tests.site import Site

WISH = "Quokka husbandry"
PHONE = 360
# The worker prints certificates; on a busy machine that takes a while, and the page waits for it.
PRINTING = 60_000


def test_an_engineer_gets_from_a_wish_to_a_certificate(open_page: Open, site: Site) -> None:
    wisher = make_person(site, "Wendy Wisher", team="Ledger")
    other, stranger = make_person(site, "Vic Voter", team="Clearing"), make_person(site, "Sam Stranger")
    coach = make_person(site, "Carl Coach", Role.COACH)
    page = open_page(f"/search?q={WISH}", person=wisher, width=PHONE)
    make_the_wish(page)
    wish = page.url.partition("#")[0]

    voter = open_page("/training/wishes/?sort=new", person=other, width=PHONE)
    voter.get_by_role("button", name=re.compile(f"I want this, too ?: {WISH}")).click()
    expect(voter.get_by_text("When a session is announced, you hear of it first.")).to_be_visible()
    check(voter)

    desk = open_page(wish, person=coach, width=PHONE)
    slug = make_a_session(desk)

    assert "You may sign up at once" in letter_to(site, wisher, f"What you wished for: {WISH}")
    page.goto("/notices")
    page.locator(".notice-link", has_text=f"What you wished for: {WISH}").click()
    take_the_head_start(page, open_page(f"/training/{slug}", person=stranger, width=PHONE), site, slug)

    take_attendance(desk, site, slug)
    say_how_it_was(page, site, slug)

    desk.goto(f"/training/{slug}/certificates")
    desk.get_by_role("button", name="Issue now").click()
    expect(desk.locator("tr", has_text="Wendy Wisher")).to_contain_text("Valid")
    number = have_the_certificate(page, slug)
    revoke(desk, open_page(number, width=PHONE))


def make_the_wish(page: Page) -> None:
    """From a search that found nothing, in the same words."""
    expect(page.locator(".hit-title")).to_have_count(0)
    check(page)
    page.get_by_role("link", name="I want this training").click()
    expect(page.locator("[name=title]")).to_have_value(WISH)
    page.fill("[name=why]", "Ours escape at every release.")
    check(page)
    page.get_by_role("button", name="Make the wish").click()
    expect(page.locator("h1")).to_have_text(WISH)
    expect(page.locator("main")).to_contain_text("You want this")
    check(page)


def make_a_session(desk: Page) -> str:
    """The coach sees who wants it, makes a draft with two days of head start, and publishes it. Returns the slug."""
    expect(desk.locator("main")).to_contain_text("2 people want this")
    expect(desk.locator(".wish-voters li")).to_contain_text(["Wendy Wisher", "Vic Voter"])
    desk.get_by_role("link", name="Make a session of it").click()
    expect(desk.locator("[name=hours]")).to_have_value("48")
    desk.get_by_role("button", name="Make the draft").click()
    expect(desk.locator("[name=title]")).to_have_value(WISH)
    desk.fill("[name=place]", "The meadow")
    desk.get_by_role("button", name="Save", exact=True).last.click()
    expect(desk.locator("h1")).to_have_text(WISH)
    desk.get_by_role("button", name="Publish").click()
    expect(desk.locator("main")).not_to_contain_text("Nobody can sign up before it is published")
    return desk.url.rpartition("/")[2]


def take_the_head_start(page: Page, stranger: Page, site: Site, slug: str) -> None:
    """Who wished for it signs up; a stranger has to wait until two days have passed."""
    expect(stranger.locator("main")).to_contain_text("Sign-up opens:")
    expect(stranger.get_by_role("button", name="Sign up")).to_have_count(0)
    page.goto(f"/training/{slug}")
    page.get_by_role("button", name="Sign up").click()
    expect(page.locator("main")).to_contain_text("You have a seat")
    check(page)
    let_pass(site, slug, timedelta(hours=49))
    stranger.reload()
    stranger.get_by_role("button", name="Sign up").click()
    expect(stranger.locator("main")).to_contain_text("You have a seat")


def take_attendance(desk: Page, site: Site, slug: str) -> None:
    """Wendy is there, Sam is not."""
    go_to(site, slug)
    desk.goto(f"/training/{slug}/attendance")
    desk.get_by_role("group", name="Wendy Wisher").get_by_role("button", name="There", exact=True).click()
    desk.get_by_role("group", name="Sam Stranger").get_by_role("button", name="Not there", exact=True).click()
    expect(desk.locator("[data-sent]")).to_have_text("Everything is sent.")
    expect(desk.locator("[data-count=attended]")).to_have_text("1")


def say_how_it_was(page: Page, site: Site, slug: str) -> None:
    go_to(site, slug, minutes_after_start=150)
    page.goto(f"/training/{slug}")
    page.get_by_role("link", name="Say how it was").click()
    for question in ("content", "trainer", "usefulness"):
        page.locator(f"[name={question}][value='4']").check()
    page.fill("[name=text]", "More time with the animals.")
    check(page)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("main")).to_contain_text("You have said how it was.")


def have_the_certificate(page: Page, slug: str) -> str:
    """Download the paper. Returns the address at which anybody can verify it."""
    page.goto(f"/training/{slug}")
    page.get_by_role("link", name="Your certificate").click()
    expect(page.locator("main")).to_contain_text("This certificate is valid.")
    check(page)
    number = page.url
    with page.expect_download(timeout=PRINTING) as download:
        page.get_by_role("link", name="Download as PDF").click()
    paper = Path(download.value.path()).read_bytes()
    assert (paper[:5], download.value.suggested_filename.startswith("certificate-")) == (b"%PDF-", True)
    return number


def revoke(desk: Page, visitor: Page) -> None:
    """Who verifies it without an account reads that it is valid, and then that it is not, and why."""
    expect(visitor.locator("main")).to_contain_text("This certificate is valid.")
    desk.get_by_role("link", name=re.compile("Revoke ?: Wendy Wisher")).click()
    desk.fill("[name=reason]", "It was another Wendy.")
    check(desk)
    desk.get_by_role("button", name="Revoke it").click()
    expect(desk.locator("tr", has_text="Wendy Wisher")).to_contain_text("Revoked")
    visitor.reload()
    expect(visitor.locator("main")).to_contain_text("This certificate is not valid.")
    expect(visitor.locator("main")).to_contain_text("It was another Wendy.")
    check(visitor)
