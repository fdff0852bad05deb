"""Once around, from nothing to a published case study: a team says where it stands, a coach looks, the team chooses a gap, plans, is
coached, takes a practice up, is assessed again, and tells the others.
"""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from app.accounts.models import Membership, Team, User
from app.accounts.rules import Role
from app.capabilities.models import Capability
from app.coaches.service import save_profile
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from tests.browser.conftest import Open, make_person
from tests.browser.measuring import check
from tests.factories.training import make_training
from tests.site import Site

TEAM = "Narwhal"
GAP = "deployment-pipeline"
GAP_NAME = "Deployment pipeline"
SECOND = "test-automation"
RUBRIC = ("evidence", "clarity", "usefulness", "sensitive")
MOMENTS, MOMENT = 30, 1_000


def test_a_team_goes_once_around(open_page: Open, site: Site) -> None:
    lead, coach, verifier, editor = furnish(site)
    team = open_page("/", person=lead)

    assess(team, "Spring", low=1, rest=2)
    verify(open_page("/maturity/to-verify", person=verifier), "Spring")
    choose_targets(team)
    title = plan(team)
    book(team, GAP, "From a night to a click, step by step")
    book(team, SECOND, "One place for every setting")
    ask_for_a_coach(team, "Cleo Coach")
    coaching = open_page("/coaching/", person=coach)
    accept(coaching)
    agree_on_something(coaching)
    adopt(team, title)
    finish(team, title)
    end(coaching)

    assess(team, "Autumn", low=3, rest=2)
    verify(open_page("/maturity/to-verify", person=verifier), "Autumn")
    look_back(coaching)
    tell(team)
    review(open_page("/writing/review", person=editor))
    found(open_page("/"))

    team.goto(f"/teams/{TEAM.lower()}/journey")
    way = team.locator(".journey-way")
    for moment in (
        "Assessed: Spring",
        "Cleo Coach begins to coach",
        f"Took up: {title}",
        "Assessed: Autumn",
        "Told the others",
    ):
        expect(way).to_contain_text(moment)
    check(team)


def furnish(site: Site) -> tuple[str, str, str, str]:
    """The lead of a team, a coach with a profile and two sessions, the coach who verifies, and an editor."""
    lead = make_person(site, "Lena Lead", team=TEAM)
    coach = make_person(site, "Cleo Coach", Role.COACH)
    verifier = make_person(site, "Vito Verifier", Role.COACH)
    editor = make_person(site, "Edna Editor", Role.EDITOR)

    def do() -> None:
        ids = [
            db.session.execute(select(Capability.id).where(Capability.slug == slug)).scalars().first()
            for slug in (GAP, SECOND)
        ]
        capability_id = ids[0]
        assert capability_id is not None
        with transaction() as session:
            session.execute(select(Membership).join(Team).where(Team.name == TEAM)).scalar_one().is_lead = True
            user = session.execute(select(User).where(User.email == coach)).unique().scalar_one()
            save_profile(
                session,
                user,
                None,
                headline="From a night to a click",
                bio="",
                site="",
                is_taking_requests=True,
                languages=["en"],
                skills={capability_id: 4},
                now=utc_now(),
            )
        for number, title in enumerate(("From a night to a click, step by step", "One place for every setting")):
            make_training(
                user,
                title=title,
                slug=f"booked-{number}",
                starts_at=utc_now() + timedelta(hours=30 + 3 * number),
                capability_id=ids[number],
                level=3,
            )

    site.do(do)
    return lead, coach, verifier, editor


def assess(page: Page, title: str, *, low: int, rest: int) -> None:
    """Start an assessment, answer everything, and submit it."""
    page.goto("/maturity/")
    page.get_by_label("Called").or_(page.locator("[name=title]")).first.fill(title)
    page.get_by_role("button", name="Start the assessment").click()
    expect(page.locator("h1")).to_contain_text(title)
    overview = page.url
    areas = page.locator(".answer-area h3 a")
    for address in [areas.nth(number).get_attribute("href") or "" for number in range(areas.count())]:
        page.goto(address)
        for answer in page.locator("[data-answer]").all():
            level(answer, low if answer.get_attribute("data-answer") == GAP else rest)
    check(page)
    page.goto(overview)
    expect(page.locator("#state")).to_contain_text("Everything is answered")
    if title == "Spring":
        check(page)
    page.get_by_role("button", name="Submit").click()
    expect(page.locator("#state")).to_contain_text("Waits for a coach")


def level(answer: Locator, number: int) -> None:
    """Choose a level; it is saved by itself."""
    answer.locator(f"input[name=level][value='{number}']").check()
    expect(answer).to_have_attribute("data-done", "")


def verify(page: Page, title: str) -> None:
    """A coach takes it on, agrees and confirms."""
    card = page.locator(".card", has_text=title).filter(has_text=TEAM)
    card.get_by_role("button", name="Take it on").click()
    expect(page.locator("h1")).to_contain_text(title)
    check(page)
    page.get_by_role("button", name="Agree to all that are left").click()
    expect(page.locator(".verifying-tally")).to_contain_text("14 agreed")
    page.get_by_role("button", name="Confirm", exact=True).click()
    expect(page).to_have_url(re.compile(r"/maturity/snapshots/\d+$"))
    expect(page.locator("h1")).to_contain_text(TEAM)


def choose_targets(page: Page) -> None:
    page.goto(f"/maturity/teams/{TEAM.lower()}/targets")
    page.select_option(f"#level-{GAP}", "3")
    page.get_by_role("button", name="Save the targets").click()
    expect(page.locator(".flashes")).to_be_visible()
    expect(page.locator(f"#level-{GAP}")).to_have_value("3")


def plan(page: Page) -> str:
    """The advice begins with the gap; its practice goes into the plan. Returns what the practice is called."""
    gap = open_gap(page)
    check(page)
    practice = gap.locator(".help", has_text="Practice").first
    title = practice.locator(".help-title a").inner_text()
    practice.get_by_role("button", name="Put into the plan").click()
    expect(page.locator(".flashes")).to_be_visible()
    page.goto(f"/teams/{TEAM.lower()}/plan")
    expect(page.locator(".items")).to_contain_text(title)
    return title


def open_gap(page: Page, slug: str = GAP) -> Locator:
    """What the advice says of the gap, opened where it is not among the first."""
    page.goto(f"/teams/{TEAM.lower()}/next")
    gap = page.locator(f"#gap-{slug}")
    closed = page.locator(".gap-other:not([open])", has=gap)
    if closed.count():
        closed.locator("summary").click()
    expect(gap).to_be_visible()
    return gap


def book(page: Page, slug: str, title: str) -> None:
    """The session that the advice has for a gap, and a seat there."""
    open_gap(page, slug).get_by_role("link", name=re.compile(f"^Sign up.*{title}")).click()
    page.get_by_role("button", name="Sign up").click()
    expect(page.locator("main")).to_contain_text("You have a seat")
    expect(open_gap(page, slug)).to_contain_text("you have a place")


def ask_for_a_coach(page: Page, coach: str) -> None:
    open_gap(page).get_by_role("link", name="Ask for a coach").click()
    page.get_by_label("What do you want to reach?").fill("A change goes to production without a night shift.")
    page.get_by_label("Coach", exact=True).select_option(label=coach)
    page.get_by_role("button", name="Ask for a coach").click()
    expect(page.locator("h1")).to_contain_text(GAP_NAME)


def accept(page: Page) -> None:
    page.locator("main").get_by_role("link", name=GAP_NAME).first.click()
    page.get_by_role("button", name="Accept").click()
    expect(page).to_have_url(re.compile(r"/coaching/engagements/\d+$"))
    expect(page.locator("main")).to_contain_text("What has been reached shows when the team is assessed again.")
    check(page)


def agree_on_something(page: Page) -> None:
    """The goal is that of the request; an agreed action and a note, as the coach writes them down."""
    expect(page.locator("#goals .coaching-lines")).to_contain_text(GAP_NAME)
    page.locator("#actions").get_by_text("Agree on something").click()
    page.locator("#actions [name=text]").fill("Draw the way to production")
    page.get_by_role("button", name="Note it").click()
    expect(page.locator("#actions .coaching-lines")).to_contain_text("Draw the way to production")
    page.locator("#notes [name=text]").fill("They wait for a window every Thursday.")
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator("#notes .prose")).to_contain_text("They wait for a window every Thursday.")


def end(page: Page) -> None:
    page.get_by_role("link", name="End with an outcome").click()
    page.fill("[name=outcome]", "Every change goes out on the day it is ready.")
    page.get_by_role("button", name="End the engagement").click()
    expect(page.locator("main")).to_contain_text("Every change goes out on the day it is ready.")


def look_back(page: Page) -> None:
    """What was aimed at stands beside what the assessments say. Both are of one day here, so the newer one is where it began."""
    page.reload()
    expect(page.get_by_role("row", name=GAP_NAME)).to_be_visible()
    check(page)


def adopt(page: Page, title: str) -> None:
    """The team says on the practice's page that it uses it."""
    page.goto(f"/teams/{TEAM.lower()}/plan")
    page.locator(".items").get_by_role("link", name=title).first.click()
    page.get_by_text("My team uses this").click()
    page.locator(".tools").get_by_label("Using it").check()
    page.get_by_role("button", name="Say so").click()
    expect(page.locator(".tools")).to_contain_text(f"{TEAM}: Using it")


def finish(page: Page, title: str) -> None:
    page.goto(f"/teams/{TEAM.lower()}/plan")
    item = page.locator(".items > .item", has_text=title)
    item.get_by_role("button", name=re.compile("^Done")).click()
    expect(page.locator(".items.ended")).to_contain_text(title)


def tell(page: Page) -> None:
    """The case study begins half written; the team tells the rest and submits it."""
    page.goto(f"/teams/{TEAM.lower()}/journey")
    page.get_by_role("link", name="Start a case study from this").click()
    expect(page.locator(".story-draft")).to_contain_text(f"{TEAM}: from level 1 to level 3 in {GAP_NAME}")
    check(page)
    page.get_by_role("button", name="Start the case study").click()
    expect(page.locator("[name=title]")).to_have_value(f"{TEAM}: from level 1 to level 3 in {GAP_NAME}")
    expect(page.locator("[name=approach]")).to_have_value(re.compile("Cleo Coach"))
    expect(page.locator("[name=results]")).to_have_value(re.compile(rf"\| {GAP_NAME} \| 1 \| 3 \|"))
    for part in ("lessons", "next_steps"):
        page.fill(f"[name={part}]", "We would draw the way to production first, and cut it then.")
    page.locator("main button[name=action][value=submit]").click()
    expect(page.locator("main")).to_contain_text("In review")


def review(page: Page) -> None:
    page.get_by_role("link", name=TEAM).first.click()
    for name in RUBRIC:
        page.locator(f"input[name={name}][value=good]").check()
    page.locator("input[name=decision][value=accept]").check()
    page.get_by_role("button", name="Send the decision").click()
    expect(page.locator(".flashes")).to_contain_text("Accepted and published")


def found(page: Page) -> None:
    """The worker tells the index; on a busy machine that takes a while."""
    for _moment in range(MOMENTS):
        page.goto("/search?q=narwhal")
        if "from level 1 to level 3" in page.locator("main").inner_text():
            break
        page.wait_for_timeout(MOMENT)
    expect(page.locator("main")).to_contain_text("from level 1 to level 3")
