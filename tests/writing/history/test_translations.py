"""A translation knows what it translates, and says so when the original has gone on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from app.writing.filing import file_version
from app.writing.history.queries import behind, find_source, find_standing
from app.writing.history.service import translates_now, vouch
from app.writing.models import Manuscript
from app.writing.rules import Step
from tests.factories.writing import Letters
from tests.writing.history.conftest import THEN, Pen

LogIn = Callable[[User], FlaskClient]
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)


def publish(pen: Pen, author: User, editor: User) -> None:
    pen.step(Step.SUBMIT, author)
    pen.step(Step.ACCEPT, editor)


@pytest.fixture
def original(write: Callable[..., Pen], author: User, editor: User) -> Pen:
    letter = write()
    publish(letter, author, editor)
    return letter


@pytest.fixture
def translation(original: Pen, write: Callable[..., Pen], author: User, editor: User) -> Pen:
    """Published, and made of version 1 of the original."""
    letter = write(language="zh", title="谈分支", body="分支要短。\n")
    with transaction() as session:
        letter.manuscript.translation_of = "en"
        translates_now(session, letter.manuscript, actor=author, now=THEN)
    publish(letter, author, editor)
    return letter


def is_behind(pen: Pen) -> bool:
    """For readers, as the page and as the list have it: they always say the same."""
    manuscript = pen.manuscript
    standing = find_standing(manuscript.kind, manuscript.slug, manuscript.language)
    assert standing is not None
    listed = list(db.session.execute(behind()).scalars())
    assert (listed == [manuscript]) == standing.is_behind
    return standing.is_behind


def move_on(original: Pen, author: User, editor: User, body: str = "Keep them under a day.\n") -> int:
    number = original.save(author, body=body)
    publish(original, author, editor)
    return number


def say(pen: Pen, number: int, who: User) -> None:
    with transaction() as session:
        vouch(session, pen.manuscript, number, actor=who, now=NOW)


@pytest.mark.both_databases
def test_a_translation_is_behind_once_the_original_is_published_anew(
    original: Pen, translation: Pen, author: User, editor: User
) -> None:
    assert not is_behind(translation)
    original.save(author, body="Keep them under a day.\n")
    assert not is_behind(translation)
    publish(original, author, editor)
    assert is_behind(translation)
    assert find_source(translation.manuscript, 1) == 1


def test_readers_are_told_until_the_new_translation_is_published(
    original: Pen, translation: Pen, author: User, editor: User
) -> None:
    number = move_on(original, author, editor)
    translation.save(author, body="分支不超过一天。\n")
    say(translation, number, author)
    assert is_behind(translation)
    assert find_source(translation.manuscript, translation.manuscript.latest_number) == number
    publish(translation, author, editor)
    assert not is_behind(translation)


def test_a_change_that_needs_no_translation_is_said_to_need_none(
    original: Pen, translation: Pen, author: User, editor: User
) -> None:
    number = move_on(original, author, editor)
    say(translation, number, author)
    assert not is_behind(translation)


@pytest.mark.both_databases
def test_who_translated_an_older_version_says_so(original: Pen, translation: Pen, author: User, editor: User) -> None:
    second = move_on(original, author, editor)
    third = move_on(original, author, editor, body="Keep them under an hour.\n")
    say(translation, second, author)
    assert is_behind(translation)
    assert translation.manuscript.source_number == second
    say(translation, third, author)
    assert not is_behind(translation)


def test_what_nobody_said_is_not_behind(original: Pen, write: Callable[..., Pen], author: User, editor: User) -> None:
    letter = write(language="zh")
    with transaction():
        letter.manuscript.translation_of = "en"
    publish(letter, author, editor)
    move_on(original, author, editor)
    assert not is_behind(letter)


def test_nobody_vouches_for_what_never_was(
    original: Pen, translation: Pen, author: User, editor: User, outsider: User
) -> None:
    draft = original.save(author, body="Not read by anybody.\n")
    for number in (draft, 99, -1):
        with pytest.raises(InvalidInputError):
            say(translation, number, author)
    with pytest.raises(ForbiddenError):
        say(translation, 1, outsider)
    with pytest.raises(ForbiddenError):
        say(original, 1, author)
    translation.save(author, body="分支。\n")
    translation.step(Step.SUBMIT, author)
    with pytest.raises(ConflictError):
        say(translation, 1, author)


def test_a_file_says_what_the_original_says_when_it_changes(letters: Letters, author: User) -> None:
    def sync(language: str, body: str) -> Manuscript:
        with transaction() as session:
            manuscript = file_version(
                session,
                letters,
                {"title": "Filed", "body": body},
                slug="filed",
                language=language,
                translation_of="en" if language == "zh" else None,
                path=f"filed.{language}.md",
                now=NOW,
            )
            translates_now(session, manuscript, now=NOW)
        return manuscript

    sync("en", "One.")
    pen = Pen(letters, sync("zh", "一。").id)
    assert not is_behind(pen)
    sync("en", "Two.")
    assert is_behind(pen)
    sync("zh", "二。")
    assert not is_behind(pen)


def test_the_translator_is_told_and_can_answer(
    original: Pen, translation: Pen, log_in: LogIn, author: User, editor: User
) -> None:
    address = f"/writing/{translation.manuscript_id}"
    browser = log_in(author)
    assert "I have brought it up to date" not in browser.get(address).text
    number = move_on(original, author, editor)
    page = browser.get(address).text
    assert "it was made of version 1, and readers see version 2" in page
    assert "/writing/history/letter/on-branches/differences?lang=en&amp;from=1&amp;to=2" in page or "from=1" in page
    assert browser.post(f"{address}/source", data={"number": number}).status_code == 303
    assert "I have brought it up to date" not in browser.get(address).text


def test_whoever_does_not_write_it_cannot_answer(
    original: Pen, translation: Pen, log_in: LogIn, client: FlaskClient, author: User, editor: User, outsider: User
) -> None:
    number = move_on(original, author, editor)
    address = f"/writing/{translation.manuscript_id}/source"
    assert log_in(outsider).post(address, data={"number": number}).status_code == 404
    assert log_in(editor).post(address, data={"number": number}).status_code == 403
    assert "/login" in client.post(address, data={"number": number}).headers["Location"]
    assert is_behind(translation)
