"""The page of a team's standing: who sees it, that its pictures and tables say the same, and what it never tells."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Team, User
from app.accounts.rules import Role
from app.capabilities.models import Framework
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import NotFoundError
from app.maturity.models import Assessment, Target
from app.maturity.policy import can_see_standing
from app.maturity.rules import State
from app.maturity.standing.asking import ask_for
from app.web.stored import MAX_BYTES, Store
from tests.factories.assessed import CAPABILITIES, LATELY, make_assessed
from tests.factories.frameworks import make_framework
from tests.factories.maturity import make_snapshot
from tests.factories.people import make_team, make_user

LogIn = Callable[[User], FlaskClient]
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def framework(app: Flask) -> Framework:
    return make_framework()


@pytest.fixture
def lin(app: Flask) -> User:
    return make_user("Lin Yue")


def html_of(browser: FlaskClient, team: Team, query: str = "") -> str:
    answer = browser.get(f"/maturity/teams/{team.slug}{query}")
    assert answer.status_code == 200, answer.status
    return answer.get_data(as_text=True)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def table_of(html: str, name: str) -> list[list[str]]:
    """The rows of the table called so, as text."""
    found = re.search(rf'<table[^>]*id="{name}".*?</table>', html, re.DOTALL)
    assert found, name
    rows = re.findall(r"<tr.*?</tr>", found[0], re.DOTALL)
    return [[text_of(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)] for row in rows]


def target(team: Team, framework: Framework, capability: str, level: int) -> None:
    with transaction() as session:
        session.add(
            Target(team_id=team.id, framework_id=framework.id, capability=capability, level=level, set_at=utc_now())
        )


def others(framework: Framework, *scores: int) -> list[Team]:
    return [make_assessed(framework, f"Other {place}", *[score] * 3) for place, score in enumerate(scores)]


def test_before_the_first_assessment_the_page_leads_to_it(framework: Framework, lin: User, log_in: LogIn) -> None:
    team = make_team("Payments", lin)
    html = html_of(log_in(lin), team)
    assert "Nobody has assessed this team yet" in html
    assert 'href="/maturity/#start">Start the first assessment' in html
    leader = html_of(log_in(make_user("Lea", Role.LEADER)), team)
    assert "Its people can start the first assessment" in leader
    assert "Start the first assessment" not in leader


def test_while_the_first_assessment_runs_the_page_leads_its_people_there(
    framework: Framework, lin: User, log_in: LogIn
) -> None:
    team, browser = make_assessed(framework, "Payments", 1, 2, 3, people=(lin,)), log_in(lin)
    assert "In hand" not in html_of(browser, team)
    with transaction() as session:
        first = session.query(Assessment).one()
        running = Assessment(
            team_id=team.id, framework_id=framework.id, version_id=first.version_id, title="Second half",
            state=State.ANSWERING, state_since=LATELY, started_at=LATELY,
        )  # fmt: skip
        session.add(running)
        session.flush()
        number = running.id
    assert f'<a href="/maturity/assessments/{number}">Second half</a>' in html_of(browser, team)
    assert "Second half" not in html_of(log_in(make_user("Lea", Role.LEADER)), team)


@pytest.mark.both_databases
def test_who_asks_in_one_query_is_who_may_see(app: Flask, framework: Framework) -> None:
    people = [make_user("In it"), make_user("Nobody"), *(make_user(role, role) for role in Role)]
    for is_benchmark in (False, True):
        team = make_assessed(framework, f"Team {is_benchmark}", 1, 2, 3, people=(people[0],), is_benchmark=is_benchmark)
        for person in people:
            try:
                asked = ask_for(team.slug, person)
            except NotFoundError:
                assert not can_see_standing(person, team)
            else:
                assert can_see_standing(person, team)
                assert asked.is_own == (person is people[0])


def test_for_everybody_else_there_is_no_such_page(
    framework: Framework, lin: User, log_in: LogIn, client: FlaskClient
) -> None:
    team = make_assessed(framework, "Payments", 1, 2, 3, people=(lin,))
    stranger = log_in(make_user("Sam Stranger"))
    for ending in ("", ".csv", ".xlsx", ".pdf"):
        assert stranger.get(f"/maturity/teams/{team.slug}{ending}").status_code == 404
        assert client.get(f"/maturity/teams/{team.slug}{ending}").status_code == 303
        assert stranger.get(f"/maturity/teams/no-such-team{ending}").status_code == 404


def test_picture_and_table_say_the_same(framework: Framework, lin: User, log_in: LogIn) -> None:
    team = make_assessed(framework, "Payments", 2, 3, 4, people=(lin,), taken_at=LATELY - timedelta(days=200))
    make_snapshot(team, framework, dict(zip(CAPABILITIES, (3, 3, 4), strict=True)), taken_at=LATELY)
    target(team, framework, "version-control", 5)
    target(team, framework, "test-automation", 3)
    others(framework, 1, 2, 3, 4, 5)
    html = html_of(log_in(lin), team)
    assert table_of(html, "areas")[1:] == [
        ["Configuration management", "3.0", "2.5", "4.0"],
        ["Test management", "4.0", "4.0", "4.0"],
    ]
    assert [row[:4] for row in table_of(html, "distance-table")[1:]] == [
        ["Version control", "3", "5", "2"],
        ["Test automation", "4", "3", "reached"],
    ]
    assert table_of(html, "bands-table")[1:] == [
        ["All areas", "3.5", "2.0", "3.0", "4.0", "above the middle"],
        ["Configuration management", "3.0", "2.0", "3.0", "4.0", "above the middle"],
        ["Test management", "4.0", "2.0", "3.0", "4.0", "highest quarter"],
    ]
    assert [row[1:] for row in table_of(html, "course-table")[1:]] == [
        ["3.3", "2", "2.5", "4.0"],
        ["3.5", "3", "3.0", "4.0"],
    ]
    # From level 1 at 3 percent to level 5 at 97: a level is 23.5 percent wide.
    bands = re.search(r'aria-labelledby="bands-title.*?</svg>', html, re.DOTALL)
    assert bands
    dots = [float(x) for x in re.findall(r'class="track-dot" cx="([\d.]+)%"', bands[0])]
    assert [round((x - 3) / 23.5 + 1, 1) for x in dots] == [3.5, 3.0, 4.0]
    middles = [float(x) for x in re.findall(r'class="track-middle" x1="([\d.]+)%"', bands[0])]
    assert [round((x - 3) / 23.5 + 1, 1) for x in middles] == [3.0, 3.0, 3.0]


def test_the_sheet_says_what_the_page_says(framework: Framework, lin: User, log_in: LogIn) -> None:
    team = make_assessed(framework, "Payments", 2, None, 4, people=(lin,))
    target(team, framework, "version-control", 3)
    answer = log_in(lin).get(f"/maturity/teams/{team.slug}.csv")
    rows = list(csv.reader(StringIO(answer.get_data().decode("utf-8-sig"))))
    assert rows[1:4] == [
        ["Configuration management", "2.0", "", "3.0", "", "", ""],
        ["Test management", "4.0", "", "", "", "", ""],
        ["All areas", "3.0", "", "3.5", "", "", ""],
    ]
    assert rows[6:9] == [
        ["Configuration management", "Version control", "2", "", "3", "", "1"],
        ["Configuration management", "Change management", "", "", "", "", ""],
        ["Test management", "Test automation", "4", "", "", "", ""],
    ]
    assert rows[11] == ["2026-10-01", "2026, first half", "3.0", "2", "2.0", "4.0"]


@pytest.mark.both_databases
def test_bands_need_five_others_that_the_reader_does_not_know(framework: Framework, lin: User, log_in: LogIn) -> None:
    team, browser = make_assessed(framework, "Payments", 3, 3, 3, people=(lin,)), log_in(lin)
    others(framework, 1, 2, 4)
    make_assessed(framework, "Also mine", 5, 5, 5, people=(lin,))
    make_assessed(framework, "Benchmark", 5, 5, 5, is_benchmark=True)
    make_assessed(framework, "Long ago", 5, 5, 5, taken_at=LATELY - timedelta(days=400))
    make_assessed(framework, "The fourth", 5, 5, 5)
    path = f"/maturity/teams/{team.slug}"
    assert "Fewer than five other teams were assessed" in html_of(browser, team)
    assert "bands-table" not in html_of(browser, team)
    assert browser.get(f"{path}.csv").get_data(as_text=True).splitlines()[3] == "All areas,3.0,,,,,"
    make_assessed(framework, "The fifth", 5, 5, 5)
    assert table_of(html_of(browser, team), "bands-table")[1] == [
        "All areas",
        "3.0",
        "3.0",
        "5.0",
        "5.0",
        "below the middle",
    ]
    assert browser.get(f"{path}.csv").get_data(as_text=True).splitlines()[3] == "All areas,3.0,,,3.0,5.0,5.0"


def test_an_area_that_applies_to_few_others_has_no_band(framework: Framework, lin: User, log_in: LogIn) -> None:
    team = make_assessed(framework, "Payments", 3, 3, 3, people=(lin,))
    others(framework, 1, 2, 4, 5)
    make_assessed(framework, "Without tests", 3, 3, None)
    assert table_of(html_of(log_in(lin), team), "bands-table")[1:] == [
        ["All areas", "3.0", "2.0", "3.0", "4.0", "above the middle"],
        ["Configuration management", "3.0", "2.0", "3.0", "4.0", "above the middle"],
        ["Test management", "3.0", "fewer than five other teams"],
    ]


def test_no_other_team_is_named(framework: Framework, lin: User, log_in: LogIn) -> None:
    team = make_assessed(framework, "Payments", 3, 3, 3, people=(lin,))
    others(framework, 1, 2, 3, 4, 5, 5)
    browser = log_in(lin)
    for ending in ("", ".csv"):
        assert "Other 1" not in browser.get(f"/maturity/teams/{team.slug}{ending}").get_data(as_text=True)


def test_a_page_that_is_kept_shows_what_is_new(framework: Framework, lin: User, log_in: LogIn) -> None:
    team, browser = make_assessed(framework, "Payments", 2, 2, 2, people=(lin,)), log_in(lin)
    assert "No target is set" in html_of(browser, team)
    target(team, framework, "version-control", 3)
    assert "No target is set" not in html_of(browser, team)
    make_snapshot(team, framework, dict(zip(CAPABILITIES, (5, 5, 5), strict=True)), taken_at=utc_now())
    assert "Every capability is at the highest level" in html_of(browser, team)


def test_what_is_missing_for_the_next_level_is_named(framework: Framework, lin: User, log_in: LogIn) -> None:
    team = make_assessed(framework, "Payments", 2, 4, None, people=(lin,))
    text = text_of(html_of(log_in(lin), team))
    assert "here 2. For level 3 one capability of 2 is missing: Version control" in text


def test_a_framework_is_chosen_in_the_address(framework: Framework, lin: User, log_in: LogIn) -> None:
    team = make_assessed(framework, "Payments", 2, 4, 3, people=(lin,))
    assert "score 3.0" in html_of(log_in(lin), team, "?framework=continuous-delivery")
    assert log_in(lin).get(f"/maturity/teams/{team.slug}?framework=no-such").status_code == 404


def test_odd_names_do_not_break_it(framework: Framework, lin: User, log_in: LogIn) -> None:
    team = make_assessed(
        framework, "<b>“支付”</b> & \u202eco\u0007 =1+1", 2, 4, 3, people=(lin,), department="=cmd|' /C calc'!A0"
    )
    browser = log_in(lin)
    assert "&lt;b&gt;“支付”" in html_of(browser, team)
    assert browser.get(f"/maturity/teams/{team.slug}.xlsx").status_code == 200


def test_the_number_of_queries_does_not_grow(
    app: Flask, framework: Framework, lin: User, log_in: LogIn, count_queries: list[str]
) -> None:
    team, browser = make_assessed(framework, "Payments", 2, 2, 2, people=(lin,)), log_in(lin)

    def queries(snapshots: int, teams: int) -> int:
        for number in range(snapshots):
            make_snapshot(team, framework, dict.fromkeys(CAPABILITIES, 3), taken_at=LATELY - timedelta(days=number + 1))
        for number in range(teams):
            make_assessed(framework, f"Team {snapshots} {number}", 3, 3, 3)
        app.extensions["store"] = Store(MAX_BYTES)
        count_queries.clear()
        html_of(browser, team)
        return len(count_queries)

    few = queries(5, 1)
    assert queries(54, 30) == few
    path = f"/maturity/teams/{team.slug}"
    count_queries.clear()
    assert browser.get(path).status_code == 200
    # The beginning of it all, who reads, this team, in which teams the reader is, what is in hand, the revision, and notices.
    assert len(count_queries) == 7
