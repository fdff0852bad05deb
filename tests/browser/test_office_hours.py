"""A coach keeps office hours with nothing but a phone; one books them, one stands in line, and nobody loads a page again."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page, expect

from app.accounts.rules import Role
from app.kernel.clock import utc_now
from tests.browser.conftest import Open, make_person
from tests.browser.measuring import check
from tests.site import Site

PHONE = 360


def test_from_hours_to_a_booking_and_a_line(open_page: Open, site: Site) -> None:
    coach = make_person(site, "Olga Office", Role.COACH)
    ann, bob = make_person(site, "Anna Asks"), make_person(site, "Boris Before")
    page = open_page("/coaches/me/edit", person=coach, width=PHONE)
    page.fill("[name=headline]", "I look at pipelines")
    page.get_by_role("button", name="Save").click()
    keep(page, (utc_now() + timedelta(days=2)).weekday(), "09:00", "11:00")
    keep(page, utc_now().weekday(), "00:00", "23:59", is_drop_in=True)
    check(page)

    phone = open_page("/coaching/office-hours?coach=olga-office", person=ann, width=PHONE)
    booking(phone, page)
    line(open_page, page, ann, bob)


def keep(page: Page, weekday: int, starts: str, ends: str, *, is_drop_in: bool = False) -> None:
    page.goto("/coaching/office-hours/new")
    page.select_option("[name=weekday]", str(weekday))
    page.fill("[name=starts]", starts)
    page.fill("[name=ends]", ends)
    page.fill("[name=time_zone]", "UTC")
    # Where the coach is, it may be tomorrow already.
    page.fill("[name=since]", utc_now().date().isoformat())
    if is_drop_in:
        page.check("[name=is_drop_in]")
    check(page)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".flashes")).to_contain_text("These hours are kept from now on.")


def booking(phone: Page, coach: Page) -> None:
    """Book, move, and have it cancelled by the coach."""
    phone.goto("/coaching/office-hours")
    phone.locator("[id^=coach-olga-office] .time").first.click()
    phone.fill("[name=topic]", "Our pipeline takes an hour")
    check(phone)
    phone.get_by_role("button", name="Book it").click()
    expect(phone.locator("main")).to_contain_text("Our pipeline takes an hour")
    check(phone)
    phone.get_by_role("link", name="Another time").click()
    check(phone)
    phone.locator(".time").first.click()
    expect(phone.locator(".flashes")).to_contain_text("at its new time")
    coach.goto(phone.url)
    coach.get_by_text("Cancel this booking").click()
    coach.get_by_role("button", name="Cancel it").click()
    expect(coach.locator(".field-error")).to_contain_text("Say why")
    coach.fill("[name=reason]", "I teach that day")
    coach.get_by_role("button", name="Cancel it").click()
    expect(coach.locator("main")).to_contain_text("I teach that day")


def line(open_page: Open, coach: Page, ann: str, bob: str) -> None:
    coach.goto("/coaching/office-hours/mine")
    coach.get_by_role("link", name="The line").click()
    first, second = (open_page("/", person=person, width=PHONE) for person in (bob, ann))
    for phone in (first, second):
        phone.goto(coach.url)
        check(phone)
        phone.get_by_role("button", name="Stand in line").click()
    expect(second.locator("main")).to_contain_text("1 is before you.")
    # From here on no page is loaded again but by its own button.
    expect(coach.locator("main")).to_contain_text("2 are waiting.")
    coach.get_by_role("button", name="Call number 1").click()
    check(coach)
    expect(first.locator("main")).to_contain_text("It is your turn.")
    expect(second.locator("main")).to_contain_text("Number 1 is inside.")
    coach.get_by_role("button", name="Helped").click()
    coach.get_by_role("button", name="Call number 2").click()
    expect(second.locator("main")).to_contain_text("It is your turn.")
    second.get_by_role("button", name="Leave the line").click()
    expect(coach.locator("main")).to_contain_text("Nobody is waiting.")
