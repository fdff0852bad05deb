"""A team works on its plan: by keyboard alone, on a phone, without script, and two people at once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from app.accounts.models import Team, User
from app.capabilities.documents import as_document
from app.capabilities.models import Framework, FrameworkVersion
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from tests.browser.conftest import log_in, make_person
from tests.factories.improvement import make_plan, put_in
from tests.factories.maturity import make_snapshot
from tests.site import Site

Open = Callable[..., Page]
PLAN, NEXT = "/teams/orchard/plan", "/teams/orchard/next"


@pytest.fixture(scope="module")
def mei(site: Site) -> str:
    """Of a team that was assessed and has three things in its plan."""
    address = make_person(site, "Mei Lin", team="Orchard")

    def fill() -> None:
        now = utc_now()
        team = db.session.execute(select(Team).where(Team.slug == "orchard")).scalar_one()
        person = db.session.execute(select(User).where(User.email == address)).unique().scalar_one()
        framework = db.session.execute(select(Framework).where(Framework.position == 0)).scalar_one()
        with transaction() as session:
            if session.execute(select(FrameworkVersion.id).limit(1)).first() is None:
                version = FrameworkVersion(framework_id=framework.id, number=1, label="1", at=now)
                version.content = as_document(framework)
                session.add(version)
        levels = {each.slug: 1 for area in framework.areas for each in area.capabilities}
        baseline = make_snapshot(team, framework, levels, taken_at=now)
        plan = make_plan(team, framework, baseline=baseline, today=now.date(), now=now)
        for what in ("First", "Second", "Third"):
            put_in(plan, person, what, now=now)

    site.do(fill)
    return address


def words(*parts: str) -> re.Pattern[str]:
    """A name of these parts: between what is seen and what is only heard, a browser puts a space."""
    return re.compile(r"\s*:\s*".join(map(re.escape, parts)))


def titles(page: Page) -> list[str]:
    return page.locator(".items:not(.ended) .item-title").all_inner_texts()


def test_items_are_moved_by_keyboard_and_the_focus_stays(mei: str, open_page: Open) -> None:
    page = open_page(PLAN, person=mei)
    page.get_by_role("button", name="Move down: First").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".item-title").first).to_have_text("Second")
    expect(page.get_by_role("button", name="Move down: First")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".items:not(.ended) .item-title").last).to_have_text("First")
    # It can go no further down; the way up is what is left.
    expect(page.get_by_role("button", name="Move up: First")).to_be_focused()
    page.reload()
    assert titles(page) == ["Second", "Third", "First"]


def test_a_press_in_the_advice_leaves_what_is_open_open(mei: str, open_page: Open) -> None:
    page = open_page(NEXT, person=mei)
    gap = page.locator("details.gap-other").filter(has=page.locator("form button")).first
    gap_id = gap.get_attribute("id")
    gap.locator("summary").click()
    gap.get_by_role("button", name="Put into the plan").first.click()
    same = page.locator(f"#{gap_id}")
    expect(same.get_by_role("link", name="In the plan").first).to_be_visible()
    expect(same).to_have_attribute("open", "")
    expect(page.locator(".flashes")).to_contain_text("In the plan")


def test_who_was_too_slow_sees_both_and_says_which(mei: str, site: Site, open_page: Open) -> None:
    quick, slow = open_page(PLAN, person=mei), open_page(PLAN, person=mei)
    slow.get_by_role("link", name=words("Change", "Third")).click()
    quick.get_by_role("link", name=words("Change", "Third")).click()
    quick.get_by_label("What to do").fill("Third, said quickly")
    quick.get_by_role("button", name="Save").click()
    expect(quick.get_by_text("Saved.")).to_be_visible()
    slow.get_by_label("What to do").fill("Third, said slowly")
    slow.get_by_role("button", name="Save").click()
    expect(slow.get_by_text("Mei Lin has saved this:")).to_be_visible()
    expect(slow.get_by_text("Third, said quickly").last).to_be_visible()
    expect(slow.get_by_label("What to do")).to_have_value("Third, said slowly")
    slow.get_by_role("button", name="Save").click()
    expect(slow.get_by_role("heading", name="Third, said slowly")).to_be_visible()


def test_without_script_the_same_presses_do_the_same(mei: str, site: Site, browser: Browser) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    log_in(page, mei)
    page.goto(PLAN)
    page.get_by_role("button", name=words("Begin", "Second")).click()
    expect(page.locator("#main .item").filter(has_text="Second").get_by_text("Under way")).to_be_visible()
    page.get_by_role("link", name=words("Drop", "Second")).click()
    page.get_by_label("Why?").fill("Others do it")
    page.get_by_role("button", name="Drop").click()
    expect(page.get_by_text("Dropped because: Others do it")).to_be_visible()
    context.close()
