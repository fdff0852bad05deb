"""A coach runs a session of two meetings with nothing but a phone, from the announcement to the certificates."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from playwright.sync_api import Browser, Page, expect

from app.accounts.rules import Role
from app.kernel.clock import utc_now, zone
from tests.browser.conftest import Open, make_person
from tests.browser.letters import letter_to, link_in
from tests.browser.measuring import check
from tests.browser.passing_time import go_to
from tests.site import Site

TITLE = "Two evenings of refactoring"
TYPED = "%Y-%m-%dT%H:%M"
PHONE = 360


def test_a_coach_announces_takes_attendance_and_issues_certificates(
    open_page: Open, browser: Browser, site: Site
) -> None:
    coach = make_person(site, "Carla Coach", Role.COACH)
    first, second = make_person(site, "Fang First"), make_person(site, "Sven Second")
    make_person(site, "Wanda Walk-In")
    page = open_page("/training/new", person=coach, width=PHONE)
    slug = announce(page)
    ask_the_next_one(page, slug)

    seated = open_page(f"/training/{slug}", person=first, width=PHONE)
    seated.get_by_role("button", name="Sign up").click()
    expect(seated.locator("main")).to_contain_text("You have a seat")
    waiting = open_page(f"/training/{slug}", person=second, width=PHONE)
    waiting.get_by_role("button", name="Join the waiting list").click()
    expect(waiting.locator("main")).to_contain_text("You are number 1 of 1 waiting")
    check(waiting)

    seated.reload()
    seated.locator("main summary", has_text="Give the seat back").click()
    expect(seated.locator("main")).to_contain_text("Whoever is next on the list is asked")
    seated.get_by_role("button", name="Give the seat back").click()
    expect(seated.locator("main")).not_to_contain_text("You have a seat")
    accept_by_mail(browser, site, second)
    waiting.reload()
    expect(waiting.locator("main")).to_contain_text("You have a seat")

    first_evening(page, site, slug)
    second_evening(page, site, slug)
    issue_certificates(page, site, slug)


def announce(page: Page) -> str:
    """Fill in the form on the phone, with a second meeting, and publish. Returns the slug."""
    day = (utc_now() + timedelta(days=9)).date()
    starts = datetime.combine(day, time(10), zone("Asia/Shanghai"))
    page.fill("[name=title]", TITLE)
    page.fill("[name=description]", "Bring a function that nobody dares to touch.")
    page.fill("[name=starts_at]", starts.strftime(TYPED))
    page.fill("[name=ends_at]", (starts + timedelta(hours=2)).strftime(TYPED))
    page.get_by_role("button", name="Add a meeting").click()
    expect(page.locator("[data-meeting] input").first).to_have_value((starts + timedelta(days=7)).strftime(TYPED))
    page.fill("[name=place]", "Room 1")
    page.fill("[name=capacity]", "1")
    check(page)
    page.get_by_role("button", name="Save as a draft").click()
    expect(page.locator("h1")).to_contain_text(TITLE)
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("main")).not_to_contain_text("Nobody can sign up before it is published")
    return page.url.rpartition("/")[2]


def ask_the_next_one(page: Page, slug: str) -> None:
    """A seat that becomes free is offered, not given."""
    page.get_by_role("link", name="Seats and sign-up").click()
    page.get_by_label("The next one is asked, and has time to answer").check()
    page.locator("#settings").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("The next one is asked, and has time to answer")).to_be_checked()
    check(page)
    assert page.url.endswith(f"/training/{slug}/seats")


def accept_by_mail(browser: Browser, site: Site, address: str) -> None:
    """Open the link of the mail where nobody is logged in, and say yes."""
    link = link_in(letter_to(site, address, f"A seat is free: {TITLE}"), "/training/place/")
    context = browser.new_context(viewport={"width": PHONE, "height": 800})
    try:
        page = context.new_page()
        page.goto(link)
        expect(page.locator("main")).to_contain_text("A seat is free and offered to you")
        check(page)
        page.get_by_role("button", name="Yes, I take the seat").click()
        expect(page.locator("main")).to_contain_text("You have a seat")
    finally:
        context.close()


def first_evening(page: Page, site: Site, slug: str) -> None:
    """One is there, one walks in."""
    go_to(site, slug, meeting=1)
    page.goto(f"/training/{slug}")
    page.get_by_role("link", name="Attendance").click()
    page.locator(".attendance-meetings a", has_text="Now").click()
    tap(page, "Sven Second", "There")
    find = page.get_by_role("searchbox", name=re.compile("Name, or the whole"))
    find.fill("Wanda")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("button", name=re.compile("Let in ?: Wanda Walk-In")).click()
    expect(page.get_by_text("Let in, and there.")).to_be_visible()
    expect(page.locator("[data-count=attended]")).to_have_text("2")
    expect(
        page.get_by_role("group", name="Wanda Walk-In").get_by_role("button", name="There", exact=True)
    ).to_have_attribute("aria-pressed", "true")
    check(page)


def second_evening(page: Page, site: Site, slug: str) -> None:
    """A slip of the thumb, put right; and somebody who excused herself."""
    go_to(site, slug, meeting=2)
    page.goto(f"/training/{slug}/attendance")
    page.locator(".attendance-meetings a", has_text="Now").click()
    tap(page, "Sven Second", "Not there")
    tap(page, "Wanda Walk-In", "Excused")
    tap(page, "Sven Second", "There")
    expect(page.locator("[data-sent]")).to_have_text("Everything is sent.")
    expect(page.locator("[data-count=attended]")).to_have_text("1")
    page.reload()
    expect(page.locator("[data-person][data-state=present]")).to_have_attribute("data-name", "Sven Second")
    page.locator(".attendance-history summary").click()
    expect(page.locator(".history li", has_text="Sven Second")).to_have_count(2)


def issue_certificates(page: Page, site: Site, slug: str) -> None:
    """Whoever was there on both evenings gets one."""
    go_to(site, slug, meeting=2, minutes_after_start=150)
    page.goto(f"/training/{slug}")
    page.get_by_role("link", name="Certificates").click()
    expect(page.locator("main")).to_contain_text("1 person has earned a certificate")
    page.get_by_role("button", name="Issue now").click()
    expect(page.locator("tr", has_text="Sven Second")).to_contain_text("Valid")
    expect(page.locator("tr", has_text="Wanda Walk-In")).to_contain_text("1 of 2")
    expect(page.locator("tr", has_text="Wanda Walk-In")).to_contain_text("None")
    check(page)


def tap(page: Page, name: str, state: str) -> None:
    button = page.get_by_role("group", name=name).get_by_role("button", name=state, exact=True)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
