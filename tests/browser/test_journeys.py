"""What people come for, from the first click to the last, in a real browser."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from app.accounts.queries import find_by_email
from app.accounts.rules import Role
from app.case_studies.kind import KIND
from app.kernel.clock import utc_now, zone
from app.kernel.db import db, transaction
from app.writing.models import Manuscript
from app.writing.preparing import prepare
from app.writing.rules import State, Step
from app.writing.service import take_step
from tests.browser.conftest import PASSWORD, Open, make_person
from tests.site import Site, Stock


def test_a_practice_is_found_by_a_chinese_search_and_read(open_page: Open) -> None:
    page = open_page("/", language="zh")
    page.keyboard.press("/")
    expect(page.locator("header input[type=search]")).to_be_focused()
    page.keyboard.type("灰度")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_have_text("灰度")
    page.locator("main a[href^='/practices/']", has=page.locator("mark")).first.click()
    expect(page.locator(".prose")).to_contain_text("灰度")
    expect(page.locator("h1")).to_be_visible()
    page.locator(".toc a").nth(1).click()
    assert "#" in page.url


def test_an_engineer_waits_and_is_promoted_when_somebody_leaves(open_page: Open, site: Site) -> None:
    coach = make_person(site, "Carla Coach", Role.COACH)
    first, second = make_person(site, "Fang First"), make_person(site, "Wen Waiting")
    session_path = create_session(open_page("/training/new", person=coach), "One seat only", capacity=1)

    seated = open_page(session_path, person=first)
    seated.get_by_role("button", name="Sign up").click()
    expect(seated.locator("main")).to_contain_text("You have a seat")

    waiting = open_page(session_path, person=second)
    waiting.get_by_role("button", name="Join the waiting list").click()
    expect(waiting.locator("main")).to_contain_text("You are number 1 of 1 waiting")

    leave(seated)
    waiting.reload()
    expect(waiting.locator("main")).to_contain_text("You have a seat")
    waiting.goto("/notices")
    expect(waiting.locator("main")).to_contain_text("One seat only")


def test_a_coach_creates_a_session_and_takes_the_roster(open_page: Open, site: Site) -> None:
    coach, guest = make_person(site, "Rosa Runner", Role.COACH), make_person(site, "=Formula Guest")
    coach_page = open_page("/training/new", person=coach)
    session_path = create_session(coach_page, "Roster session", capacity=5)
    guest_page = open_page(session_path, person=guest)
    guest_page.get_by_role("button", name="Sign up").click()
    expect(guest_page.locator("main")).to_contain_text("You have a seat")

    coach_page.goto(f"{session_path}/roster")
    expect(coach_page.locator("main")).to_contain_text("=Formula Guest")
    with coach_page.expect_download() as download:
        coach_page.get_by_role("link", name=re.compile("CSV")).click()
    rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8-sig"))))
    assert len(rows) == 2
    assert "'=Formula Guest" in rows[1]


def test_a_case_study_goes_from_draft_through_review_to_search(open_page: Open, site: Site) -> None:
    author = make_person(site, "Ann Author", team="Ledger")
    editor = make_person(site, "Eddy Editor", Role.EDITOR)
    page = open_page("/case-studies/new", person=author)
    page.get_by_role("link", name="As a story").click()
    page.fill("[name=title]", "Quokka ledger closes in minutes")
    page.fill("[name=summary]", "The day's ledger closes in minutes instead of hours.")
    for part in ("context", "challenge", "approach", "results", "lessons", "next_steps"):
        page.fill(f"[name={part}]", f"What we say about {part.replace('_', ' ')} of the quokka ledger, in a sentence.")
    page.select_option("[name=capability]", index=1)
    fill_metric(page)
    page.locator("main button.primary[value=save]").click()
    expect(page).to_have_url(re.compile(r"/writing/\d+$"))
    expect(page.locator("h1")).to_contain_text("Quokka ledger")
    desk = page.url
    page.locator("#submission button[type=submit]").click()
    expect(page.locator("main")).not_to_contain_text("Before it can be submitted")

    decide(site, editor, Step.REQUEST_CHANGES, "Say where the hours went.")
    page.goto(desk)
    expect(page.locator("main")).to_contain_text("Say where the hours went.")
    page.get_by_role("link", name="Edit").click()
    page.fill("[name=lessons]", "Half of the hours went into waiting for a file.")
    page.locator("main button[name=action][value=submit]").click()
    expect(page.locator("main")).to_contain_text("In review")

    decide(site, editor, Step.ACCEPT, "")
    page.goto(desk)
    story = page.get_by_role("link", name="What readers see").get_attribute("href") or ""
    visitor = open_page(story)
    expect(visitor.locator("main")).to_contain_text("waiting for a file")

    # The worker tells the index; on a busy machine that takes a while.
    for _moment in range(15):
        visitor.wait_for_timeout(2_000)
        visitor.goto("/search?q=quokka")
        if "ledger closes in minutes" in visitor.locator("main").inner_text():
            break
    expect(visitor.locator("main")).to_contain_text("ledger closes in minutes")


def test_an_interview_is_written_without_losing_a_word(open_page: Open, site: Site) -> None:
    page = open_page("/case-studies/new?form=interview", person=make_person(site, "Ines Interviewer", team="Cards"))
    page.fill("[name=title]", "Numbat cards")
    page.fill("[name=questions-0-answer]", "We run the numbat cards.")
    page.locator("button[value='raise-question:1']").click()
    expect(page.locator("[name=questions-1-answer]")).to_have_value("We run the numbat cards.")
    for left in (5, 4, 3, 2):
        page.locator("button[value^='remove-question']").last.click()
        expect(page.locator("[name^=questions][name$=question]")).to_have_count(left)
    expect(page.locator("[name=title]")).to_have_value("Numbat cards")
    page.locator("[name=metrics-0-measure]").select_option("deployment-frequency")
    expect(page.locator("[name=metrics-0-unit]")).to_have_attribute("list", "units-deployment-frequency")
    page.fill("[name=metrics-0-before]", "5")
    page.fill("[name=metrics-0-after]", "1")
    page.locator("main button.primary[value=save]").click()
    expect(page.locator("main")).to_contain_text("The number got worse.")
    expect(page.locator("main")).to_contain_text("per week")


def test_the_first_administrator_starts_the_house(browser: Browser, stock: Stock, tmp_path: Path) -> None:
    fresh = stock.start(tmp_path / "fresh", sample=False)
    try:
        link = fresh.first_administrator
        page = browser.new_context(base_url=fresh.url).new_page()
        page.goto(link)
        page.fill("[name=email]", "ada@people.example")
        page.fill("[name=name]", "Ada First")
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        expect(page.locator("body")).to_contain_text("Ada First")
        page.goto("/people/")
        expect(page.locator("main")).to_contain_text("ada@people.example")
        assert page.goto(link).status == 404  # type: ignore[union-attr]
        page.goto("/teams/new")
        page.fill("[name=name]", "Platform")
        page.click("main button[type=submit]")
        expect(page.locator("h1")).to_contain_text("Platform")
    finally:
        fresh.stop()


def create_session(page: Page, title: str, *, capacity: int) -> str:
    """Fill in the form of a session, publish it, and return its address."""
    starts = datetime.combine(
        (utc_now() + timedelta(days=9)).date(), datetime.min.time().replace(hour=10), zone("Asia/Shanghai")
    )
    page.fill("[name=title]", title)
    page.fill("[name=description]", "What we do and what to bring.")
    page.fill("[name=starts_at]", starts.strftime("%Y-%m-%dT%H:%M"))
    page.fill("[name=ends_at]", (starts + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"))
    page.fill("[name=place]", "Room 1")
    page.fill("[name=capacity]", str(capacity))
    page.locator("main form.form .form-actions button.primary:visible").click()
    expect(page.locator("h1")).to_contain_text(title)
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("main")).not_to_contain_text("Nobody can sign up before it is published")
    return page.url.replace(page.context.pages[0].evaluate("location.origin"), "")


def leave(page: Page) -> None:
    """Give the seat back; where people wait, that asks first."""
    summary = page.locator("main summary", has_text="Give the seat back")
    if summary.count():
        summary.click()
    page.get_by_role("button", name="Give the seat back").last.click()
    expect(page.locator("main")).not_to_contain_text("You have a seat")


def fill_metric(page: Page) -> None:
    for name, value in (
        ("name", "Close of day"),
        ("before", "240"),
        ("after", "12"),
        ("unit", "minutes"),
        ("window", "2026"),
        ("source", "Scheduler"),
    ):
        page.fill(f"[name=metrics-0-{name}]", value)
    page.select_option("[name=metrics-0-better]", "lower")


def decide(site: Site, editor: str, step: Step, comment: str) -> None:
    """What an editor does about the one case study that waits."""

    def act() -> None:
        waiting = select(Manuscript).where(Manuscript.state == State.SUBMITTED, ~Manuscript.is_sample)
        manuscript = db.session.execute(waiting).unique().scalar_one()
        person = find_by_email(editor)
        assert person is not None
        prepared = prepare(KIND, manuscript, manuscript.latest_number)
        with transaction() as session:
            take_step(
                session, KIND, manuscript, step, actor=person, now=utc_now(), comment=comment, prepared=prepared
            )  # fmt: skip

    site.do(act)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_language_is_switched_and_kept(open_page: Open, language: str) -> None:
    page = open_page("/practices/", language=language)
    other = {"en": "zh", "zh": "en"}[language]
    page.locator(f"footer button[value={other}]").click()
    expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{other}"))
    page.goto("/coaches/")
    expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{other}"))
