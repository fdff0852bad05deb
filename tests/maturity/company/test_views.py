"""The company from above: for every member without a single team in it, and team by team for whoever may see all."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Team, User
from app.accounts.rules import Role
from app.capabilities.documents import as_document
from app.capabilities.models import Framework, FrameworkVersion
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.web.stored import MAX_BYTES, Store
from tests.factories.assessed import LATELY, make_assessed
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.factories.standings import make_company
from tests.maturity.standing.test_views import table_of, text_of

LogIn = Callable[[User], FlaskClient]
pytestmark = pytest.mark.usefixtures("clock")
SHEETS = ("/maturity/company", "/maturity/company.csv", "/maturity/company.xlsx")
MAPS = ("/maturity/company/heatmap", "/maturity/company/heatmap.csv", "/maturity/company/heatmap.xlsx")


@pytest.fixture
def framework(app: Flask) -> Framework:
    return make_framework()


@pytest.fixture
def member(framework: Framework, log_in: LogIn) -> FlaskClient:
    return log_in(make_user("Mei Member"))


@pytest.fixture
def leader(framework: Framework, log_in: LogIn) -> FlaskClient:
    return log_in(make_user("Lea Leader", Role.LEADER))


def teams(framework: Framework, department: str, *levels: int) -> list[Team]:
    return [
        make_assessed(framework, f"{department} team {place}", *[level] * 3, department=department)
        for place, level in enumerate(levels)
    ]


def body(browser: FlaskClient, path: str) -> str:
    """Everything that an answer says, be it a workbook."""
    answer = browser.get(path)
    assert answer.status_code == 200, path
    if not path.partition("?")[0].endswith(".xlsx"):
        return answer.get_data(as_text=True)
    with ZipFile(BytesIO(answer.data)) as book:
        return "\n".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


def rows_of(browser: FlaskClient, path: str) -> list[list[str]]:
    return list(csv.reader(StringIO(browser.get(path).get_data().decode("utf-8-sig"))))


def test_visitors_see_none_of_it_and_members_no_map(member: FlaskClient, client: FlaskClient) -> None:
    for path in (*SHEETS, *MAPS):
        assert client.get(path).status_code == 303
    for path in MAPS:
        assert member.get(path).status_code == 403


@pytest.mark.both_databases
def test_of_four_teams_no_number_is_told(framework: Framework, member: FlaskClient, leader: FlaskClient) -> None:
    teams(framework, "Retail", 1, 2, 3, 4)
    for browser in (member, leader):
        assert "Fewer than five teams so far" in body(browser, "/maturity/company")
        assert "departments-table" not in body(browser, "/maturity/company")
        numbers = [
            cell for row in rows_of(browser, "/maturity/company.csv")[1:] for cell in row[1:] if re.search(r"\d", cell)
        ]
        # That there are four teams is no secret; how many of them were assessed is.
        assert numbers == ["4"]


def test_of_five_teams_quartiles_with_the_sample_are_told(framework: Framework, member: FlaskClient) -> None:
    teams(framework, "Retail", 1, 2, 3, 4, 5)
    make_team("Not assessed")
    html = body(member, "/maturity/company")
    assert "5 of 6 teams, assessed in the last 12 months against Continuous delivery." in text_of(html)
    assert table_of(html, "areas-table")[1:] == [
        ["All areas", "2.0", "3.0", "4.0"],
        ["Configuration management", "2.0", "3.0", "4.0"],
        ["Test management", "2.0", "3.0", "4.0"],
    ]
    assert table_of(html, "departments-table")[1:] == [
        ["Retail", "5 of 5", "3.0", "3.0", "3.0"],
        ["Without a department", "not shown"],
        ["All departments", "5 of 6", "3.0", "3.0", "3.0"],
    ]
    bands = re.search(r'aria-labelledby="areas-title.*?</svg>', html, re.DOTALL)
    assert bands
    drawn = re.findall(r'class="track-band" x1="([\d.]+)%" x2="([\d.]+)%"', bands[0])
    assert [[round((float(x) - 3) / 23.5 + 1, 1) for x in pair] for pair in drawn] == [[2.0, 4.0]] * 3


def test_no_team_is_named_to_a_member(framework: Framework, member: FlaskClient) -> None:
    teams(framework, "Retail", 1, 2, 3, 4, 5)
    teams(framework, "Risk", 1, 2, 3, 4, 5)
    for path in SHEETS:
        found = body(member, path)
        assert "team 0" not in found
        assert "retail-team" not in found
        assert "Retail" in found


@pytest.mark.both_databases
def test_small_departments_are_nowhere(framework: Framework, member: FlaskClient) -> None:
    teams(framework, "Retail", *[3] * 8)
    teams(framework, "Risk", *[2] * 6)
    teams(framework, "Data", 5, 5)
    hidden = ["not shown"]
    assert table_of(body(member, "/maturity/company"), "departments-table")[1:] == [
        ["Data", *hidden],
        ["Retail", "8 of 8", "3.0", "3.0", "3.0"],
        ["Risk", *hidden],
        ["All departments", "16 of 16", "3.0", "3.0", "3.0"],
    ]
    rows = rows_of(member, "/maturity/company.csv")
    assert rows[6:9] == [
        ["Data", "2", "not shown", "", "", ""],
        ["Retail", "8", "8", "3.0", "3.0", "3.0"],
        ["Risk", "6", "not shown", "", "", ""],
    ]


def test_what_one_sees_by_name_does_not_make_a_crowd(framework: Framework, member: FlaskClient, log_in: LogIn) -> None:
    lin = make_user("Lin Yue")
    teams(framework, "Retail", 1, 2, 4, 5)
    make_assessed(framework, "Mine", 3, 3, 3, people=(lin,))
    assert "Fewer than five teams so far" in body(log_in(lin), "/maturity/company")
    # To somebody else, mine is as strange as the others.
    assert "5 of 5 teams" in text_of(body(member, "/maturity/company"))


def test_an_area_that_applies_to_few_has_no_number(framework: Framework, member: FlaskClient) -> None:
    for number in range(5):
        make_assessed(framework, f"Team {number}", 3, 3, 3 if number else None)
    html = body(member, "/maturity/company")
    assert table_of(html, "areas-table")[3] == ["Test management", "fewer than five teams"]
    assert table_of(html, "departments-table")[-1] == ["All departments", "5 of 5", "3.0", "3.0", "– none"]
    assert rows_of(member, "/maturity/company.csv")[3] == ["Test management", "", "", ""]


def test_snapshots_of_more_than_a_year_ago_do_not_count(framework: Framework, member: FlaskClient) -> None:
    teams(framework, "Retail", 3, 3, 3, 3)
    make_assessed(framework, "Long ago", 3, 3, 3, taken_at=LATELY - timedelta(days=400))
    assert "Fewer than five teams so far" in body(member, "/maturity/company")


def test_half_years_are_drawn_and_told(framework: Framework, member: FlaskClient) -> None:
    make_company(framework, teams=12, snapshots=3, now=utc_now())
    html = body(member, "/maturity/company")
    assert [row[0] for row in table_of(html, "course-table")[1:]][-1] == "second half of 2026"
    assert "course-title" in html


@pytest.mark.both_databases
def test_the_map_has_every_team_in_order(framework: Framework, leader: FlaskClient) -> None:
    make_assessed(framework, "Alpha", 2, 4, 1)
    make_assessed(framework, "Beta", 3, 3, None, department="Risk")
    make_assessed(framework, "Gamma", 5, 5, 5)

    def names(query: str) -> list[str]:
        return [row[0] for row in rows_of(leader, f"/maturity/company/heatmap.csv{query}")[1:]]

    html = body(leader, "/maturity/company/heatmap")
    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", html)
    cells = [[text_of(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]
    assert cells == [
        ["Alpha", "Retail", "2.0", "1", "3.0", "1.0", "Oct 1, 2026"],
        ["Beta", "Risk", "3.0", "3", "3.0", "–", "Oct 1, 2026"],
        ["Gamma", "Retail", "5.0", "5", "5.0", "5.0", "Oct 1, 2026"],
    ]
    assert names("?sort=score&order=down") == ["Gamma", "Beta", "Alpha"]
    assert names("?sort=.test-management&order=down") == ["Gamma", "Alpha", "Beta"]
    assert names("?sort=.test-management") == ["Alpha", "Gamma", "Beta"]
    assert names("?by=capability&sort=.change-management&order=down") == ["Gamma", "Alpha", "Beta"]
    assert names("?sort=no-such&order=sideways&by=nothing") == ["Alpha", "Beta", "Gamma"]
    assert names("?department=Risk") == ["Beta"]
    assert names("?department=~") == []
    assert "No team here yet" in body(leader, "/maturity/company/heatmap?department=No+such")


@pytest.mark.both_databases
def test_who_was_not_assessed_lately_stands_below_the_map(framework: Framework, leader: FlaskClient) -> None:
    make_assessed(framework, "Alpha", 2, 4, 1)
    assert "None: every team here has a snapshot" in text_of(body(leader, MAPS[0]))
    make_assessed(framework, "Once", 3, 3, 3, department="Risk", taken_at=LATELY - timedelta(days=400))
    make_team("Never")
    html = body(leader, MAPS[0])
    assert table_of(html, "missing-table")[1:] == [["Never", "", "never"], ["Once", "Risk", "Aug 27, 2025"]]
    assert rows_of(leader, MAPS[1])[1:] == [
        ["Alpha", "Retail", "2026-10-01", "2.0", "1", "3.0", "1.0"],
        [],
        ["Not assessed in the last 12 months", "Department", "Last assessed on"],
        ["Never", "", ""],
        ["Once", "Risk", "2025-08-27"],
    ]
    assert "2025-08-27" in body(leader, MAPS[2])
    risk = body(leader, f"{MAPS[0]}?department=Risk")
    assert "No team here yet" in risk
    assert table_of(risk, "missing-table")[1:] == [["Once", "Risk", "Aug 27, 2025"]]


def test_the_tint_of_a_number_is_that_of_what_is_shown(framework: Framework, leader: FlaskClient) -> None:
    make_assessed(framework, "Alpha", 2, 4, 1)
    found = re.findall(r'<td class="heat" data-step="(\d?)">([\d.–]+)<', body(leader, "/maturity/company/heatmap"))
    assert found == [("2", "2.0"), ("3", "3.0"), ("1", "1.0")]


def test_the_map_says_the_middle_of_five_teams_and_of_no_fewer(framework: Framework, leader: FlaskClient) -> None:
    teams(framework, "Retail", 1, 2, 3, 5)
    assert "The middle" not in body(leader, "/maturity/company/heatmap")
    teams(framework, "Risk", 4)
    assert "The middle" in body(leader, "/maturity/company/heatmap")
    assert "The middle" not in body(leader, "/maturity/company/heatmap?department=Risk")


def test_odd_departments_stay_in_their_cells(framework: Framework, leader: FlaskClient, member: FlaskClient) -> None:
    for number in range(5):
        make_assessed(framework, f"=1+{number}", 3, 3, 3, department='=HYPERLINK("http://x") & <b>部门</b>')
    assert "'=HYPERLINK" in body(member, "/maturity/company.csv")
    assert "&lt;b&gt;部门" in body(member, "/maturity/company")
    assert "'=1+0" in body(leader, "/maturity/company/heatmap.csv")
    assert "<f>" not in body(leader, "/maturity/company/heatmap.xlsx")


def test_without_a_framework_there_is_nothing(app: Flask, log_in: LogIn) -> None:
    """And the page that everybody is led to says why, and where to go on."""
    leader = log_in(make_user("Lea", Role.LEADER))
    page = leader.get("/maturity/company")
    assert page.status_code == 200
    assert "There is no framework yet" in page.text
    assert "Look at the frameworks" in page.text
    for path in (*SHEETS[1:], *MAPS):
        assert leader.get(path).status_code == 404


def test_a_page_that_is_kept_follows_a_team_that_is_renamed(framework: Framework, leader: FlaskClient) -> None:
    team = make_assessed(framework, "Alpha", 2, 4, 1)
    assert "Alpha" in body(leader, MAPS[0])
    with transaction() as session:
        session.get_one(Team, team.id).name = "Omega"
    assert "Omega" in body(leader, MAPS[0])


def test_the_number_of_queries_does_not_grow(
    app: Flask, framework: Framework, leader: FlaskClient, count_queries: list[str]
) -> None:
    paths = (*SHEETS, *MAPS, "/maturity/company/heatmap?by=capability")

    def queries() -> dict[str, int]:
        counts = {}
        for path in paths:
            app.extensions["store"] = Store(MAX_BYTES)
            count_queries.clear()
            assert leader.get(path).status_code == 200
            counts[path] = len(count_queries)
        return counts

    make_company(framework, teams=1, snapshots=1, now=utc_now())
    few = queries()
    make_company(framework, teams=30, snapshots=6, now=utc_now(), prefix="Other", seed=2)
    assert queries() == few


def test_what_was_renamed_stays_in_its_column(framework: Framework, leader: FlaskClient) -> None:
    make_assessed(framework, "Alpha", 2, 4, 1)
    with transaction() as session:
        kept = session.get_one(Framework, framework.id)
        content = as_document(kept)
        area = content["areas"][0]
        area |= {"slug": "keeping-track", "was": ["configuration-management"], "name": {"en": "Keeping track"}}
        area["capabilities"][0] |= {"slug": "versions", "was": ["version-control"], "name": {"en": "Versions"}}
        kept.number = 2
        session.add(FrameworkVersion(framework_id=kept.id, number=2, label="2", content=content, at=LATELY))
    assert rows_of(leader, "/maturity/company/heatmap.csv")[:2] == [
        ["Team", "Department", "Assessed on", "Score", "Staged level", "Keeping track", "Test management"],
        ["Alpha", "Retail", "2026-10-01", "2.0", "1", "3.0", "1.0"],
    ]
    by_capability = rows_of(leader, "/maturity/company/heatmap.csv?by=capability")
    assert [row[5] for row in by_capability] == ["Versions", "2"]
