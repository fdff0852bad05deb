"""A coach verifies in a real browser: by keyboard and saved by itself, without script, without a connection; and what comes of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect
from sqlalchemy import select

from app.accounts.models import Team, User
from app.accounts.rules import Role
from app.capabilities.documents import as_document
from app.capabilities.models import Framework, FrameworkVersion
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.maturity.assessing import service
from app.maturity.assessing.answering import answer_for
from app.maturity.assessing.questions import read_areas
from app.maturity.assessing.rules import Said
from app.maturity.queries import get_assessment, running_of
from app.maturity.verifying.looking import look_at
from app.maturity.verifying.service import take_on
from tests.browser.conftest import Open, log_in, make_person
from tests.browser.measuring import check
from tests.site import Site

Found = dict[str, tuple[str, int | None, str] | None]


@pytest.fixture(scope="module")
def lead(site: Site) -> str:
    return make_person(site, "Lin Lead", team="Payments")


@pytest.fixture(scope="module")
def coach(site: Site) -> str:
    return make_person(site, "Cora Coach", Role.COACH)


@pytest.fixture
def assessment_id(site: Site, lead: str, coach: str) -> int:
    """One that the coach has just taken on, everything answered with level 2."""

    def make() -> int:
        now = utc_now()
        with transaction() as session:
            framework = session.execute(select(Framework).where(Framework.position == 0)).scalar_one()
            versions = select(FrameworkVersion.id).where(FrameworkVersion.framework_id == framework.id)
            if session.execute(versions).first() is None:
                framework.number = 1
                content = as_document(framework)
                session.add(FrameworkVersion(framework_id=framework.id, number=1, label="1", content=content, at=now))
            team = session.execute(select(Team).where(Team.name == "Payments")).scalar_one()
            of_team = session.execute(select(User).where(User.email == lead)).unique().scalar_one()
            verifier = session.execute(select(User).where(User.email == coach)).unique().scalar_one()
            last = running_of(team.id, framework.id)
            if last is not None and last.state == "verifying":
                return last.id
            begun, _is_new = service.start(session, team, framework, title="Now", actor=of_team, now=now)
            for area in read_areas(get_assessment(begun.id).version.content):
                for question in area.questions:
                    answer_for(session, begun.id, question.slug, Said(2), base=0, actor=of_team, now=now)
            service.submit(session, begun.id, actor=of_team, now=now)
            take_on(session, begun.id, actor=verifier, now=now)
            return begun.id

    return site.do(make)


@pytest.fixture
def path(assessment_id: int) -> str:
    return f"/maturity/assessments/{assessment_id}/verification"


def found(site: Site, assessment_id: int) -> Found:
    def read() -> Found:
        desk = look_at(get_assessment(assessment_id), "en")
        judged = {item.question.slug: item.judgement for item in desk.items}
        return {slug: (each.verdict, each.level, each.text) if each else None for slug, each in judged.items()}

    return site.do(read)


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    for _time in range(100):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never came true")


def test_a_finding_is_made_by_keyboard_and_saved_by_itself(
    site: Site, assessment_id: int, path: str, coach: str, open_page: Open
) -> None:
    page = open_page(path, person=coach)
    first = page.locator("#version-control")
    expect(first.locator("select")).to_be_hidden()
    first.get_by_label("Agree").focus()
    page.keyboard.press("ArrowRight")
    expect(first.get_by_label("Differ")).to_be_checked()
    expect(page.locator(".verifying-kept")).to_contain_text("not complete yet")
    assert found(site, assessment_id)["version-control"] is None
    page.keyboard.press("Tab")
    for _time in range(3):
        page.keyboard.press("ArrowDown")
    expect(first.locator("select")).to_have_value("4")
    page.keyboard.press("Tab")
    page.keyboard.type("You merge every day.")
    expect(page.locator(".verifying-kept")).to_contain_text("Saved at")
    expect(first.locator("[data-standing]")).to_contain_text("You differ: level")
    wait_until(page, lambda: (found(site, assessment_id)["version-control"] or ("",))[-1] == "You merge every day.")
    expect(page.locator("[data-tally]")).to_contain_text("1 of 14 looked at")
    check(page)


def test_without_a_connection_nothing_is_lost(
    site: Site, assessment_id: int, path: str, coach: str, open_page: Open
) -> None:
    page = open_page(path, person=coach)
    page.context.set_offline(True)
    page.locator("#change-management").get_by_label("Agree").check()
    expect(page.locator(".verifying-kept")).to_contain_text("No connection")
    page.context.set_offline(False)
    wait_until(page, lambda: found(site, assessment_id)["change-management"] == ("agree", None, ""))


def test_a_closed_window_asks_before_typed_words_are_lost(path: str, coach: str, open_page: Open) -> None:
    page = open_page(path, person=coach)
    page.locator("#test-automation").get_by_label("Ask for evidence").check()
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    page.goto("/maturity/")
    assert asked == ["beforeunload"]


def test_everything_works_without_script(
    site: Site, browser: Browser, assessment_id: int, path: str, coach: str
) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    log_in(page, coach)
    page.goto(path)
    page.locator("#version-control").get_by_label("Differ").check()
    page.locator("#version-control select").select_option("")
    page.locator("#version-control textarea").fill("As good as it gets.")
    page.get_by_role("button", name="Agree to all that are left").click()
    expect(page.locator("#version-control")).to_contain_text("Choose the level at which you see the team.")
    expect(page.locator("#version-control textarea")).to_have_value("As good as it gets.")
    page.locator("#version-control select").select_option("5")
    page.get_by_role("button", name="Agree to all that are left").click()
    expect(page.locator("[data-tally]")).to_contain_text("14 of 14 looked at")
    page.get_by_role("button", name="Confirm").click()
    expect(page).to_have_url(re.compile(r"/maturity/snapshots/[0-9]+$"))
    expect(page.locator("main")).to_contain_text("As good as it gets.")
    context.close()
    assert found(site, assessment_id)["version-control"] == ("differ", 5, "As good as it gets.")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "language"), [(1280, "zh"), (360, "en")])
def test_the_pages_are_in_order(
    site: Site, assessment_id: int, path: str, coach: str, open_page: Open, theme: str, width: int, language: str
) -> None:
    page = open_page("/maturity/to-verify", person=coach, language=language, width=width, theme=theme)
    check(page)
    for address in (path, "/maturity/snapshots/1", "/maturity/compare", "/maturity/compare?a=1"):
        page.goto(address)
        check(page)
