"""A coach takes attendance on a phone, with a connection that comes and goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, Page, Request, Route, expect
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.clock import utc_now
from app.kernel.db import db
from app.training.attendance.codes import personal_code
from app.training.models import Meeting
from app.training.seats.models import Enrolment
from app.training.seats.presence import Attendance, AttendanceEvent
from tests.browser.conftest import Open, make_person
from tests.factories.training import make_training, sign_up
from tests.site import Site

NAMES = ("Ada Chen", "Bo Li", "Cem Kaya", "Dai Wen", "Eve Long-Surname-Of-Many-Letters")


@pytest.fixture(scope="module")
def coach(site: Site) -> str:
    return make_person(site, "Carla Coach", Role.COACH)


@pytest.fixture
def path(site: Site, coach: str) -> str:
    """The attendance of a session that began a moment ago."""
    first = [name.split()[0].lower() for name in NAMES]

    def make() -> str:
        now = utc_now()
        leader = db.session.execute(select(User).where(User.email == coach)).unique().scalar_one()
        wanted = select(User).where(User.email.in_([f"{name}@people.example" for name in first]))
        people = list(db.session.execute(wanted).unique().scalars())
        starts_at = now - timedelta(minutes=5)
        training = make_training(leader, starts_at=starts_at, now=now - timedelta(days=9), title="Small steps")
        sign_up(training, *people, now=now - timedelta(days=1))
        meeting_id = db.session.execute(select(Meeting.id).where(Meeting.training_id == training.id)).scalar_one()
        return f"/training/{training.slug}/attendance/{meeting_id}"

    if not site.do(lambda: db.session.execute(select(User).where(User.email == "bo@people.example")).first()):
        for name in NAMES:
            make_person(site, name)
    return site.do(make)


def known(site: Site, path: str) -> dict[str, str]:
    """{first name: what is said} as the database has it."""
    query = (
        select(User.name, Attendance.state)
        .join(Enrolment, Enrolment.user_id == User.id)
        .join(Attendance, Attendance.enrolment_id == Enrolment.id)
        .where(Attendance.meeting_id == int(path.rsplit("/", 1)[1]))
    )
    return site.do(lambda: {name.split()[0]: state for name, state in db.session.execute(query)})


def entries(site: Site, path: str) -> int:
    query = select(AttendanceEvent.id).where(AttendanceEvent.meeting_id == int(path.rsplit("/", 1)[1]))
    return site.do(lambda: len(db.session.execute(query).all()))


def tap(page: Page, name: str, state: str) -> None:
    page.get_by_role("group", name=name).get_by_role("button", name=state, exact=True).click()


def soon(page: Page, check: Callable[[], bool]) -> None:
    for _ in range(100):
        if check():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not come about")


def test_what_is_ticked_without_a_connection_is_kept_and_sent_once(
    open_page: Open, site: Site, coach: str, path: str
) -> None:
    page = open_page(path, person=coach, width=360)
    tap(page, NAMES[0], "There")
    expect(page.locator("[data-sent]")).to_have_text("Everything is sent.")
    page.context.set_offline(True)
    tap(page, NAMES[1], "Late")
    tap(page, NAMES[2], "There")
    tap(page, NAMES[2], "Not there")
    page.get_by_role("button", name="Everybody else is there").click()
    expect(page.locator("[data-sent]")).to_contain_text("Not sent yet: 4")
    expect(page.locator("[data-count=attended]")).to_have_text("4")
    assert known(site, path) == {"Ada": "present"}
    # Meanwhile somebody else has said that Dai is not there, and the page is opened anew while there is still no connection.
    other = open_page(path, person=make_person(site, "Root Admin", Role.ADMINISTRATOR), width=1280)
    tap(other, NAMES[3], "Not there")
    expect(other.locator("[data-sent]")).to_have_text("Everything is sent.")
    page.context.set_offline(False)
    expect(page.locator("[data-sent]")).to_have_text("Everything is sent.")
    wanted = {"Ada": "present", "Bo": "late", "Cem": "absent", "Dai": "absent", "Eve": "present"}
    assert known(site, path) == wanted
    # Ada, Bo, Cem twice, Dai by both coaches, Eve.
    assert entries(site, path) == 7
    expect(page.locator("[data-count=attended]")).to_have_text("3")
    page.reload()
    expect(page.get_by_role("group", name=NAMES[3]).get_by_role("button", name="Not there")).to_have_attribute(
        "aria-pressed", "true"
    )


def test_an_answer_that_is_lost_makes_nothing_twice(open_page: Open, site: Site, coach: str, path: str) -> None:
    page = open_page(path, person=coach, width=360)
    sent: list[Request] = []

    def swallow(route: Route) -> None:
        """The site writes it down, and the answer never arrives."""
        route.fetch()
        sent.append(route.request)
        route.abort()

    page.route("**/taps", swallow)
    tap(page, NAMES[0], "Late")
    soon(page, lambda: len(sent) > 1)
    expect(page.locator("[data-sent]")).to_contain_text("Not sent yet: 1")
    page.unroute("**/taps")
    expect(page.locator("[data-sent]")).to_have_text("Everything is sent.")
    assert (known(site, path), entries(site, path)) == ({"Ada": "late"}, 1)


def test_what_is_kept_outlives_the_page_and_is_sent_by_nobody_else(
    open_page: Open, site: Site, coach: str, path: str
) -> None:
    page = open_page(path, person=coach, width=360)
    page.context.set_offline(True)
    tap(page, NAMES[0], "There")
    tap(page, NAMES[1], "There")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-sent]")).to_contain_text("Not sent yet: 3")
    kept = page.evaluate("Object.entries(localStorage).filter(([key]) => key.startsWith('attendance:'))")
    page.context.set_offline(False)
    page.context.close()
    # The same device with somebody else, who runs the session, too.
    stranger = open_page("/", person=make_person(site, "Rita Root", Role.ADMINISTRATOR), width=360)
    stranger.evaluate("(kept) => kept.forEach(([key, value]) => localStorage.setItem(key, value))", kept)
    stranger.goto(path)
    stranger.wait_for_timeout(500)
    assert "Not sent" not in stranger.locator("[data-sent]").inner_text()
    # And later the coach comes back to it.
    again = open_page("/", person=coach, width=360)
    before = entries(site, path)
    again.evaluate("(kept) => kept.forEach(([key, value]) => localStorage.setItem(key, value))", kept)
    again.goto(path)
    expect(again.locator("[data-sent]")).to_have_text("Everything is sent.")
    assert known(site, path) == {"Ada": "present"}
    assert (before <= 3, entries(site, path)) == (True, 3)


def test_leaving_with_something_unsent_is_asked_about(open_page: Open, coach: str, path: str) -> None:
    page = open_page(path, person=coach, width=360)
    page.context.set_offline(True)
    tap(page, NAMES[0], "There")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.close(run_before_unload=True)
    soon_asked = open_page("/", width=360)
    soon(soon_asked, lambda: asked == ["beforeunload"])


def test_people_are_found_while_typing(open_page: Open, coach: str, path: str) -> None:
    page = open_page(path, person=coach, width=360)
    page.get_by_role("searchbox", name="Search by name").fill("KAYA")
    expect(page.locator(".attendance-list > li:visible")).to_have_count(1)
    expect(page.get_by_role("button", name="Everybody else is there")).to_be_hidden()
    page.get_by_role("searchbox", name="Search by name").fill("zzz")
    expect(page.get_by_text("Nobody of that name has a seat.")).to_be_visible()


def test_targets_are_large_enough_for_a_thumb(open_page: Open, coach: str, path: str) -> None:
    page = open_page(path, person=coach, width=360)
    boxes = page.locator(".attendance-states button").evaluate_all(
        "(buttons) => buttons.map((button) => button.getBoundingClientRect()).map(({width, height}) => [width, height])"
    )
    assert len(boxes) == 4 * len(NAMES)
    assert min(width for width, _height in boxes) >= 70
    assert min(height for _width, height in boxes) >= 48


def test_everything_works_without_script(open_page: Open, browser: Browser, site: Site, coach: str, path: str) -> None:
    with_script = open_page("/", person=coach, width=360)
    context = browser.new_context(
        base_url=site.url,
        java_script_enabled=False,
        viewport={"width": 360, "height": 800},
        storage_state=with_script.context.storage_state(),
    )
    try:
        page = context.new_page()
        page.goto(path)
        tap(page, NAMES[0], "Late")
        page.get_by_role("button", name="Everybody else is there").click()
        assert known(site, path) == {name.split()[0]: "present" for name in NAMES} | {"Ada": "late"}
        page.get_by_role("button", name="Undo").click()
        assert known(site, path) == {"Ada": "late"}
        tap(page, NAMES[0], "Late")
        assert known(site, path) == {}
    finally:
        context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_pages_are_accessible_and_fit_a_phone(
    open_page: Open, site: Site, coach: str, path: str, theme: str, language: str
) -> None:
    page = open_page(path, person=coach, width=360, theme=theme, language=language)
    tap_first(page)
    slug, meeting_id = path.split("/")[2], path.rsplit("/", 1)[1]
    code = site.do(lambda: personal_code_of(site, int(meeting_id)))
    coaches_pages = ("", "/wall", "/scan", f"/person/{code}", "?find=an")
    found = {more: measure(page, f"{path}{more}") for more in coaches_pages}
    found |= {other: measure(page, other) for other in (f"/training/{slug}/roster", f"/training/{slug}", "/here")}
    seated = open_page(f"/training/{slug}", person="ada@people.example", width=360, theme=theme, language=language)
    found["own"] = measure(seated, f"/training/{slug}")
    assert {name: wrong for name, wrong in found.items() if wrong != ([], 0)} == {}


def tap_first(page: Page) -> None:
    page.locator(".attendance-states button").nth(0).click()
    page.locator(".attendance-states button").nth(5).click()
    page.locator(".attendance-states button").nth(11).click()
    page.wait_for_timeout(300)


def personal_code_of(site: Site, meeting_id: int) -> str:
    meeting = db.session.get_one(Meeting, meeting_id)
    query = select(Enrolment.id).where(Enrolment.training_id == meeting.training_id)
    place = db.session.execute(query).scalars().first()
    assert place is not None
    return personal_code(site.app.config["SECRET_KEY"], meeting_id, place)


def measure(page: Page, path: str) -> tuple[list[str], int]:
    """What axe has against the page, and by how much it is wider than the screen."""
    page.goto(path)
    results = Axe().run(page).response["violations"]
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{each['id']}: {node['html'][:120]}" for each in results for node in each["nodes"]], max(wide, 0)


def test_the_code_on_the_wall_changes_and_leads_to_the_tick(open_page: Open, site: Site, coach: str, path: str) -> None:
    wall = open_page(f"{path}/wall", person=coach)
    code = wall.locator(".wall-text").inner_text().replace("-", "")
    phone = open_page(f"/here/{code}", person="cem@people.example", width=360)
    phone.get_by_role("button", name="Yes, I am there").click()
    expect(phone.locator("main")).to_contain_text("You were there")
    assert known(site, path) == {"Cem": "present"}
    expect(wall.locator(".wall-text")).not_to_have_text(f"{code[:4]}-{code[4:]}", timeout=35_000)
    expect(wall.locator(".wall-words")).to_contain_text("1 is there")
    wall.context.set_offline(True)
    expect(wall.locator("[data-wall-old]")).to_be_visible(timeout=35_000)
    expect(wall.locator("[data-wall-code]")).to_be_hidden()
    wall.context.set_offline(False)
    expect(wall.locator("[data-wall-code]")).to_be_visible(timeout=10_000)


# Chromium on Linux cannot read codes by itself; this stands in for it, and for the camera.
SEES = """(address) => {
  window.BarcodeDetector = class { detect() { return Promise.resolve([{ rawValue: address }]); } };
  navigator.mediaDevices.getUserMedia = () => Promise.resolve(document.createElement("canvas").captureStream());
}"""


def test_a_coach_reads_a_personal_code_with_the_camera(open_page: Open, site: Site, coach: str, path: str) -> None:
    slug = path.split("/")[2]
    own = open_page(f"/training/{slug}", person="bo@people.example", width=360)
    code = own.locator(".own-text").inner_text().replace("-", "")
    page = open_page(path, person=coach, width=360)
    page.add_init_script(f"({SEES})('{site.url}{path}/person/{code}')")
    page.goto(f"{path}/scan")
    page.get_by_role("button", name="Use the camera").click()
    expect(page.locator(".scan-said")).to_have_text("Bo Li is there.")
    assert (known(site, path), entries(site, path)) == ({"Bo": "present"}, 1)
