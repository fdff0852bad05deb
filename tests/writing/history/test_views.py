"""The pages of a history, for those who write."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.kernel.db import db, transaction
from app.writing.filing import file_version
from app.writing.queries import content_of, get_version
from app.writing.rules import Origin, Step
from tests.factories.writing import Letters
from tests.writing.history.conftest import THEN, Pen

LogIn = Callable[[User], FlaskClient]


def test_the_history_tells_the_steps_and_folds_what_was_only_saved(pen: Pen, log_in: LogIn, author: User) -> None:
    page = log_in(author).get(f"/writing/{pen.manuscript_id}/history").text
    assert re.findall(r'class="history-name"[^>]*>Version (\d)', page) == ["6", "5", "4", "3", "2", "1"]
    assert re.findall(r"Saved \d times", page) == ["Saved 2 times"]
    assert re.findall(r'data-step="(\w+)"', page) == ["submit", "accept", "submit", "request_changes"]
    for said in ("Say why, but not to readers.", "Not yet decided", "Conny Colleague", "What readers see"):
        assert said in page


def test_two_versions_can_be_chosen_without_script(pen: Pen, log_in: LogIn, author: User) -> None:
    page = log_in(author).get(f"/writing/{pen.manuscript_id}/history").text
    assert f'action="/writing/{pen.manuscript_id}/differences"' in page
    assert len(re.findall(r'type="radio" name="(?:from|to)"', page)) == 12


def test_each_version_is_compared_with_the_one_that_counts(pen: Pen, log_in: LogIn, author: User) -> None:
    page = log_in(author).get(f"/writing/{pen.manuscript_id}/history").text
    pairs = re.findall(r"differences\?from=(\d)&amp;to=(\d)", page)
    assert pairs == [("4", "6"), ("4", "5"), ("3", "4"), ("1", "2")]


def test_a_version_is_shown_as_readers_would_see_it(pen: Pen, log_in: LogIn, author: User) -> None:
    browser = log_in(author)
    old = browser.get(f"/writing/{pen.manuscript_id}/versions/3").text
    assert "<p>Keep them under two days.</p>" in old
    assert "Not what readers see" in old
    assert "Restore this version" in old
    live = browser.get(f"/writing/{pen.manuscript_id}/versions/4").text
    assert "Not what readers see" not in live


def test_the_differences_begin_with_what_readers_see(pen: Pen, log_in: LogIn, author: User) -> None:
    page = log_in(author).get(f"/writing/{pen.manuscript_id}/differences").text
    assert re.findall(r'<option value="(\d)" selected', page) == ["4", "6"]
    assert re.search(r"<del><span[^>]*>[^<]*</span>On branches<", page)
    assert "2 fields are different" in page


def test_a_change_is_told_to_a_screen_reader_in_words(pen: Pen, log_in: LogIn, author: User) -> None:
    page = log_in(author).get(f"/writing/{pen.manuscript_id}/differences?from=4&to=5&view=inline").text
    assert re.search(r"<del><span[^>]*>\[removed: </span>two days<", page)
    assert re.search(r"<ins><span[^>]*>\[added: </span>one day<", page)
    assert 'class="diff-left"' not in page


def test_side_by_side_has_the_text_of_a_phone_too(pen: Pen, log_in: LogIn, author: User) -> None:
    page = log_in(author).get(f"/writing/{pen.manuscript_id}/differences?from=4&to=5").text
    assert [page.count(f'class="diff-{name}"') for name in ("left", "right", "one")] == [1, 1, 1]
    assert "1 paragraph is the same" not in page
    whole = log_in(author).get(f"/writing/{pen.manuscript_id}/differences?from=4&to=5&context=all").text
    assert "Long ones hide problems." in whole


def test_what_is_written_stays_text(pen: Pen, log_in: LogIn, author: User) -> None:
    pen.save(author, body="<script>alert(1)</script> & <b>\n")
    page = log_in(author).get(f"/writing/{pen.manuscript_id}/differences?from=6").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("query", ["from=x&to=y", "view=%3Cscript%3E&context=no", "to=6&from=6", "page=99"])
def test_nonsense_in_the_address_breaks_nothing(pen: Pen, log_in: LogIn, author: User, query: str) -> None:
    answer = log_in(author).get(f"/writing/{pen.manuscript_id}/differences?{query}")
    assert answer.status_code == 200
    assert "<script>" not in answer.text


def test_one_version_has_nothing_to_be_compared_with(write: Callable[..., Pen], log_in: LogIn, author: User) -> None:
    letter, browser = write(), log_in(author)
    assert "only this one version" in browser.get(f"/writing/{letter.manuscript_id}/differences").text
    assert 'type="radio"' not in browser.get(f"/writing/{letter.manuscript_id}/history").text


def restore(browser: FlaskClient, pen: Pen, number: int, base: int) -> int:
    address = f"/writing/{pen.manuscript_id}/restoration"
    return browser.post(address, data={"number": number, "base": base}).status_code


@pytest.mark.both_databases
def test_an_old_version_comes_back_as_a_new_one(pen: Pen, log_in: LogIn, author: User) -> None:
    old = content_of(pen.manuscript, 3)
    assert restore(log_in(author), pen, 3, 6) == 303
    version = get_version(pen.manuscript, 7)
    assert (version.content, version.origin, version.note) == (old, Origin.RESTORED, "Version 3 restored")
    assert content_of(pen.manuscript, 6)["body"] == "Hushhush.\n"
    assert pen.manuscript.published_number == 4
    page = log_in(author).get(f"/writing/{pen.manuscript_id}/history").text
    assert "Restored" in page


def test_what_a_colleague_saved_meanwhile_is_not_undone_unseen(
    pen: Pen, log_in: LogIn, author: User, colleague: User
) -> None:
    pen.save(colleague, title="A title of its own")
    assert restore(log_in(author), pen, 4, 6) == 409
    assert content_of(pen.manuscript)["title"] == "A title of its own"


def test_restoring_what_is_there_changes_nothing(pen: Pen, log_in: LogIn, author: User) -> None:
    assert restore(log_in(author), pen, 6, 6) == 303
    assert pen.manuscript.latest_number == 6


@pytest.mark.parametrize(("number", "base", "status"), [(99, 6, 404), (3, 99, 404), (3, 0, 404), ("x", 6, 404)])
def test_only_what_is_there_can_be_restored(
    pen: Pen, log_in: LogIn, author: User, number: int, base: int, status: int
) -> None:
    assert restore(log_in(author), pen, number, base) == status
    assert pen.manuscript.latest_number == 6


def test_nobody_restores_while_it_is_reviewed_or_who_does_not_write_it(
    pen: Pen, log_in: LogIn, author: User, editor: User, outsider: User
) -> None:
    assert restore(log_in(outsider), pen, 3, 6) == 404
    pen.step(Step.SUBMIT, author)
    assert restore(log_in(author), pen, 3, 6) == 403
    assert restore(log_in(editor), pen, 3, 6) == 403
    assert pen.manuscript.latest_number == 6


def test_the_history_of_a_file_names_the_file(letters: Letters, log_in: LogIn, author: User) -> None:
    letters.is_open = True
    for body in ("One.", "Two."):
        with transaction() as session:
            manuscript = file_version(
                session,
                letters,
                {"title": "Filed", "body": body},
                slug="filed",
                language="en",
                translation_of=None,
                path="content/filed.en.md",
                now=THEN,
            )
    browser = log_in(author)
    page = browser.get(f"/writing/{manuscript.id}/history").text
    assert "content/filed.en.md" in page
    assert page.count("from the file") == 2
    assert "Restore" not in browser.get(f"/writing/{manuscript.id}/versions/1").text
    assert restore(browser, Pen(letters, manuscript.id), 1, 2) == 403


def test_the_pages_speak_chinese(pen: Pen, log_in: LogIn, author: User) -> None:
    browser = log_in(author)
    with transaction() as session:
        session.get_one(User, author.id).language = "zh"
    for path in ("history", "differences", "versions/3"):
        page = browser.get(f"/writing/{pen.manuscript_id}/{path}").text
        assert "版本" in page
        assert "Version" not in page


def test_thirty_versions_take_as_many_queries_as_eight(
    pen: Pen, log_in: LogIn, author: User, count_queries: list[str]
) -> None:
    browser, counts = log_in(author), []
    for more in (2, 22):
        for number in range(more):
            pen.save(author, body=f"Save {more} {number}.\n")
        db.session.rollback()
        for path in ("history", "differences?from=4"):
            count_queries.clear()
            assert browser.get(f"/writing/{pen.manuscript_id}/{path}").status_code == 200
            counts.append(len(count_queries))
    assert counts[:2] == counts[2:]
