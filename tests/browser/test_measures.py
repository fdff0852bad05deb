"""The measures of the design: weight, requests, accessibility, no page wider than the screen, journeys by keyboard."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.accounts.rules import Role
from app.kernel.db import db
from app.training.models import TrainingSession
from app.writing.models import Manuscript
from app.writing.rules import State
from tests.browser.conftest import Open, make_person
from tests.factories.talks import make_talk
from tests.site import Site

MAX_BYTES = 60 * 1024
MAX_REQUESTS = 8

VISITOR_PAGES = (
    "/",
    "/practices/",
    "/practices/?level=3",
    "/practices/feature-flags",
    "/practices/merge-queue",
    "/practices/merge-queue/teams",
    "/collections/",
    "/collections/sample-first-two-weeks",
    "/coaches/",
    "/coaches/amara-osei",
    "/training/",
    "/training/?view=agenda",
    "/training/?view=month",
    "/training/sample-contract-tests",
    "/case-studies/",
    "/case-studies/laserjet-futuresmart",
    "/case-studies/impact",
    "/feeds/",
    "/capabilities/",
    "/capabilities/continuous-delivery",
    "/capabilities/continuous-delivery/deployment-pipeline",
    "/capabilities/dora/version-control",
    "/search",
    "/search?q=pipeline",
    "/search?q=pipeline+lighthouse&level=3&tag=gitlab&sort=new",
    "/search?q=pipeline&by=kind",
    "/search?q=zzzz",
    "/search?q=pipeline&level=1&tag=zzzz",
    "/login",
    "/join",
    "/password/forgotten",
    "/no-such-page",
)
MEMBER_PAGES = (
    "/",
    "/search",
    "/profile",
    "/profile/password",
    "/notices",
    "/notices/choices",
    "/following",
    "/reads",
    "/acknowledgements/",
    "/writing/",
    "/practices/new",
    "/practices/feature-flags",
    "/practices/merge-queue",
    "/practices/merge-queue/adoption",
    "/comments/on/practice/merge-queue",
    "/community/helpful/",
    "/community/helpful/practice/merge-queue",
    "/community/helpful/practice/merge-queue/no",
    "/shelf",
    "/shelf/collect/practice/merge-queue",
    "/collections/new",
    "/collections/sample-first-two-weeks",
    "/teams/",
    "/teams/sample-payment-platform",
    "/training/mine",
    "/training/new",
    "/training/sample-contract-tests",
    "/training/sample-exhibition",
    "/training/sample-exhibition/programme",
    "/training/reports",
    "/training/reports?by=team&since=2026-01&until=soon",
    "/library",
    "/writing/reviewers",
    "/writing/guarded",
    "/writing/guarded/live",
    "/writing/retired",
    "/practices/upkeep",
    "/acknowledgements/new?of=practice.merge-queue",
    "/content/sources",
    "/case-studies/new",
    "/case-studies/new?form=story",
    "/case-studies/new?form=interview",
    "/writing/review",
    "/coaches/me/edit",
    "/coaching/",
    "/coaching/week",
    "/coaching/figures",
    "/coaching/requests/new",
    "/coaching/requests/stranded",
    "/participation",
    "/participation?since=2022-01&until=2026-11",
    "/teams/sample-payment-platform/journey",
    "/teams/everything/journey",
    "/teams/everything/story",
    "/people/",
    "/teams/new",
)


@pytest.fixture(scope="module")
def everything(site: Site) -> str:
    """Somebody with every role and a team, who sees every page, among them an exhibition with a programme."""
    site.do(_arrange)
    return make_person(site, "Olga Omni", *Role, team="Everything")


def _arrange() -> None:
    exhibition = db.session.execute(select(TrainingSession).where(TrainingSession.slug == "sample-exhibition"))
    training, stories = exhibition.scalar_one(), ("laserjet-futuresmart", "vsts-test-portfolio")
    make_talk(training, "One", abstract="## Why\n\n- A list", speakers=["A Guest"], story_slug=stories[0])
    make_talk(training, "Two", abstract="## Why\n\nA break first", break_before=10, story_slug=stories[1])
    make_talk(training, "A poster", minutes=None, language="zh")


@pytest.fixture(scope="module")
def on_the_desk(site: Site) -> list[str]:
    """The pages of the sample texts that are being reviewed or were, with remarks."""
    return [
        f"/writing/{id_}{room}" for id_ in site.do(_reviewed) for room in ("", "/review", "/history", "/versions/1")
    ]


def _reviewed() -> list[int]:
    query = select(Manuscript.id).where(Manuscript.is_sample, Manuscript.state != State.DRAFT).order_by(Manuscript.id)
    return list(db.session.execute(query).scalars())


# Whatever a page says, it says in both languages, and whatever it shows, in both themes. No rule of axe looks at both.
LOOKS = [("en", "light"), ("zh", "dark")]


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_visitors_pages_are_sound(open_page: Open, language: str, theme: str) -> None:
    page = open_page("/", language=language, theme=theme)
    assert {path: found for path in VISITOR_PAGES if (found := faults(page, path))} == {}


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_members_pages_are_sound(
    open_page: Open, everything: str, on_the_desk: list[str], language: str, theme: str
) -> None:
    page = open_page("/", person=everything, language=language, theme=theme)
    assert len(on_the_desk) == 8
    assert {path: found for path in (*MEMBER_PAGES, *on_the_desk) if (found := faults(page, path))} == {}


def faults(page: Page, path: str) -> list[str]:
    """By how much the page is wider than the screen of a phone, on which it is opened, and of a tablet; and what axe has
    against it on a desk.
    """
    found = []
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(path)
    for width in (360, 768):
        page.set_viewport_size({"width": width, "height": 800})
        excess = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if excess > 0:
            found.append(f"{excess} pixels wider than {width}")
    page.set_viewport_size({"width": 1280, "height": 800})
    violations = Axe().run(page).response["violations"]
    return found + [f"{each['id']}: {node['html'][:120]}" for each in violations for node in each["nodes"]]


def test_a_first_visit_is_light_and_needs_few_requests(open_page: Open) -> None:
    heavy = {}
    for first in range(0, len(VISITOR_PAGES), 8):
        opened = {path: watched(open_page("/healthz"), path) for path in VISITOR_PAGES[first : first + 8]}
        for path, (page, sizes) in opened.items():
            page.wait_for_load_state("networkidle")
            if sum(sizes) > MAX_BYTES or len(sizes) > MAX_REQUESTS:
                heavy[path] = (sum(sizes), len(sizes))
            page.context.close()
    assert heavy == {}


def watched(page: Page, path: str) -> tuple[Page, list[float]]:
    """`path` being opened in a browser without a memory, and the bytes of each answer that comes."""
    sizes: list[float] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(path)
    return page, sizes


def test_a_repeated_visit_answers_304(open_page: Open) -> None:
    page = open_page("/practices/feature-flags")
    for path in ("/practices/feature-flags", "/practices/", "/training/sample-contract-tests", "/"):
        first = page.request.get(path)
        again = page.request.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (path, again.status) == (path, 304)


def test_a_session_is_found_and_taken_by_keyboard_alone(open_page: Open, site: Site) -> None:
    person = make_person(site, "Kim Keyboard")
    page = open_page("/training/sample-contract-tests", person=person)
    press_until(page, "Sign up")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("You have a seat")


def test_the_first_stop_of_the_keyboard_leads_past_the_head(open_page: Open) -> None:
    page = open_page("/practices/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("href", "#main")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def press_until(page: Page, name: str) -> None:
    """Press Tab until the focus is on what is called `name`, in a visible place."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText || ''").strip() == name:
            return
    raise AssertionError(f"the keyboard never reaches {name!r}")


def test_the_theme_changes_without_a_reload_and_stays(open_page: Open) -> None:
    page = open_page("/practices/")
    page.evaluate("window.stillHere = true")
    page.locator("footer button[value=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("window.stillHere === true")
    page.goto("/coaches/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_pages_work_without_script(browser, site: Site) -> None:  # type: ignore[no-untyped-def]
    context = browser.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/practices/")
    page.locator("aside a, .facets a").first.click()
    assert "?" in page.url
    page.locator("footer button[value=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    context.close()
