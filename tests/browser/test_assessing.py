"""A team says where it stands: two people at once, with the keyboard alone, without a connection, and without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from app.accounts.models import Membership, Team, User
from app.capabilities.models import Framework
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.maturity.assessing import service
from app.maturity.assessing.answering import said_in
from app.maturity.assessing.rules import Said
from app.maturity.queries import get_assessment
from tests.browser.conftest import Open, log_in, make_person
from tests.browser.measuring import check
from tests.site import Site

AREA = "/areas/configuration-management"


@pytest.fixture(scope="module")
def people(site: Site) -> tuple[str, str]:
    """Two of one team."""
    pair = (make_person(site, "Lin Lead", team="Payments"), make_person(site, "Max Member"))

    def put_in() -> None:
        with transaction() as session:
            team = session.execute(select(Team.id).where(Team.name == "Payments")).scalar_one()
            user = session.execute(select(User.id).where(User.email == pair[1])).scalar_one()
            session.add(Membership(team_id=team, user_id=user))

    site.do(put_in)
    return pair


@pytest.fixture
def path(site: Site, people: tuple[str, str]) -> str:
    """The address of an assessment that has just begun."""

    def make() -> int:
        with transaction() as session:
            framework = session.execute(select(Framework).where(Framework.position == 0)).scalar_one()
            team = session.execute(select(Team).where(Team.name == "Payments")).scalar_one()
            lead = session.execute(select(User).where(User.email == people[0])).unique().scalar_one()
            begun, is_new = service.start(session, team, framework, title="Before", actor=lead, now=utc_now())
            if not is_new:
                service.withdraw(session, begun.id, reason="Another test", actor=lead, now=utc_now())
                begun, _is_new = service.start(session, team, framework, title="Now", actor=lead, now=utc_now())
            return begun.id

    return f"/maturity/assessments/{site.do(make)}"


def kept(site: Site, path: str, capability: str = "version-control") -> Said:
    def read() -> Said:
        answers = get_assessment(int(path.rsplit("/", 1)[1])).answers
        return said_in(next((each for each in answers if each.capability == capability), None))

    return site.do(read)


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    for _time in range(100):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never came true")


def test_an_answer_is_given_by_keyboard_and_saved_by_itself(
    site: Site, path: str, people: tuple[str, str], open_page: Open
) -> None:
    page = open_page(path + AREA, person=people[0])
    page.focus("#version-control-1")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#version-control-3")).to_be_checked()
    expect(page.locator("[data-status]")).to_contain_text("Saved at")
    expect(page.locator("[data-done]").first).to_contain_text("1 of 14")
    page.keyboard.press("Tab")
    page.keyboard.type("We merge daily.")
    wait_until(page, lambda: kept(site, path) == Said(3, note="We merge daily."))


def test_what_does_not_apply_asks_for_the_reason(
    site: Site, path: str, people: tuple[str, str], open_page: Open
) -> None:
    page = open_page(path + AREA, person=people[0])
    expect(page.locator("#version-control-reason")).to_be_hidden()
    page.check("#version-control-na")
    expect(page.locator("#version-control-reason")).to_be_focused()
    page.keyboard.type("We write no code.")
    wait_until(page, lambda: kept(site, path) == Said(is_not_applicable=True, reason="We write no code."))


def test_two_people_at_once_see_each_other_and_choose(
    site: Site, path: str, people: tuple[str, str], open_page: Open
) -> None:
    one, other = (open_page(path + AREA, person=person) for person in people)
    one.check("#change-management-2")
    expect(one.locator("[data-status]")).to_contain_text("Saved at")
    other.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(other.locator("#change-management-2")).to_be_checked()
    expect(other.locator("[data-status]")).to_contain_text("Lin Lead has just changed this.")
    one.check("#version-control-3")
    wait_until(one, lambda: kept(site, path) == Said(3))
    other.check("#version-control-4")
    box = other.locator("#version-control .answer-conflict")
    expect(box).to_contain_text("Lin Lead has answered this meanwhile")
    assert kept(site, path) == Said(3)
    box.get_by_role("button", name="Keep mine").click()
    wait_until(other, lambda: kept(site, path) == Said(4))
    expect(box).to_have_count(0)
    # And the other way round.
    one.check("#version-control-5")
    box = one.locator("#version-control .answer-conflict")
    box.get_by_role("link", name="Take theirs").click()
    expect(one.locator("#version-control-4")).to_be_checked()
    assert kept(site, path) == Said(4)


def test_the_overview_shows_what_others_answer(site: Site, path: str, people: tuple[str, str], open_page: Open) -> None:
    watching = open_page(path, person=people[0])
    expect(watching.locator("main")).to_contain_text("0 of 14 answered")
    answering = open_page(path + AREA, person=people[1])
    answering.check("#version-control-3")
    wait_until(answering, lambda: kept(site, path) == Said(3))
    watching.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(watching.locator("main")).to_contain_text("1 of 14 answered")


def test_without_a_connection_nothing_is_lost(site: Site, path: str, people: tuple[str, str], open_page: Open) -> None:
    page = open_page(path + AREA, person=people[0])
    page.context.set_offline(True)
    page.check("#version-control-2")
    expect(page.locator("[data-status]")).to_contain_text("kept on this device")
    page.context.set_offline(False)
    page.reload()
    wait_until(page, lambda: kept(site, path) == Said(2))
    expect(page.locator("#version-control-2")).to_be_checked()
    wait_until(
        page, lambda: page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('assessment'))") == []
    )


def test_it_works_without_script(site: Site, path: str, people: tuple[str, str], browser: Browser) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    log_in(page, people[1])
    page.goto(path)
    page.get_by_role("link", name="Go on answering").click()
    page.check("#version-control-4")
    page.fill("#version-control-note", "Said without script")
    page.locator("#version-control [data-save]").click()
    assert page.url.endswith("#version-control")
    assert kept(site, path) == Said(4, note="Said without script")
    page.locator("#version-control .add-evidence summary").click()
    page.fill("#version-control-link-title", "The pipeline")
    page.fill("#version-control-link-link", "https://ci.example/")
    page.locator("#version-control").get_by_role("button", name="Add the link").click()
    expect(page.locator("#version-control .evidence")).to_contain_text("The pipeline")
    context.close()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (360, "dark")])
def test_the_pages_are_in_order(
    path: str, people: tuple[str, str], open_page: Open, width: int, theme: str, language: str
) -> None:
    page = open_page("/maturity/", person=people[0], width=width, theme=theme, language=language)
    check(page)
    for address in (path, path + AREA, "/maturity/teams/payments/targets"):
        page.goto(address)
        if address.endswith(AREA):
            page.locator("#version-control .add-evidence summary").click()
        check(page)
