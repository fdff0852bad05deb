"""An engineer improves what is published, a reviewer asks for more, and in the end readers have it: all on phones."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from app.accounts.models import User
from app.accounts.rules import Role
from app.capabilities.queries import list_main_capabilities
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.writing.kinds import get_kind
from app.writing.preparing import prepare
from app.writing.review.rules import Criterion, Mark
from app.writing.review.service import Verdict, decide
from app.writing.rules import Step
from app.writing.service import begin, take_step
from tests.browser.conftest import Open, make_person
from tests.browser.measuring import check
from tests.site import Site

PHONE = 360
MOMENTS = 80
ADDRESS = "/practices/merge-each-day"
BODY = "## What\n\nMerge each day.\n\n## Why\n\nWhat is merged late hurts.\n\n## How\n\n{how}\n\n## Evidence\n\nShort lead times."
RUBRIC = ("evidence", "clarity", "usefulness", "sensitive")


def test_an_improvement_goes_from_an_idea_to_the_shelf(open_page: Open, site: Site) -> None:
    owner, editor = make_person(site, "Olga Owner", team="Ledger"), make_person(site, "Edda Editor", Role.EDITOR)
    engineer, follower = make_person(site, "Enno Engineer", team="Clearing"), make_person(site, "Fay Follower")
    publish(site, owner, editor)
    reader = open_page(ADDRESS, person=follower, width=PHONE)
    reader.locator(".tools").get_by_role("button", name="Follow").click()
    expect(reader.get_by_role("button", name="You follow this")).to_be_visible()

    page = open_page(ADDRESS, person=engineer, width=PHONE)
    page.get_by_role("link", name="Improve this page").click()
    submit_a_change(page)
    expect(open_page(ADDRESS, width=PHONE).locator("main")).to_contain_text("Begin tomorrow.")

    desk = open_page("/writing/review", person=editor, width=PHONE)
    desk.get_by_role("link", name="Merge each day").first.click()
    ask_for_changes(desk)

    page.reload()
    answer_and_submit_again(page)

    desk.reload()
    expect(desk.locator(".review-note")).to_contain_text("Two people.")
    judge(desk, "accept")
    expect(desk.locator(".flashes")).to_contain_text("Accepted and published")

    seen = open_page(ADDRESS, width=PHONE)
    expect(seen.locator(".prose")).to_contain_text("Begin with one service and two people.")
    expect(seen.locator("main")).not_to_contain_text("How many people?")
    check(seen)
    have_the_notice(reader)
    expect(reader.locator(".prose")).to_contain_text("two people")


def publish(site: Site, owner: str, editor: str) -> None:
    """A practice that Olga has written and Edda accepted."""

    def do() -> None:
        kind, now = get_kind("practice"), utc_now()
        people = {email: db.session.query(User).filter_by(email=email).one() for email in (owner, editor)}
        content: dict[str, Any] = {
            **dict.fromkeys(("time", "difficulty"), ""),
            "title": "Merge each day",
            "summary": "Small changes, each day.",
            "capability": list_main_capabilities()[0].slug,
            "level": None,
            "body": BODY.format(how="Begin tomorrow."),
            "tags": [],
            "participants": [],
        }
        with transaction() as session:
            made = begin(session, kind, content, slug="merge-each-day", language="en", actor=people[owner], now=now)
            take_step(session, kind, made, Step.SUBMIT, actor=people[owner], now=now)
        prepared, verdict = prepare(kind, made, 1), Verdict(1, Step.ACCEPT, {Criterion.SENSITIVE: Mark.GOOD}, "")
        with transaction() as session:
            decide(session, kind, made, verdict, actor=people[editor], now=now, prepared=prepared)

    site.do(do)


def submit_a_change(page: Page) -> None:
    """What could be better is changed in the form, and goes to review in one click."""
    expect(page.locator("h1")).to_have_text("Improve “Merge each day”")
    check(page)
    page.get_by_label("Text", exact=True).fill(BODY.format(how="Begin with one service and some people."))
    page.get_by_role("button", name="Save and submit").click()
    expect(page.locator(".writing-standing")).to_contain_text("In review")
    expect(page.locator(".writing-standing")).to_contain_text("Readers still see version 1.")
    check(page)


def ask_for_changes(desk: Page) -> None:
    """A remark on a passage, and the decision that sends it."""
    part = desk.locator(".review-part", has_text="some people")
    part.locator(".review-new > summary").click()
    part.locator("textarea[name=text]").fill("How many people?")
    part.get_by_role("button", name="Add the remark").click()
    expect(desk.locator(".review-note")).to_contain_text("How many people?")
    check(desk)
    desk.fill("textarea[name=comment]", "Say how many, then it is done.")
    judge(desk, "request_changes")
    expect(desk.locator(".flashes")).to_contain_text("Changes asked for")


def judge(desk: Page, decision: str) -> None:
    for name in RUBRIC:
        desk.locator(f"input[name={name}][value=good]").check()
    desk.locator(f"input[name=decision][value={decision}]").check()
    desk.get_by_role("button", name="Send the decision").click()


def answer_and_submit_again(page: Page) -> None:
    """The author reads what was asked, says what was done, does it and submits again."""
    expect(page.locator(".writing-standing")).to_contain_text("Say how many, then it is done.")
    page.get_by_role("link", name="Read them beside the text").click()
    page.locator(".review-answer > summary").click()
    page.locator(".review-answer textarea").fill("Two people.")
    page.get_by_role("button", name="It is done").click()
    expect(page.locator(".review-note")).to_contain_text("Done, says Enno Engineer")
    check(page)
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Text", exact=True).fill(BODY.format(how="Begin with one service and two people."))
    page.get_by_role("button", name="Save and submit").click()
    expect(page.locator(".writing-standing")).to_contain_text("In review")


def have_the_notice(page: Page) -> None:
    """The worker tells followers, a moment after publication."""
    told = page.locator(".notice-link", has_text="Merge each day")
    for _ in range(MOMENTS):
        page.goto("/notices")
        if told.count():
            break
        page.wait_for_timeout(500)
    check(page)
    told.click()
