"""The coach's pages, without script."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Membership, Team, User
from app.accounts.rules import Role
from app.kernel.db import db, transaction
from app.maturity.models import Assessment, Finding, FindingWord, Snapshot
from app.maturity.rules import State, Verdict
from tests.factories.assessments import submitted
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.factories.verifying import agree_to_rest, answer_of, confirm, judge, take_on

LogIn = Callable[[User], FlaskClient]


@pytest.fixture
def lin(app: Flask) -> User:
    return make_user("Lin Yue")


@pytest.fixture
def ada(app: Flask) -> User:
    return make_user("Ada Coach", Role.COACH)


@pytest.fixture
def ben(app: Flask) -> User:
    return make_user("Ben Coach", Role.COACH)


@pytest.fixture
def team(lin: User) -> Team:
    return make_team("Payments", lead=lin)


@pytest.fixture
def waiting(team: Team, lin: User) -> int:
    return submitted(team, make_framework(), lin)


@pytest.fixture
def path(waiting: int) -> str:
    return f"/maturity/assessments/{waiting}/verification"


def fields(assessment_id: int, **verdicts: tuple[str, str, str]) -> dict[str, str]:
    """What a form of the page sends: (verdict, level, text) by the slug with _ for -."""
    sent: dict[str, str] = {}
    for name, (verdict, level, words) in verdicts.items():
        slug = name.replace("_", "-")
        sent |= {f"verdict.{slug}": verdict, f"level.{slug}": level, f"text.{slug}": words}
        sent[f"base.{slug}"] = str(answer_of(assessment_id, slug).revision)
    return sent


def test_coaches_see_what_waits_and_members_do_not(waiting: int, lin: User, ada: User, log_in: LogIn) -> None:
    page = log_in(ada).get("/maturity/to-verify")
    assert page.status_code == 200
    assert f"/maturity/assessments/{waiting}/verification" in page.text
    assert log_in(lin).get("/maturity/to-verify").status_code == 403
    assert log_in(make_user("Otto")).get("/maturity/to-verify").status_code == 403


def test_who_sees_the_verification(path: str, team: Team, lin: User, ada: User, ben: User, log_in: LogIn) -> None:
    assert log_in(ada).get(path).status_code == 200
    assert log_in(lin).get(path).status_code == 403
    assert log_in(make_user("Otto")).get(path).status_code == 404
    assert log_in(ada).post(path).status_code == 303
    assert log_in(ada).get(path).status_code == 200
    assert log_in(ben).get(path).status_code == 404
    with transaction() as session:
        session.add(Membership(team_id=team.id, user_id=ada.id))
    assert log_in(ada).get(path).status_code == 403


def test_of_two_coaches_one_gets_it(path: str, ada: User, ben: User, log_in: LogIn) -> None:
    assert log_in(ada).post(path).location == path
    late = log_in(ben)
    assert late.post(path).location == "/maturity/to-verify"
    assert "Another coach has taken it on" in late.get("/maturity/to-verify").text


def test_before_it_is_taken_on_there_is_nothing_to_fill_in(path: str, ada: User, log_in: LogIn) -> None:
    page = log_in(ada).get(path).text
    assert "Version control at level 2" in page
    assert "Version control at level 3" in page
    assert "<fieldset" not in page


def test_all_findings_are_sent_at_once(waiting: int, path: str, ada: User, log_in: LogIn) -> None:
    take_on(waiting, ada)
    sent = fields(
        waiting,
        version_control=("differ", "1", "Branches."),
        change_management=("agree", "", ""),
        test_automation=("ask", "", "Which tests?"),
    )
    answer = log_in(ada).post(f"/maturity/assessments/{waiting}/findings", data={**sent, "then": ""})
    assert (answer.status_code, answer.location) == (303, path)
    found = db.session.execute(select(Finding.verdict, Finding.level).order_by(Finding.id)).all()
    assert found == [("differ", 1), ("agree", None), ("ask", None)]


def test_what_is_incomplete_comes_back_with_everything_that_was_typed(waiting: int, ada: User, log_in: LogIn) -> None:
    take_on(waiting, ada)
    sent = fields(
        waiting, version_control=("differ", "", "My long reason"), change_management=("agree", "", "Well done")
    )
    page = log_in(ada).post(f"/maturity/assessments/{waiting}/findings", data={**sent, "then": "confirm"})
    assert page.status_code == 422
    assert "Choose the level at which you see the team." in page.text
    assert "My long reason" in page.text
    assert db.session.execute(select(FindingWord.text)).scalars().all() == ["Well done"]
    assert db.session.get_one(Assessment, waiting).state == State.VERIFYING


def test_the_script_gets_the_state_of_what_it_has_sent(waiting: int, ada: User, log_in: LogIn) -> None:
    take_on(waiting, ada)
    browser, url = log_in(ada), f"/maturity/assessments/{waiting}/findings"
    sent = fields(waiting, version_control=("agree", "", ""), test_automation=("differ", "1", "Same as yours"))
    answer = browser.post(url, data=sent, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json is not None
    assert answer.json["errors"] == {
        "test-automation": {"level": "That is what the team says, too. Agree, or choose another level."}
    }
    assert "You agree" in answer.json["standing"]["version-control"]
    assert re.search(r"<strong>1</strong>\s+of 3 looked at", answer.json["tally"])


def test_agreeing_to_the_rest_and_confirming_leads_to_the_snapshot(waiting: int, ada: User, log_in: LogIn) -> None:
    take_on(waiting, ada)
    browser, url = log_in(ada), f"/maturity/assessments/{waiting}/findings"
    sent = fields(waiting, version_control=("differ", "3", "More than you think."))
    assert browser.post(url, data={**sent, "then": "agree"}).status_code == 303
    answer = browser.post(url, data={"then": "confirm"})
    snapshot = db.session.execute(select(Snapshot)).scalar_one()
    assert answer.location == f"/maturity/snapshots/{snapshot.id}"
    assert "More than you think." in browser.get(answer.location).text


def test_confirming_too_early_says_what_is_left(waiting: int, ada: User, log_in: LogIn) -> None:
    take_on(waiting, ada)
    page = log_in(ada).post(f"/maturity/assessments/{waiting}/findings", data={"then": "confirm", "comment": "Thanks"})
    assert page.status_code == 409
    assert "look at every answer" in page.text
    assert "Thanks" in page.text


def test_returning_leads_back_to_the_list(waiting: int, ada: User, log_in: LogIn) -> None:
    take_on(waiting, ada)
    judge(waiting, "version-control", Verdict.ASK, ada, "Show me.")
    browser = log_in(ada)
    answer = browser.post(f"/maturity/assessments/{waiting}/findings", data={"then": "return"})
    assert answer.location == "/maturity/to-verify"
    assert "With the team" in browser.get("/maturity/to-verify").text


def test_handing_back_is_for_the_coach_who_has_it(waiting: int, lin: User, ada: User, ben: User, log_in: LogIn) -> None:
    take_on(waiting, ada)
    url = f"/maturity/assessments/{waiting}/hand-back"
    assert log_in(lin).post(url).status_code == 403
    assert log_in(ben).post(url).status_code == 404
    assert log_in(ada).post(url, data={"comment": "Ill"}).status_code == 303
    assert db.session.get_one(Assessment, waiting).state == State.SUBMITTED


def test_when_it_is_final_the_page_leads_to_the_snapshot(waiting: int, path: str, ada: User, log_in: LogIn) -> None:
    take_on(waiting, ada)
    agree_to_rest(waiting, ada)
    snapshot_id = confirm(waiting, ada)
    page = log_in(ada).get(path).text
    assert f"/maturity/snapshots/{snapshot_id}" in page
    assert "<fieldset" not in page


def test_nobody_finds_anything_without_having_it_in_hand(waiting: int, lin: User, ada: User, log_in: LogIn) -> None:
    sent = fields(waiting, version_control=("agree", "", ""))
    url = f"/maturity/assessments/{waiting}/findings"
    assert log_in(ada).post(url, data=sent).status_code == 409
    assert log_in(lin).post(url, data=sent).status_code == 403
    assert db.session.execute(select(Finding)).scalars().all() == []
