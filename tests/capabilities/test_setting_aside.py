"""A framework that is set aside begins nothing any more, and everything that stands on it stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.capabilities.models import Framework
from app.capabilities.queries import list_frameworks
from app.capabilities.service import sync_frameworks
from app.config import ROOT
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError
from app.kernel.report import Report
from app.maturity.assessing import service
from app.maturity.queries import get_assessment
from tests.factories.assessments import begin
from tests.factories.people import make_team, make_user

LogIn = Callable[[User], FlaskClient]
DORA = "/capabilities/dora"


@pytest.fixture
def dora(app: Flask) -> Framework:
    with transaction() as session:
        sync_frameworks(session, ROOT / "content" / "frameworks", Report(), now=utc_now())
    return db.session.execute(select(Framework).where(Framework.slug == "dora")).scalar_one()


def test_nothing_begins_with_it_and_what_runs_goes_on(dora: Framework, log_in: LogIn) -> None:
    lin = make_user("Lin Yue")
    running = begin(make_team("Payments", lin), dora, lin)
    editor, member = log_in(make_user("Amara Osei", Role.ADMINISTRATOR)), log_in(lin)
    assert 'value="dora"' in member.get("/maturity/").text
    assert editor.post(f"{DORA}/aside").status_code == 303

    assert 'value="dora"' not in member.get("/maturity/").text
    other = make_team("Lending", lin)
    with pytest.raises(ConflictError, match="set aside"), transaction() as session:
        service.start(session, other, dora, title="Now", actor=lin, now=utc_now())
    assert member.get(f"/maturity/assessments/{running}").status_code == 200
    assert get_assessment(running).framework_id == dora.id
    for page in (editor.get(DORA).text, member.get(DORA).text):
        assert "This framework is set aside." in page
    assert "Take it up again" not in member.get(DORA).text
    assert list_frameworks()[-1].slug == "dora"

    assert editor.post(f"{DORA}/aside/back").status_code == 303
    assert 'value="dora"' in member.get("/maturity/").text


def test_the_one_that_the_library_is_sorted_by_stays(dora: Framework, log_in: LogIn) -> None:
    editor = log_in(make_user("Amara Osei", Role.ADMINISTRATOR))
    refused = editor.post("/capabilities/continuous-delivery/aside")
    assert (refused.status_code, "It cannot be set aside." in refused.text) == (409, True)
    assert "Set aside" not in editor.get("/capabilities/continuous-delivery").text
    assert "Set aside" in editor.get(DORA).text


@pytest.mark.parametrize("way", ["aside", "aside/back"])
def test_only_who_edits_frameworks_does_that(dora: Framework, log_in: LogIn, client: FlaskClient, way: str) -> None:
    assert log_in(make_user("Cora", Role.COACH)).post(f"{DORA}/{way}").status_code == 403
    assert client.post(f"{DORA}/{way}").status_code == 303
    assert log_in(make_user("Amara Osei", Role.ADMINISTRATOR)).post(f"/capabilities/none/{way}").status_code == 404
