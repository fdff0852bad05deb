"""Who may see which versions, and who may bring one back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.kernel.db import db, transaction
from app.writing.history.policy import can_restore, can_vouch, sees_every_version
from app.writing.history.queries import versions_for
from app.writing.models import Assignment, Manuscript
from app.writing.rules import State, Step
from tests.factories.people import make_user
from tests.writing.history.conftest import THEN, Pen

LogIn = Callable[[User], FlaskClient]


def numbers_for(user: User, manuscript: Manuscript) -> list[int]:
    return [version.number for version in db.session.execute(versions_for(user, manuscript)).unique().scalars()]


def ask_to_review(manuscript: Manuscript, person: User) -> None:
    with transaction() as session:
        session.add(Assignment(manuscript_id=manuscript.id, user_id=person.id, assigned_at=THEN, due_on=THEN.date()))


@pytest.mark.parametrize("name", ["author", "colleague"])
def test_those_who_write_see_every_version(pen: Pen, request: pytest.FixtureRequest, name: str) -> None:
    assert numbers_for(request.getfixturevalue(name), pen.manuscript) == [6, 5, 4, 3, 2, 1]


def test_those_who_review_see_what_was_submitted_or_published(pen: Pen, editor: User, author: User) -> None:
    asked = make_user("Asked Reviewer")
    ask_to_review(pen.manuscript, asked)
    pen.step(Step.SUBMIT, author)
    pen.step(Step.REQUEST_CHANGES, editor, "No secrets, please.")
    pen.save(author, body="Another secret.\n")
    for reviewer in (editor, asked):
        assert numbers_for(reviewer, pen.manuscript) == [6, 4, 3]
        assert not sees_every_version(reviewer, pen.manuscript)


def test_who_may_restore_in_which_state(pen: Pen, author: User, colleague: User, editor: User, outsider: User) -> None:
    manuscript = pen.manuscript
    with db.session.no_autoflush:
        for state in State:
            manuscript.state = state
            allowed = [can_restore(user, manuscript) for user in (author, colleague, editor, outsider)]
            is_open = state is not State.SUBMITTED
            assert allowed == [is_open, is_open, False, False], state


def test_nobody_restores_what_a_file_keeps(pen: Pen, author: User) -> None:
    manuscript = pen.manuscript
    with db.session.no_autoflush:
        manuscript.kept_in_file = "on-branches.en.md"
        assert not can_restore(author, manuscript)


def test_who_may_vouch_for_a_translation(pen: Pen, author: User, editor: User, outsider: User) -> None:
    manuscript, people = pen.manuscript, (author, editor, outsider)
    with db.session.no_autoflush:
        assert [can_vouch(user, manuscript) for user in people] == [False, False, False]
        manuscript.translation_of, manuscript.is_open = "zh", True
        # A draft of what every member may change: whoever works on it says so.
        assert [can_vouch(user, manuscript) for user in people] == [True, True, True]
        # Readers would see it at once.
        manuscript.state = State.ACCEPTED
        assert [can_vouch(user, manuscript) for user in people] == [True, True, False]


@pytest.mark.parametrize("path", ["history", "differences", "versions/4", "versions/6"])
def test_strangers_learn_nothing_of_a_draft(
    pen: Pen, log_in: LogIn, client: FlaskClient, editor: User, outsider: User, path: str
) -> None:
    address = f"/writing/{pen.manuscript_id}/{path}"
    assert log_in(outsider).get(address).status_code == 404
    assert log_in(editor).get(address).status_code == 404
    assert "/login" in client.get(address).headers["Location"]


def test_a_reviewer_cannot_guess_the_number_of_a_draft(pen: Pen, log_in: LogIn, author: User, editor: User) -> None:
    pen.step(Step.SUBMIT, author)
    browser = log_in(editor)
    assert [browser.get(f"/writing/{pen.manuscript_id}/versions/{number}").status_code for number in range(1, 8)] == [
        404,
        404,
        200,
        200,
        404,
        200,
        404,
    ]
    for query in ("from=5&to=6", "from=4&to=5", "from=0&to=6", "from=4&to=99"):
        assert browser.get(f"/writing/{pen.manuscript_id}/differences?{query}").status_code == 404
    page = browser.get(f"/writing/{pen.manuscript_id}/differences?from=4&to=6").text
    assert "Keep them under one day" not in page
