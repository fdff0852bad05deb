"""The page of a snapshot, and of two of them beside each other."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.accounts.models import Team, User
from app.accounts.rules import Role
from app.capabilities.models import Framework, FrameworkVersion
from app.kernel.db import db, transaction
from app.maturity.assessing.rules import Said
from app.maturity.models import Snapshot
from app.maturity.policy import can_see_standing
from app.maturity.rules import Step, Verdict
from app.maturity.snapshots.queries import visible_to
from tests.factories.assessments import NOW, begin, say, step, submitted
from tests.factories.frameworks import make_framework
from tests.factories.maturity import make_snapshot
from tests.factories.people import make_team, make_user
from tests.factories.verifying import agree_to_rest, confirm, judge, take_on

LogIn = Callable[[User], FlaskClient]
LATER = NOW + timedelta(days=180)


@pytest.fixture
def lin(app: Flask) -> User:
    return make_user("Lin Yue")


@pytest.fixture
def ada(app: Flask) -> User:
    return make_user("Ada Coach", Role.COACH)


@pytest.fixture
def team(lin: User) -> Team:
    return make_team("Payments", lead=lin)


@pytest.fixture
def framework(app: Flask) -> Framework:
    return make_framework()


@pytest.fixture
def first(team: Team, framework: Framework, lin: User, ada: User) -> int:
    """The coach sees version control at 1, where the team said 2."""
    assessment_id = submitted(team, framework, lin)
    take_on(assessment_id, ada)
    judge(assessment_id, "version-control", Verdict.DIFFER, ada, "Branches live for months.", level=1)
    agree_to_rest(assessment_id, ada)
    return confirm(assessment_id, ada)


@pytest.fixture
def second(first: int, team: Team, framework: Framework) -> int:
    levels = {"version-control": 3, "change-management": 3, "test-automation": 1}
    return make_snapshot(team, framework, levels, taken_at=LATER, title="2027, first half").id


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_page_explains_the_score(first: int, lin: User, log_in: LogIn) -> None:
    page = words(log_in(lin).get(f"/maturity/snapshots/{first}").text)
    assert "Score 1.5 of 5" in page
    assert "Version control 2 1 1 50% 25% 0.25" in page
    assert "Configuration management 2.0 1 50% 1.00" in page
    assert "Test automation 1 1 1 100% 50% 0.50" in page
    assert "All together 1.5 100% 1.50" in page
    assert "Level 2 is reached when everything is there. 2 capabilities were not yet:" in page
    assert "Missing for level 2: Version control at level 2" in page
    assert "The team had first said level 2." in page
    assert "Unchanged since it was taken" in page


def test_a_change_past_guildhall_shows(first: int, lin: User, log_in: LogIn) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER snapshot_is_kept"))
        connection.execute(text("UPDATE snapshot SET content = replace(content, '\"level\": 1', '\"level\": 5')"))
    assert "This is not what was agreed" in log_in(lin).get(f"/maturity/snapshots/{first}").text


def test_who_sees_a_snapshot(app: Flask, first: int, team: Team, lin: User, ada: User, log_in: LogIn) -> None:
    people = {
        "team": lin,
        "coach": ada,
        "leader": make_user("Lea", Role.LEADER),
        "administrator": make_user("Adam", Role.ADMINISTRATOR),
        "member": make_user("Otto"),
        "editor": make_user("Edda", Role.EDITOR),
    }

    def seen() -> dict[str, int]:
        return {name: log_in(who).get(f"/maturity/snapshots/{first}").status_code for name, who in people.items()}

    assert seen() == {
        "team": 200, "coach": 200, "leader": 200, "administrator": 200, "member": 404, "editor": 404
    }  # fmt: skip
    with transaction() as session:
        session.get_one(Team, team.id).is_benchmark = True
    assert set(seen().values()) == {200}
    assert app.test_client().get(f"/maturity/snapshots/{first}").status_code == 303


@pytest.mark.both_databases
def test_the_rule_in_sql_and_in_python_are_one(team: Team, framework: Framework, lin: User) -> None:
    benchmark = make_team("Leading")
    with transaction() as session:
        session.get_one(Team, benchmark.id).is_benchmark = True
    for each in (team, benchmark, make_team("Loans")):
        make_snapshot(each, framework, {"version-control": 2})
    everything = db.session.execute(visible_to(make_user("Ada", Role.COACH))).scalars().all()
    for person in (lin, make_user("Otto"), make_user("Lea", Role.LEADER), make_user("Edda", Role.EDITOR)):
        seen = db.session.execute(visible_to(person)).scalars().all()
        assert set(seen) == {each for each in everything if can_see_standing(person, each.team)}
    assert db.session.execute(visible_to(None)).scalars().all() == []


def test_words_are_for_the_team_and_for_coaches(first: int, team: Team, lin: User, ada: User, log_in: LogIn) -> None:
    with transaction() as session:
        session.get_one(Team, team.id).is_benchmark = True
    people = (lin, ada, make_user("Otto"), make_user("Lea", Role.LEADER))
    pages = [log_in(who).get(f"/maturity/snapshots/{first}").text for who in people]
    assert ["Branches live for months." in page for page in pages] == [True, True, False, False]


def test_two_snapshots_beside_each_other(first: int, second: int, lin: User, log_in: LogIn) -> None:
    page = words(log_in(lin).get(f"/maturity/compare?a={first}&b={second}").text)
    assert "Version control 1 3 up by 2" in page
    assert "Change management 3 3 unchanged" in page
    assert "Configuration management 2.0 3.0 up by 1.0" in page
    assert "All together 1.5 2.0 up by 0.5" in page
    swapped = words(log_in(lin).get(f"/maturity/compare?a={second}&b={first}").text)
    assert "Version control 3 1 down by 2" in swapped


def test_one_snapshot_is_compared_with_the_other_of_the_team(first: int, second: int, lin: User, log_in: LogIn) -> None:
    for one in (first, second):
        assert "Version control 1 3 up by 2" in words(log_in(lin).get(f"/maturity/compare?a={one}").text)


def test_a_single_snapshot_says_what_is_missing(first: int, lin: User, log_in: LogIn) -> None:
    page = log_in(lin).get(f"/maturity/compare?a={first}")
    assert page.status_code == 200
    assert "There is no second snapshot" in page.text


def test_without_any_there_is_the_way_to_one(lin: User, log_in: LogIn) -> None:
    assert "Nothing to compare yet" in log_in(lin).get("/maturity/compare").text


def test_pages_lead_to_the_comparison(second: int, team: Team, lin: User, log_in: LogIn) -> None:
    assert 'href="/maturity/compare"' in log_in(lin).get("/maturity/").text
    assert f'href="/maturity/compare?a={second}"' in log_in(lin).get(f"/maturity/teams/{team.slug}").text
    leader = log_in(make_user("Lea Leader", Role.LEADER))
    assert 'href="/maturity/compare"' in leader.get("/maturity/company/heatmap").text


def test_what_may_not_be_seen_cannot_be_compared(
    first: int, framework: Framework, lin: User, ada: User, log_in: LogIn
) -> None:
    loans = make_team("Loans")
    other = make_snapshot(loans, framework, {"version-control": 4}).id
    assert log_in(lin).get(f"/maturity/compare?a={first}&b={other}").status_code == 404
    assert log_in(lin).get(f"/maturity/compare?a={other}&b={first}").status_code == 404
    assert log_in(lin).get(f"/maturity/compare?a={first}&team={loans.slug}").status_code == 404
    assert "Loans" not in log_in(lin).get(f"/maturity/compare?a={first}").text
    assert "Version control 1 4 up by 3" in words(log_in(ada).get(f"/maturity/compare?a={first}&b={other}").text)
    assert "Version control 1 4 up by 3" in words(
        log_in(ada).get(f"/maturity/compare?a={first}&team={loans.slug}").text
    )


def test_across_versions_what_has_changed_is_marked(
    first: int, team: Team, framework: Framework, lin: User, log_in: LogIn
) -> None:
    with transaction() as session:
        old = session.get_one(FrameworkVersion, db.session.get_one(Snapshot, first).version_id)
        content = deepcopy(old.content)
        both = content["areas"][0]["capabilities"]
        both[0] |= {"slug": "versions", "name": {"en": "Versions of everything"}, "was": ["version-control"]}
        both[1]["levels"]["3"] = {"en": "Every change is small"}
        both.append({**both[1], "slug": "releases", "name": {"en": "Releases"}})
        content["areas"][1]["capabilities"] = []
        session.add(FrameworkVersion(framework_id=framework.id, number=2, label="2", content=content, at=LATER))
    levels = {"versions": 3, "change-management": 4, "releases": 2}
    newer = make_snapshot(team, framework, levels, taken_at=LATER).id
    page = words(log_in(lin).get(f"/maturity/compare?a={first}&b={newer}").text)
    assert "Versions of everything before: Version control renamed 1 3 up by 2" in page
    assert "Change management levels read otherwise 3 4 up by 1" in page
    assert "Releases new in this version – 2 –" in page
    assert "Test automation no longer asked 1 – –" in page
    assert "from version 1 to 2" in page
    back = words(log_in(lin).get(f"/maturity/compare?a={newer}&b={first}").text)
    assert "Version control before: Versions of everything renamed 3 1 down by 2" in back


def test_two_frameworks_are_not_compared(
    first: int, team: Team, framework: Framework, lin: User, log_in: LogIn
) -> None:
    with transaction() as session:
        other = Framework(
            slug="other",
            position=1,
            version="1",
            number=1,
            name=framework.name,
            summary=framework.summary,
            notice=framework.notice,
            source=framework.source,
        )
        session.add(other)
        session.flush()
        content = session.get_one(FrameworkVersion, db.session.get_one(Snapshot, first).version_id).content
        session.add(FrameworkVersion(framework_id=other.id, number=1, label="1", content=content, at=NOW))
    second = make_snapshot(team, other, {"version-control": 4}).id
    page = log_in(lin).get(f"/maturity/compare?a={first}&b={second}")
    assert page.status_code == 200
    assert "against different frameworks" in page.text


@pytest.mark.parametrize("query", ["a=x", "a=-1", "a=99999999999999999999", "b=1"])
def test_nonsense_begins_anew(lin: User, log_in: LogIn, query: str) -> None:
    assert log_in(lin).get(f"/maturity/compare?{query}").status_code == 200


def test_nothing_applied(team: Team, framework: Framework, lin: User, ada: User, log_in: LogIn) -> None:
    assessment_id = begin(team, framework, lin)
    for slug in ("version-control", "change-management", "test-automation"):
        say(assessment_id, slug, Said(None, is_not_applicable=True, reason="We only buy"), lin)
    step(assessment_id, Step.SUBMIT, lin)
    take_on(assessment_id, ada)
    agree_to_rest(assessment_id, ada)
    page = log_in(lin).get(f"/maturity/snapshots/{confirm(assessment_id, ada)}")
    assert page.status_code == 200
    assert "Nothing counted" in page.text
