"""Forms that no browser sends, and texts at the edge of their columns."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from tests.case_studies.conftest import House

LogIn = Callable[[User], FlaskClient]
pytestmark = pytest.mark.both_databases


def typed(house: House, **given: str) -> dict[str, str]:
    return {"key": "k" * 20, "title": "A story", "team": house.team.slug, "language": "en", "capability": "", **given}


@pytest.mark.parametrize("row", ["²", "9" * 20, "9" * 5000, "-1", ""])
def test_a_row_without_a_number_is_no_row(house: House, log_in: LogIn, row: str) -> None:
    answer = log_in(house.owner).post(
        "/case-studies/new?form=story", data=typed(house, **{f"metrics-{row}-name": "Lead time"})
    )

    assert answer.status_code == 303


@pytest.mark.parametrize("figure", ["1e13", "-1e308"])
def test_a_number_for_which_no_page_has_room_is_refused(house: House, log_in: LogIn, figure: str) -> None:
    answer = log_in(house.owner).post("/case-studies/new?form=story", data=typed(house, **{"metrics-0-before": figure}))

    assert answer.status_code == 422
    assert "The number is too large. Choose a larger unit." in answer.text


@pytest.mark.parametrize("figure", ["1e12", "-1e12", "1e-300", "0"])
def test_a_number_at_the_edge_is_shown(house: House, log_in: LogIn, figure: str) -> None:
    browser = log_in(house.owner)
    given = {f"metrics-0-{name}": figure for name in ("before", "after")} | {"metrics-0-better": "lower"}

    answer = browser.post("/case-studies/new?form=story", data=typed(house, **given))

    assert browser.get(answer.location).status_code == 200


@pytest.mark.parametrize(
    "action",
    [
        "remove-question:99",
        "remove-question:-1",
        "remove-question:²",
        "raise-question:0",
        "raise-question:" + "9" * 5000,
    ],
)
def test_a_row_that_is_not_there_is_neither_moved_nor_taken_out(house: House, log_in: LogIn, action: str) -> None:
    given = typed(house, action=action, **{"questions-0-question": "Who?", "questions-1-question": "Why?"})

    answer = log_in(house.owner).post("/case-studies/new?form=interview", data=given)

    # What no button sends is an ordinary "save".
    assert answer.status_code in {200, 303}
    assert answer.status_code == 303 or answer.text.index('value="Who?"') < answer.text.index('value="Why?"')


@pytest.mark.parametrize("number", ["0", "-3", "1.5", "9" * 30, "many"])
def test_cases_that_cannot_be_counted_are_refused(house: House, log_in: LogIn, number: str) -> None:
    answer = log_in(house.owner).post(
        "/case-studies/new?form=story", data=typed(house, **{"metrics-0-cases_before": number})
    )

    assert answer.status_code == 422


def test_a_measure_that_nobody_offers_is_refused(house: House, log_in: LogIn) -> None:
    answer = log_in(house.owner).post(
        "/case-studies/new?form=story", data=typed(house, **{"metrics-0-measure": "magic"})
    )

    assert answer.status_code == 422


def test_a_form_that_there_is_not_is_chosen_again(house: House, log_in: LogIn) -> None:
    answer = log_in(house.owner).post("/case-studies/new?form=poem", data=typed(house))

    assert answer.status_code == 200
    assert "As an interview" in answer.text
