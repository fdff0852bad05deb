"""Where teams stand, in a real browser: every table opened, on a screen and on a phone, in both themes; and what stays in sight."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.accounts.rules import Role
from app.capabilities.models import Framework
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.maturity.models import Target
from tests.browser.conftest import Open, make_person
from tests.browser.measuring import check
from tests.factories.standings import make_company
from tests.site import Site

PAGES = (
    "/maturity/teams/company-0",
    "/maturity/company",
    "/maturity/company/heatmap",
    "/maturity/company/heatmap?by=capability&department=Risk",
)


@pytest.fixture(scope="module")
def leader(site: Site) -> str:
    """Somebody who may see forty teams."""

    def fill() -> None:
        framework = db.session.execute(select(Framework).where(Framework.position == 0)).scalar_one()
        capability = framework.areas[0].capabilities[0].slug
        team_id, *_others = make_company(framework, teams=40, snapshots=3, now=utc_now())
        with transaction() as session:
            target = Target(
                team_id=team_id, framework_id=framework.id, capability=capability, level=5, set_at=utc_now()
            )
            session.add(target)

    site.do(fill)
    return make_person(site, "Lea Leader", Role.LEADER)


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (360, "dark")])
def test_pages_and_their_tables_can_be_read(open_page: Open, leader: str, width: int, theme: str) -> None:
    page = open_page("/", person=leader, width=width, theme=theme)
    for path in PAGES:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        check(page)


def test_the_head_and_the_names_of_the_map_stay_in_sight(open_page: Open, leader: str) -> None:
    page = open_page("/maturity/company/heatmap?by=capability", person=leader, width=360)
    moved = page.locator(".map")
    moved.evaluate("map => map.scrollTo(600, 500)")
    assert moved.evaluate("map => map.scrollLeft") > 0
    for sticky in (".map-table thead th:first-child", ".map-table tfoot th"):
        inside = "(cell, map) => { const a = cell.getBoundingClientRect(), b = map.getBoundingClientRect();"
        inside += (
            " return a.top >= b.top - 1 && a.bottom <= b.bottom + 1 && a.left >= b.left - 1 && a.left < b.left + 5 }"
        )
        assert page.locator(sticky).evaluate(inside, moved.element_handle())


def test_a_column_puts_the_rows_in_order_without_script(open_page: Open, leader: str) -> None:
    page = open_page("/maturity/company/heatmap", person=leader)
    page.get_by_role("link", name="Score", exact=True).click()
    expect(page.locator("th[aria-sort=descending]")).to_have_text("Score")
    scores = [float(text) for text in page.locator(".map-table tbody td:nth-child(3)").all_inner_texts()]
    assert scores == sorted(scores, reverse=True)
    page.get_by_label("Department").select_option("Risk")
    page.get_by_role("button", name="Show").click()
    assert set(page.locator(".map-table tbody td:nth-child(2)").all_inner_texts()) == {"Risk"}
    expect(page.locator("th[aria-sort=descending]")).to_have_text("Score")


def test_what_is_missing_for_the_next_level_opens_its_line(open_page: Open, leader: str) -> None:
    page = open_page("/maturity/teams/company-0", person=leader)
    link = page.locator(".standing-missing a").first
    name = link.inner_text()
    link.click()
    expect(page.locator("tr:target")).to_be_visible()
    expect(page.locator("tr:target th")).to_have_text(name)
