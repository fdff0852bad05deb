"""What a team writes in an assessment stays with its people and its coach: it is in no search, suggestion, feed, export or log,
and on nobody else's pages.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from app.accounts.models import Team, User
from app.accounts.rules import Role
from app.capabilities.models import Framework
from app.config import Config
from app.exchange.exporting import export_to
from app.kernel.db import transaction
from app.maturity.assessing.answering import add_evidence, answer_finding
from app.maturity.assessing.rules import Said, Shown
from app.maturity.queries import get_assessment
from app.maturity.rules import EvidenceKind
from app.maturity.targets.rules import Wish
from app.maturity.targets.service import set_targets
from app.search.outbox import rebuild
from tests.factories.assessments import NOW, returned, say
from tests.factories.people import make_user
from tests.factories.practices import make_practice

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
    "/complete.json?q=zanzib",
    "/feeds/",
    "/llms.txt",
    "/notices",
    "/maturity/",
)


@pytest.fixture
def written(team: Team, framework: Framework, lin: User, max_: User, cora: User) -> int:
    """An assessment with the word in every place where something is typed."""
    make_practice("short-branches", capability=framework.areas[0].capabilities[0], level=2)
    assessment_id = returned(team, framework, lin, cora)
    for said in (Said(3, note=f"Note {SECRET}"), Said(is_not_applicable=True, reason=f"Why {SECRET}")):
        revision = next(each.revision for each in get_assessment(assessment_id).answers if each.level == 3)
        say(assessment_id, "change-management", said, max_, base=revision)
    link = Shown(EvidenceKind.LINK, f"Title {SECRET}", f"https://{SECRET}.example/")
    with transaction() as session:
        add_evidence(session, assessment_id, "version-control", link, actor=lin, now=NOW)
    with transaction() as session:
        answer_finding(session, assessment_id, "version-control", f"Word {SECRET}", actor=lin, now=NOW)
    with transaction() as session:
        wishes = {"version-control": Wish(4, None, f"Reason {SECRET}")}
        set_targets(session, team, framework, wishes, was={}, actor=lin, today=date(2026, 11, 16), now=NOW)
    rebuild()
    return assessment_id


def test_the_team_reads_it(written: int, lin: User, log_in: LogIn) -> None:
    browser = log_in(lin)
    area = browser.get(f"/maturity/assessments/{written}/areas/configuration-management").text
    assert area.count(SECRET) >= 3


def test_nobody_else_meets_it_anywhere(
    written: int, team: Team, olga: User, log_in: LogIn, client: FlaskClient
) -> None:
    administrator = make_user("Ada Administrator", Role.ADMINISTRATOR, Role.EDITOR)
    other_coach = make_user("Otto Coach", Role.COACH)
    browsers = [client, *(log_in(person) for person in (olga, administrator, other_coach))]
    for browser in browsers:
        for path in PAGES:
            answer = browser.get(path.format(team=team.slug))
            text = answer.text.replace("q=zanzibarium", "").replace('value="zanzibarium"', "")
            assert f"Note {SECRET}" not in text, path
            assert f"Why {SECRET}" not in text, path
            assert f"{SECRET}.example" not in text, path
            assert f"Reason {SECRET}" not in text, path


def test_search_and_suggestions_know_nothing_of_it_not_even_for_the_team(
    written: int, lin: User, log_in: LogIn
) -> None:
    browser = log_in(lin)
    assert browser.get(f"/search.json?q={SECRET}").get_json()["total"] == 0
    assert SECRET not in browser.get(f"/search/suggest.json?q={SECRET[:6]}").text


def test_no_export_has_it(written: int, app: Flask, config: Config, tmp_path: Path) -> None:
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
def test_no_log_has_it(written: int, lin: User, log_in: LogIn) -> None:
    browser = log_in(lin)
    with capture_logs() as lines:
        for form in ({"level": "9", "note": SECRET}, {"level": "2", "note": SECRET, "base": "0"}):
            browser.post(f"/maturity/assessments/{written}/answers/version-control", data=form)
        browser.post(f"/maturity/assessments/{written}/answers/version-control/words", data={"text": SECRET})
        browser.post(f"/maturity/assessments/{written}/reply", data={"comment": SECRET})
    assert lines
    assert [line for line in lines if SECRET in str(line)] == []
