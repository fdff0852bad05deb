"""The history that every reader sees: what was published, and nothing of what came between."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.kernel.db import transaction
from app.writing.kinds import Field
from app.writing.rules import Step
from tests.factories.writing import Letters
from tests.writing.history.conftest import Pen

LogIn = Callable[[User], FlaskClient]
HISTORY = "/writing/history/letter/on-branches"


@pytest.fixture
def twice(pen: Pen, author: User, editor: User) -> Pen:
    """4 and 7 are published, 8 is not."""
    pen.save(
        author, "For the next round", title="On branches", body="Keep them under one day.\n\nLong ones hide problems.\n"
    )
    pen.step(Step.SUBMIT, author)
    pen.step(Step.ACCEPT, editor, "Only between us.")
    pen.save(author, "Nobody knows", title="On secret plans", body="Hushhush.\n")
    return pen


SECRETS = (
    "secret",
    "Hushhush",
    "Say why, but not to readers",
    "Please be quick",
    "Only between us",
    "Not yet decided",
    "Nobody knows",
    "Edda Editor",
    "Changes asked for",
)


@pytest.mark.parametrize("path", ["", "/4", "/7", "/differences", "/differences?from=4&to=7"])
def test_readers_learn_nothing_of_drafts_and_of_what_was_said_about_them(
    twice: Pen, client: FlaskClient, log_in: LogIn, outsider: User, path: str
) -> None:
    for browser in (client, log_in(outsider)):
        answer = browser.get(f"{HISTORY}{path}")
        assert answer.status_code == 200
        assert [secret for secret in SECRETS if secret in answer.text] == []


@pytest.mark.both_databases
def test_only_published_versions_are_listed(twice: Pen, client: FlaskClient) -> None:
    page = client.get(HISTORY).text
    assert re.findall(r'class="history-name"[^>]*>Version (\d)', page) == ["7", "4"]
    assert "Published October" in page


@pytest.mark.both_databases
def test_numbers_of_drafts_lead_nowhere(twice: Pen, client: FlaskClient) -> None:
    status = [client.get(f"{HISTORY}/{number}").status_code for number in range(1, 10)]
    assert status == [404, 404, 404, 200, 404, 404, 200, 404, 404]
    pairs = [(start, end) for start in range(9) for end in range(9) if {start, end} - {4, 7}]
    answers = {client.get(f"{HISTORY}/differences?from={start}&to={end}").status_code for start, end in pairs}
    assert answers == {404}
    assert client.get(f"{HISTORY}/differences?to=8").status_code == 404


def test_the_change_between_two_publications_is_shown(twice: Pen, client: FlaskClient) -> None:
    page = client.get(f"{HISTORY}/differences").text
    assert re.findall(r'<option value="(\d)" selected', page) == ["4", "7"]
    assert re.search(r"<del><span[^>]*>[^<]*</span>two days<", page)
    assert "Restore" not in page


def test_what_a_team_answers_to_reviewers_is_not_for_readers(
    twice: Pen, client: FlaskClient, log_in: LogIn, author: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fields(_kind: Letters, content: Mapping[str, Any]) -> list[Field]:
        rows = [
            {"name": "Builds", "after": len(content["body"]), "remark": content["body"], "unnamed": content["body"]}
        ]
        names = {"name": "Metric", "after": "After", "remark": "Answer"}
        return [Field("metrics", "Metrics", rows, columns=names, inner=frozenset({"remark"}))]

    monkeypatch.setattr(Letters, "fields", fields)
    page = client.get(f"{HISTORY}/differences").text
    assert "Builds" in page
    assert [word for word in ("Answer", "unnamed", "Keep them") if word in page] == []
    page = log_in(author).get(f"/writing/{twice.manuscript_id}/differences?from=4&to=7").text
    assert [word for word in ("Answer", "unnamed", "Keep them") if word not in page] == []


def test_nothing_is_shown_of_what_is_not_live(
    write: Callable[..., Pen], twice: Pen, client: FlaskClient, author: User, log_in: LogIn
) -> None:
    write("a-draft")
    for address in (
        "/writing/history/letter/a-draft",
        "/writing/history/letter/none",
        "/writing/history/none/on-branches",
    ):
        assert client.get(address).status_code == 404
        assert log_in(author).get(address).status_code == 404
    with transaction():
        twice.manuscript.published_number = None
    assert client.get(HISTORY).status_code == 404
    assert client.get(f"{HISTORY}/4").status_code == 404


def test_members_only_means_history_too(twice: Pen, client: FlaskClient, configure: Callable[..., None]) -> None:
    configure(visitors="none")
    assert client.get(HISTORY).status_code == 303


def test_a_new_publication_is_there_at_once(twice: Pen, client: FlaskClient, author: User, editor: User) -> None:
    assert "Version 9" not in client.get(HISTORY).text
    twice.save(author, body="Keep them under an hour.\n", title="On short branches")
    twice.step(Step.SUBMIT, author)
    twice.step(Step.ACCEPT, editor)
    page = client.get(HISTORY).text
    assert "Version 9" in page
    assert "On short branches" in page
