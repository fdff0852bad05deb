"""What people see of manuscripts, and what the buttons there do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.db import db, transaction
from app.notifications.models import Notice
from app.writing import rooms
from app.writing.filing import file_version
from app.writing.models import Manuscript
from app.writing.rules import State, Step
from app.writing.service import begin, take_step
from tests.factories.people import make_team, make_user
from tests.factories.writing import Letters

LogIn = Callable[[User], FlaskClient]
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
FIRST = {"title": "On branches", "body": "Keep them *short*.", "team": "Payments"}


@pytest.fixture
def owner(app: Flask) -> User:
    return make_user("Owner")


@pytest.fixture
def colleague(app: Flask) -> User:
    return make_user("Colleague")


@pytest.fixture
def manuscript(owner: User, colleague: User, letters: Letters) -> Manuscript:
    make_team("Payments", colleague, lead=owner)
    with transaction() as session:
        return begin(session, letters, FIRST, slug="on-branches", language="en", actor=owner, now=NOW)


def address(manuscript: Manuscript, more: str = "") -> str:
    return f"/writing/{manuscript.id}{more}"


def notices(person: User) -> list[str]:
    return list(db.session.execute(select(Notice.kind).where(Notice.user_id == person.id)).scalars())


def test_whoever_has_written_nothing_is_shown_how_to_begin(log_in: LogIn, owner: User) -> None:
    page = log_in(owner).get("/writing/").text
    assert "Nothing is written yet" in page


def test_drafts_of_the_own_teams_are_listed_by_state(log_in: LogIn, manuscript: Manuscript, colleague: User) -> None:
    page = log_in(colleague).get("/writing/").text
    assert "<h2>Draft</h2>" in page
    assert f'href="/writing/{manuscript.id}"' in page
    assert "Letter" in page


def test_the_home_page_reminds_of_what_is_being_written(log_in: LogIn, manuscript: Manuscript, owner: User) -> None:
    assert f'href="/writing/{manuscript.id}"' in log_in(owner).get("/").text


def test_others_see_no_draft(log_in: LogIn, manuscript: Manuscript) -> None:
    for person in (make_user("Outsider"), make_user("Editor", Role.EDITOR), make_user("Root", Role.ADMINISTRATOR)):
        assert log_in(person).get(address(manuscript)).status_code == 404


def test_visitors_are_led_to_log_in(client: FlaskClient, manuscript: Manuscript) -> None:
    answer = client.get(address(manuscript))
    assert (answer.status_code, "/login" in answer.headers["Location"]) == (303, True)


def test_the_page_shows_the_text_by_the_final_renderer(log_in: LogIn, manuscript: Manuscript, owner: User) -> None:
    page = log_in(owner).get(address(manuscript)).text
    assert "<em>short</em>" in page
    assert 'href="/letters/on-branches/edit"' in page


def test_what_is_missing_is_said_and_it_cannot_be_submitted(log_in: LogIn, owner: User, letters: Letters) -> None:
    with transaction() as session:
        content = {**FIRST, "body": "", "team": ""}
        empty = begin(session, letters, content, slug="empty", language="en", actor=owner, now=NOW)
    browser = log_in(owner)
    assert "Before it can be submitted, it needs:" in browser.get(address(empty)).text
    assert browser.post(address(empty, "/submission")).status_code == 409


def test_it_is_submitted_with_a_word_to_those_who_review(log_in: LogIn, manuscript: Manuscript, owner: User) -> None:
    editor = make_user("Editor", Role.EDITOR)
    answer = log_in(owner).post(address(manuscript, "/submission"), data={"comment": "The end is new."})
    assert (answer.status_code, answer.headers["Location"]) == (303, address(manuscript))
    assert notices(editor) == [f"writing {Step.SUBMIT}"]
    assert db.session.get_one(Manuscript, manuscript.id).state == State.SUBMITTED
    assert log_in(editor).get(address(manuscript)).status_code == 200


def test_a_word_that_is_too_long_comes_back(log_in: LogIn, manuscript: Manuscript, owner: User) -> None:
    answer = log_in(owner).post(address(manuscript, "/submission"), data={"comment": "x" * 4001})
    assert answer.status_code == 422
    assert "Use at most 4,000 characters." in answer.text


def test_it_is_taken_back(log_in: LogIn, manuscript: Manuscript, owner: User, colleague: User) -> None:
    log_in(owner).post(address(manuscript, "/submission"))
    assert log_in(colleague).post(address(manuscript, "/recall")).status_code == 303
    assert db.session.get_one(Manuscript, manuscript.id).state == State.DRAFT


def test_an_editor_does_not_submit_for_others(log_in: LogIn, manuscript: Manuscript, owner: User) -> None:
    editor = make_user("Editor", Role.EDITOR)
    log_in(owner).post(address(manuscript, "/submission"))
    for more in ("/submission", "/recall"):
        assert log_in(editor).post(address(manuscript, more)).status_code == 403
    assert log_in(editor).post(address(manuscript, "/authors"), data={"email": editor.email}).status_code == 403


def test_what_a_reviewer_answered_stands_above_the_text(
    log_in: LogIn, manuscript: Manuscript, owner: User, letters: Letters
) -> None:
    editor = make_user("Edda", Role.EDITOR)
    for step, actor in ((Step.SUBMIT, owner), (Step.REQUEST_CHANGES, editor)):
        with transaction() as session:
            take_step(session, letters, manuscript, step, actor=actor, now=NOW, comment="How short?")
    page = log_in(owner).get(address(manuscript)).text
    assert "Edda writes:" in page
    assert "How short?" in page


def test_an_author_is_named_by_address_and_told(log_in: LogIn, manuscript: Manuscript, owner: User) -> None:
    guest = make_user("Guest", email="guest@example.com")
    answer = log_in(owner).post(address(manuscript, "/authors"), data={"email": " Guest@Example.com "})
    assert answer.status_code == 303
    assert notices(guest) == ["writing named"]
    page = log_in(guest).get(address(manuscript))
    assert (page.status_code, "Guest" in page.text) == (200, True)


def test_an_address_that_nobody_has_is_said_beside_the_field(
    log_in: LogIn, manuscript: Manuscript, owner: User
) -> None:
    for typed, sentence in (("nobody@example.com", "Nobody here has this address."), ("", "Write the address.")):
        answer = log_in(owner).post(address(manuscript, "/authors"), data={"email": typed})
        assert answer.status_code == 422
        assert sentence in answer.text


def test_naming_somebody_twice_makes_one_author(log_in: LogIn, manuscript: Manuscript, owner: User) -> None:
    guest = make_user("Guest")
    for _ in range(2):
        assert log_in(owner).post(address(manuscript, "/authors"), data={"email": guest.email}).status_code == 303
    assert db.session.get_one(Manuscript, manuscript.id).author_ids == {owner.id, guest.id}
    assert notices(guest) == ["writing named"]


def test_an_author_can_leave_but_not_the_last(log_in: LogIn, manuscript: Manuscript, owner: User) -> None:
    guest = make_user("Guest")
    leave = {"action": "leave"}
    assert log_in(owner).post(address(manuscript, "/authors"), data=leave).status_code == 409
    log_in(owner).post(address(manuscript, "/authors"), data={"email": guest.email})
    assert log_in(guest).post(address(manuscript, "/authors"), data=leave).status_code == 303
    assert log_in(guest).get(address(manuscript)).status_code == 404


def test_a_text_in_a_file_says_which_and_offers_no_step(
    log_in: LogIn, manuscript: Manuscript, owner: User, letters: Letters
) -> None:
    with transaction() as session:
        kept = file_version(
            session, letters, FIRST, slug="filed", language="en", translation_of=None, path="letters/a.md", now=NOW
        )
    page = log_in(owner).get(address(kept)).text
    assert "letters/a.md" in page
    assert 'href="/letters/filed/edit"' not in page
    assert log_in(owner).post(address(kept, "/authors"), data={"email": owner.email}).status_code == 409


def test_blocks_of_rooms_are_shown_to_whom_they_are_for(
    app: Flask, log_in: LogIn, manuscript: Manuscript, owner: User, letters: Letters
) -> None:
    def own(manuscript: Manuscript, person: User) -> str:
        return f"<p>own {manuscript.slug} {person.name}</p>"

    def review(manuscript: Manuscript, person: User) -> str:
        return f"<p>review {manuscript.slug} {person.name}</p>"

    def ways(manuscript: Manuscript, _person: User) -> list[rooms.Way]:
        return [rooms.Way("Versions", f"/writing/{manuscript.id}/versions", "history")]

    before: dict[str, Any] = {
        name: app.extensions[name] for name in ("writing-own", "writing-review", "writing-ways", "writing-mine")
    }
    try:
        rooms.register(app, (own,), (review,), (ways,))
        editor = make_user("Edda", Role.EDITOR)
        with transaction() as session:
            take_step(session, letters, manuscript, Step.SUBMIT, actor=owner, now=NOW)
        for person, shown, hidden in ((owner, "own", "review"), (editor, "review", "own")):
            page = log_in(person).get(address(manuscript)).text
            assert f"<p>{shown} on-branches {person.name}</p>" in page
            assert f"<p>{hidden} " not in page
            assert f"/writing/{manuscript.id}/versions" in page
    finally:
        app.extensions.update(before)
