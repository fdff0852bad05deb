"""What coach and team write to each other about an answer stays between them: it is in no search, suggestion, feed, export, message or
log, and on nobody else's pages; and so it is when a snapshot keeps it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from structlog.testing import capture_logs

from app.accounts.models import Team, User
from app.accounts.rules import Role
from app.config import Config
from app.exchange.exporting import export_to
from app.jobs.models import Mail
from app.kernel.db import db, transaction
from app.maturity.assessing import service as assessing
from app.maturity.assessing.answering import answer_finding
from app.maturity.rules import Verdict
from app.notifications.models import Notice
from app.search.outbox import drain, rebuild
from tests.factories.assessments import NOW, submitted
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.factories.practices import make_practice
from tests.factories.verifying import agree_to_rest, answer_of, confirm, give_back, judge, take_on

pytestmark = pytest.mark.slow

LogIn = Callable[[User], FlaskClient]
SECRET = "zanzibarium"
PAGES = (
    "/",
    "/teams/",
    "/teams/{team}",
    "/capabilities/continuous-delivery/version-control",
    "/search?q=zanzibarium",
    "/search.json?q=zanzibarium",
    "/search/suggest.json?q=zanzib",
    "/feeds/",
    "/notices",
    "/maturity/",
    "/maturity/compare?a=1",
    "/maturity/snapshots/{snapshot}",
)


@pytest.fixture
def lin(app: Flask) -> User:
    return make_user("Lin Yue")


@pytest.fixture
def ada(app: Flask) -> User:
    return make_user("Ada Coach", Role.COACH)


@pytest.fixture
def team(lin: User) -> Team:
    """A benchmark team, where every member sees the snapshot."""
    team = make_team("Payments", lead=lin)
    with transaction() as session:
        session.get_one(Team, team.id).is_benchmark = True
    return team


@pytest.fixture
def snapshot_id(team: Team, lin: User, ada: User) -> int:
    """With the word in every place where coach and team can write."""
    framework = make_framework()
    make_practice("short-branches", capability=framework.areas[0].capabilities[0], level=2)
    assessment_id = submitted(team, framework, lin)
    take_on(assessment_id, ada)
    judge(assessment_id, "version-control", Verdict.DIFFER, ada, f"Reason {SECRET}", level=1)
    judge(assessment_id, "test-automation", Verdict.ASK, ada, f"Question {SECRET}")
    give_back(assessment_id, ada, f"Comment {SECRET}")
    for capability in ("version-control", "test-automation"):
        with transaction() as session:
            answer_finding(session, assessment_id, capability, f"Reply {SECRET}", actor=lin, now=NOW)
    with transaction() as session:
        assessing.reply(session, assessment_id, actor=lin, now=NOW)
    judge(assessment_id, "version-control", Verdict.DIFFER, ada, f"Still {SECRET}", level=1)
    agree_to_rest(assessment_id, ada)
    taken = confirm(assessment_id, ada)
    drain()
    rebuild()
    return taken


def test_the_two_of_them_read_it(snapshot_id: int, lin: User, ada: User, log_in: LogIn) -> None:
    for person in (lin, ada):
        assert log_in(person).get(f"/maturity/snapshots/{snapshot_id}").text.count(SECRET) == 5


def test_nobody_else_meets_it_anywhere(snapshot_id: int, team: Team, log_in: LogIn, client: FlaskClient) -> None:
    others = [
        make_user("Otto"),
        make_user("Lea", Role.LEADER),
        make_user("Adam", Role.ADMINISTRATOR, Role.EDITOR),
    ]
    for browser in (client, *map(log_in, others)):
        for path in PAGES:
            text = browser.get(path.format(team=team.slug, snapshot=snapshot_id)).text
            for word in ("Reason", "Question", "Comment", "Reply", "Still"):
                assert f"{word} {SECRET}" not in text, path


def test_search_knows_nothing_of_it_not_even_for_the_team(snapshot_id: int, lin: User, log_in: LogIn) -> None:
    browser = log_in(lin)
    found = browser.get(f"/search.json?q={SECRET}").get_json()
    assert found["total"] == 0
    assert SECRET not in browser.get(f"/search/suggest.json?q={SECRET[:6]}").text


def test_messages_lead_there_and_say_nothing_of_it(snapshot_id: int, lin: User, log_in: LogIn) -> None:
    params = [*db.session.execute(select(Mail.params)).scalars(), *db.session.execute(select(Notice.params)).scalars()]
    assert params
    assert SECRET not in json.dumps(params)
    assert SECRET not in log_in(lin).get("/notices").text


def test_no_export_has_it(snapshot_id: int, config: Config, tmp_path: Path) -> None:
    export_to(tmp_path, config.media_dir)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if SECRET.encode() in path.read_bytes()] == []


@pytest.fixture
def everything_is_logged() -> Iterator[None]:
    """As a site logs whose log level is the lowest."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG))
    yield
    structlog.configure(**before)


@pytest.mark.usefixtures("everything_is_logged")
def test_no_log_has_it(lin: User, ada: User, log_in: LogIn) -> None:
    assessment_id = submitted(make_team("Loans", lead=lin), make_framework(), lin)
    take_on(assessment_id, ada)
    browser, url = log_in(ada), f"/maturity/assessments/{assessment_id}"
    base = str(answer_of(assessment_id, "version-control").revision)
    fields = {"text.version-control": SECRET, "base.version-control": base, "comment": SECRET}
    with capture_logs() as lines:
        for then in ("confirm", "", "return"):
            form = {"verdict.version-control": "ask", **fields, "then": then}
            assert browser.post(f"{url}/findings", data=form).status_code < 500
        browser.post(f"{url}/hand-back", data={"comment": SECRET})
    assert lines
    assert [line for line in lines if SECRET in str(line)] == []
