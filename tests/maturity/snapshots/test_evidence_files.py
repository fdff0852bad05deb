"""A file that is evidence is for those who read the answer, or the snapshot it is kept in, and for nobody else."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from app.accounts.models import Membership, Team, User
from app.accounts.rules import Role
from app.kernel.db import transaction
from app.maturity.assessing import service
from app.maturity.models import Answer, Evidence
from app.maturity.queries import get_assessment
from app.media.cleaning import take_away
from app.media.service import list_own
from tests.factories.assessments import NOW, begin, say_all
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.factories.verifying import verified

LogIn = Callable[[User], FlaskClient]
WHAT = b"Branches are short."
pytestmark = [pytest.mark.usefixtures("clock"), pytest.mark.both_databases]


@pytest.fixture
def lin(app: Flask) -> User:
    return make_user("Lin Yue")


@pytest.fixture
def mate(app: Flask) -> User:
    return make_user("Max Mate")


@pytest.fixture
def team(lin: User, mate: User) -> Team:
    return make_team("Payments", mate, lead=lin)


@pytest.fixture
def assessment(team: Team, lin: User) -> int:
    return begin(team, make_framework(), lin)


@pytest.fixture
def address(assessment: int, lin: User, log_in: LogIn) -> str:
    """Where the file is that Lin has put down."""
    say_all(assessment, lin)
    return put_down(log_in(lin), assessment, "our policy.txt")


def put_down(browser: FlaskClient, assessment: int, name: str) -> str:
    answer: Answer = get_assessment(assessment).answers[0]
    sent = browser.post(
        f"/maturity/assessments/{assessment}/answers/{answer.capability}/evidence",
        data={"kind": "file", "file": (io.BytesIO(WHAT), name)},
        content_type="multipart/form-data",
    )
    assert sent.status_code == 303
    evidence: Evidence = next(each for of in get_assessment(assessment).answers for each in of.evidence)
    return evidence.link


def submit(assessment: int, lin: User) -> None:
    with transaction() as session:
        service.submit(session, assessment, actor=lin, now=NOW)


def gets(browser: FlaskClient, address: str) -> int:
    with browser.get(address) as answer:
        assert answer.status_code != 200 or answer.data == WHAT
        return answer.status_code


def test_it_follows_who_reads_the_answer(
    address: str, assessment: int, lin: User, mate: User, log_in: LogIn, client: FlaskClient
) -> None:
    coach, leader, other = make_user("Cora", Role.COACH), make_user("Leo", Role.LEADER), make_user("Olga")
    assert [gets(log_in(each), address) for each in (lin, mate, coach, leader, other)] == [200, 200, 404, 404, 404]
    assert gets(client, address) == 303
    submit(assessment, lin)
    assert [gets(log_in(each), address) for each in (coach, leader)] == [200, 404]
    verified(assessment, coach)
    assert [gets(log_in(each), address) for each in (coach, leader, other)] == [200, 200, 404]


def test_for_a_benchmark_team_every_member_reads_what_was_agreed(
    address: str, assessment: int, team: Team, lin: User, log_in: LogIn
) -> None:
    other = make_user("Olga")
    with transaction() as session:
        session.get_one(Team, team.id).is_benchmark = True
    assert gets(log_in(other), address) == 404
    submit(assessment, lin)
    verified(assessment, make_user("Cora", Role.COACH))
    assert gets(log_in(other), address) == 200


def test_whoever_leaves_the_team_has_read_it_for_the_last_time(
    address: str, team: Team, mate: User, log_in: LogIn
) -> None:
    browser = log_in(mate)
    with browser.get(address) as answer:
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-cache")
    with transaction() as session:
        session.execute(delete(Membership).where(Membership.user_id == mate.id, Membership.team_id == team.id))
    assert gets(browser, address) == 404


def test_no_other_address_leads_to_it(address: str, lin: User, log_in: LogIn) -> None:
    browser, stem = log_in(lin), address.split("/")[3]
    others = [
        f"/media/{stem}.txt",
        f"/media/files/{stem}/policy.txt",
        f"/media/guarded/{stem}/another.txt",
        f"/media/guarded/{stem}/our%20policy.pdf",
    ]
    assert [gets(browser, each) for each in others] == [404] * 4


@pytest.mark.parametrize("name", ["分支 策略（终稿）.txt", "100% + 1?#&;'~.txt", "a.b.c.TXT", "\u202egnp.txt"])
def test_whatever_it_is_called_it_is_found(assessment: int, lin: User, log_in: LogIn, name: str) -> None:
    say_all(assessment, lin)
    browser = log_in(lin)
    assert gets(browser, put_down(browser, assessment, name)) == 200


def test_it_is_not_offered_for_texts(address: str, lin: User) -> None:
    assert list_own(lin.id) == []


def test_it_stays_as_long_as_it_is_evidence(address: str, lin: User, log_in: LogIn, clock: Any) -> None:
    clock.shift(40 * 24 * 3600)
    assert (take_away(), gets(log_in(lin), address)) == (0, 200)
    with transaction() as session:
        session.execute(delete(Evidence))
    assert (take_away(), gets(log_in(lin), address)) == (1, 404)
