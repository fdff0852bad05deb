"""A reviewer and an author talk about a text in a browser, with script and without."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.accounts.models import User
from app.accounts.rules import Role
from app.capabilities.queries import list_main_capabilities
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.writing.kinds import get_kind
from app.writing.models import Manuscript
from app.writing.rules import Step
from app.writing.service import begin, take_step
from tests.browser.conftest import log_in, make_person
from tests.browser.measuring import check
from tests.site import Site

Open = Callable[..., Page]
BODY = """## What

Merge every day, at least once. Keep branches short.

## Why

What is merged late hurts more, and hurts others.

## How

Begin with one service and two people who want it.

## Evidence

Nobody waits for a merge on a Friday any more.
"""


@dataclass(frozen=True)
class Desk:
    author: str
    editor: str
    number: int

    @property
    def path(self) -> str:
        return f"/writing/{self.number}/review"


@pytest.fixture(scope="module")
def desk(site: Site) -> Desk:
    """A practice that Anna has submitted and Edda may review."""
    author = make_person(site, "Anna Author", team="Payments")
    editor = make_person(site, "Edda Editor", Role.EDITOR)

    def submit() -> int:
        kind, anna = get_kind("practice"), db.session.query(User).filter_by(email=author).one()
        content: dict[str, Any] = {
            "title": "Merge every day",
            "summary": "Small changes, each day.",
            "capability": list_main_capabilities()[0].slug,
            "level": None,
            "body": BODY,
            "tags": [],
            "time": "",
            "difficulty": "",
            "participants": "",
        }
        with transaction() as session:
            now = utc_now()
            made = begin(session, kind, content, slug="merge-every-day", language="en", actor=anna, now=now)
            take_step(session, kind, made, Step.SUBMIT, actor=anna, now=now)
            return made.id

    return Desk(author, editor, site.do(submit))


def select_words(page: Page, words: str) -> None:
    """Select these words of the text, as a mouse would."""
    page.evaluate(
        """words => {
            for (const part of document.querySelectorAll("[data-part]")) {
                const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
                while (walker.nextNode()) {
                    const start = walker.currentNode.data.indexOf(words);
                    if (start < 0) continue;
                    const range = document.createRange();
                    range.setStart(walker.currentNode, start);
                    range.setEnd(walker.currentNode, start + words.length);
                    getSelection().removeAllRanges();
                    getSelection().addRange(range);
                    return;
                }
            }
        }""",
        words,
    )


def test_from_a_remark_to_publication(open_page: Open, desk: Desk, site: Site) -> None:
    editor = open_page(desk.path, person=desk.editor)
    select_words(editor, "at least once")
    editor.get_by_role("button", name="Remark on these words").click()
    expect(editor.locator("[data-quote]:visible")).to_have_text("at least once")
    editor.keyboard.type("Why every day?")
    editor.get_by_role("button", name="Add the remark").locator("visible=true").click()
    expect(editor.locator("mark.passage")).to_have_text("at least once")
    note, mark = editor.locator(".review-note"), editor.locator("mark.passage")
    beside = note.bounding_box(), mark.bounding_box()
    assert beside[0]
    assert beside[1]
    assert abs(beside[0]["y"] - beside[1]["y"]) < 40
    check(editor)

    for name in ("evidence", "clarity", "usefulness", "sensitive"):
        editor.locator(f"input[name={name}][value=good]").check()
    editor.locator("input[name=decision][value=request_changes]").check()
    editor.get_by_role("button", name="Send the decision").click()
    expect(editor.locator(".field-error")).to_contain_text("Say what should be changed.")
    assert editor.locator("input[name=sensitive][value=good]").is_checked()
    editor.fill("textarea[name=comment]", "Say why, then it is done.")
    editor.get_by_role("button", name="Send the decision").click()
    expect(editor.locator(".flashes")).to_contain_text("Changes asked for")

    author = open_page(desk.path, person=desk.author)
    expect(author.locator(".review-note")).to_contain_text("Why every day?")
    check(author)
    author.locator(".review-answer > summary").click()
    author.locator(".review-answer textarea").fill("Because it hurts less.")
    author.get_by_role("button", name="It is done").click()
    expect(author.locator(".review-note")).to_contain_text("Done, says Anna Author")

    def submit_again() -> None:
        anna = db.session.query(User).filter_by(email=desk.author).one()
        with transaction() as session:
            manuscript = session.get_one(Manuscript, desk.number)
            take_step(session, get_kind("practice"), manuscript, Step.SUBMIT, actor=anna, now=utc_now())

    site.do(submit_again)
    editor.goto(desk.path)
    expect(editor.locator(".review-note")).to_contain_text("Because it hurts less.")
    for name in ("evidence", "clarity", "usefulness", "sensitive"):
        editor.locator(f"input[name={name}][value=good]").check()
    editor.locator("input[name=decision][value=accept]").check()
    editor.get_by_role("button", name="Send the decision").click()
    expect(editor.locator(".flashes")).to_contain_text("Accepted and published")
    reader = open_page("/practices/merge-every-day")
    expect(reader.locator("main")).to_contain_text("Merge every day, at least once.")
    assert "Why every day?" not in reader.content()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh", 360)])
def test_the_pages_of_reviewing_are_sound(open_page: Open, desk: Desk, language: str, width: int, theme: str) -> None:
    page = open_page("/writing/review", person=desk.editor, language=language, width=width, theme=theme)
    check(page)
    for path in (desk.path, "/writing/reviewers", "/writing/guarded", f"/writing/{desk.number}"):
        page.goto(path)
        check(page)


def test_without_script_one_chooses_a_paragraph(browser: Browser, desk: Desk, site: Site) -> None:
    def submit() -> int:
        kind, anna = get_kind("practice"), db.session.query(User).filter_by(email=desk.author).one()
        first = db.session.get_one(Manuscript, desk.number)
        content: dict[str, Any] = {
            **dict.fromkeys(("time", "difficulty", "participants"), ""),
            "title": "Without script",
            "summary": "It works.",
            "capability": first.capability.slug if first.capability else "",
            "level": None,
            "body": BODY,
            "tags": [],
        }
        with transaction() as session:
            now = utc_now()
            made = begin(session, kind, content, slug="without-script", language="en", actor=anna, now=now)
            take_step(session, kind, made, Step.SUBMIT, actor=anna, now=now)
            return made.id

    number = site.do(submit)
    context = browser.new_context(
        base_url=site.url, java_script_enabled=False, extra_http_headers={"Accept-Language": "en"}
    )
    page = context.new_page()
    log_in(page, desk.editor)
    page.goto(f"/writing/{number}/review")
    part = page.locator(".review-part", has_text="Keep branches short")
    part.locator(".review-new > summary").click()
    part.locator("select").select_option(label="Merge every day, at least once. Keep branches short.")
    part.locator("textarea[name=text]").fill("How short?")
    part.get_by_role("button", name="Add the remark").click()
    expect(page.locator("mark.passage")).to_have_text("Merge every day, at least once. Keep branches short.")
    page.get_by_role("button", name="Send it now").click()
    expect(page.locator(".flashes")).to_contain_text(re.compile("1 remark was sent"))
    context.close()
