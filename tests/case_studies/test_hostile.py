"""Forms that no browser sends, and texts at the edge of their columns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.case_studies.rules import MAX_BYLINE, State, Step
from app.case_studies.service import create_draft, take_step
from app.kernel.db import transaction
from tests.case_studies.conftest import House

LogIn = Callable[[User], FlaskClient]
NOW = datetime(2026, 11, 16, tzinfo=UTC)
pytestmark = pytest.mark.both_databases


def typed(house: House, **given: str) -> dict[str, str]:
    return {"title": "A story", "team": str(house.team.id), "language": "en", "capability": "", **given}


@pytest.mark.parametrize("row", ["²", "9" * 20, "9" * 5000, "-1", ""])
def test_a_row_without_a_number_is_no_row(house: House, log_in: LogIn, row: str) -> None:
    answer = log_in(house.owner).post("/case-studies/new", data=typed(house, **{f"metrics-{row}-name": "Lead time"}))

    assert answer.status_code == 303


@pytest.mark.parametrize("figure", ["1e13", "-1e308"])
def test_a_number_for_which_no_page_has_room_is_refused(house: House, log_in: LogIn, figure: str) -> None:
    answer = log_in(house.owner).post("/case-studies/new", data=typed(house, **{"metrics-0-before": figure}))

    assert answer.status_code == 422
    assert "The number is too large. Choose a larger unit." in answer.text


@pytest.mark.parametrize("figure", ["1e12", "-1e12", "1e-300", "0"])
def test_a_number_at_the_edge_is_shown(house: House, log_in: LogIn, figure: str) -> None:
    browser = log_in(house.owner)
    given = {f"metrics-0-{name}": figure for name in ("before", "after")} | {"metrics-0-better": "lower"}

    answer = browser.post("/case-studies/new", data=typed(house, **given))

    assert browser.get(answer.location).status_code == 200


def test_the_longest_names_make_a_byline_that_fits(house: House) -> None:
    with transaction() as session:
        house.owner.name, house.team.name = "N" * 80, "T" * 120
        case_study = create_draft(session, house.story(byline=""), actor=house.owner, now=NOW)
        take_step(session, case_study, Step.SUBMIT, actor=house.owner, now=NOW)
        take_step(session, case_study, Step.ACCEPT, actor=house.editor, now=NOW)

    assert (case_study.state, len(case_study.byline)) == (State.PUBLISHED, MAX_BYLINE)
