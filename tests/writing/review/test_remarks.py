"""Remarks on passages: where they are, who sees them, how they are answered and sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from app.writing.review.anchoring import Passage
from app.writing.review.queries import list_remarks
from app.writing.review.remarking import remark
from app.writing.rules import Step
from tests.writing.review.conftest import BODY, NOW, House

LogIn = Callable[[User], FlaskClient]
Told = Callable[[], list[tuple[str, str]]]
MERGE = {"number": "1", "field": "body", "quote": "Merge every\n day", "text": "Why every day?"}


@pytest.fixture
def path(house: House) -> str:
    house.submit()
    return f"/writing/{house.letter.id}"


@pytest.fixture
def edda(house: House, path: str, log_in: LogIn) -> FlaskClient:
    return log_in(house.edda)


@pytest.fixture
def anna(house: House, path: str, log_in: LogIn) -> FlaskClient:
    return log_in(house.anna)


def test_a_selected_passage_is_marked_in_the_text(edda: FlaskClient, path: str) -> None:
    answer = edda.post(f"{path}/remarks", data=MERGE)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{path}/review#remark-1")
    page = edda.get(f"{path}/review").text
    assert '<mark class="passage" data-passages="remark-1">Merge every day</mark>' in page
    assert 'href="#passage-remark-1"' in page
    assert 'id="passage-remark-1"' in page
    assert "Why every day?" in page


def test_without_script_one_chooses_a_paragraph_or_the_whole(edda: FlaskClient, path: str, house: House) -> None:
    edda.post(f"{path}/remarks", data={"number": "1", "field": "body", "passage": "1", "text": "Which rule?"})
    edda.post(f"{path}/remarks", data={"number": "1", "field": "title", "passage": "", "text": "Too short."})
    found = [(each.field, each.quote) for each in list_remarks(house.letter.id)]
    assert found == [("body", "Delete them at once, says the oldest rule."), ("title", "")]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"text": " "}, 422),
        ({"text": "x" * 2_001}, 422),
        ({"quote": "Words that are not there at all."}, 422),
        ({"quote": "Merge <script>"}, 422),
        ({"field": "nothing"}, 422),
        ({"field": "title"}, 422),
        ({"number": "2"}, 409),
        ({"number": "x"}, 409),
        ({"passage": "99", "quote": ""}, 303),
    ],
)
def test_what_can_be_sent(edda: FlaskClient, path: str, change: dict[str, str], status: int) -> None:
    answer = edda.post(f"{path}/remarks", data={**MERGE, **change})
    assert answer.status_code == status
    assert "<script>" not in answer.text.replace('<script type="module"', "").replace("<script src", "")


def test_a_remark_is_seen_once_it_is_sent(edda: FlaskClient, anna: FlaskClient, path: str, told: Told) -> None:
    edda.post(f"{path}/remarks", data=MERGE)
    edda.post(f"{path}/remarks", data={**MERGE, "quote": "at least once", "text": "At most?"})
    assert "Why every day?" not in anna.get(f"{path}/review").text
    assert anna.post(f"{path}/remarks/1", data={"text": "So."}).status_code == 404
    before = told()
    edda.post(f"{path}/remarks/send")
    assert told()[len(before) :] == [("Anna Author", "review review remarks"), ("Ben Author", "review review remarks")]
    assert "Why every day?" in anna.get(f"{path}/review").text
    edda.post(f"{path}/remarks/send")
    assert len(told()) == len(before) + 2


def test_remarks_go_along_with_the_decision_in_one_notice(
    edda: FlaskClient, anna: FlaskClient, path: str, house: House, told: Told
) -> None:
    edda.post(f"{path}/remarks", data=MERGE)
    before = told()
    house.decide(Step.REQUEST_CHANGES, house.edda)
    assert told()[len(before) :] == [
        ("Anna Author", "writing request_changes"),
        ("Ben Author", "writing request_changes"),
    ]
    assert "Why every day?" in anna.get(f"{path}/review").text


def test_the_author_answers_and_marks_as_done_and_the_reviewer_opens_it_again(
    edda: FlaskClient, anna: FlaskClient, path: str, house: House
) -> None:
    edda.post(f"{path}/remarks", data=MERGE)
    house.decide(Step.REQUEST_CHANGES, house.edda)
    assert "1 remark is open." in anna.get(path).text
    anna.post(f"{path}/remarks/1", data={"text": "Because it hurts less.", "action": "done"})
    (only,) = list_remarks(house.letter.id)
    assert (only.is_open, only.done_by.name if only.done_by else "") == (False, "Anna Author")
    assert "Because it hurts less." not in edda.get(f"{path}/review").text
    house.save(BODY + "\n\nMore.")
    house.submit()
    assert "Because it hurts less." in edda.get(f"{path}/review").text
    edda.post(f"{path}/remarks/1", data={"action": "reopen", "text": "Say so in the text."})
    assert [each.is_open for each in list_remarks(house.letter.id)] == [True]


def test_a_remark_follows_its_passage_or_says_that_it_is_another(edda: FlaskClient, path: str, house: House) -> None:
    edda.post(f"{path}/remarks", data=MERGE)
    house.decide(Step.REQUEST_CHANGES, house.edda)
    house.save("A new beginning.\n\n" + BODY)
    house.submit()
    page = edda.get(f"{path}/review").text
    assert ">Merge every day</mark>" in page
    assert "This passage has changed since" not in page
    house.step(Step.TAKE_BACK)
    house.save(BODY.replace("Merge every day", "Merge twice each day"))
    house.submit()
    page = edda.get(f"{path}/review").text
    assert "This passage has changed since. It was:" in page
    assert ">Merge twice each day</mark>" in page
    house.step(Step.TAKE_BACK)
    house.save("Nothing of it is left.")
    house.submit()
    page = edda.get(f"{path}/review").text
    assert "This passage has changed since. It was:" in page
    assert "<mark" not in page


def test_only_an_own_remark_that_was_not_sent_can_be_taken_back(
    edda: FlaskClient, path: str, house: House, log_in: LogIn
) -> None:
    edda.post(f"{path}/remarks", data=MERGE)
    assert log_in(house.emil).post(f"{path}/remarks/1", data={"action": "delete"}).status_code == 403
    edda.post(f"{path}/remarks/1", data={"action": "delete"})
    assert list_remarks(house.letter.id) == []
    edda.post(f"{path}/remarks", data=MERGE)
    edda.post(f"{path}/remarks/send")
    (sent,) = list_remarks(house.letter.id)
    assert edda.post(f"{path}/remarks/{sent.id}", data={"action": "delete"}).status_code == 409


def test_authors_readers_and_those_who_are_near_make_no_remarks(path: str, house: House, log_in: LogIn) -> None:
    for person, status in ((house.anna, 403), (house.near, 403), (house.reader, 404)):
        assert log_in(person).post(f"{path}/remarks", data=MERGE).status_code == status


def test_a_draft_gets_no_remarks(house: House) -> None:
    for person, error in ((house.edda, ConflictError), (house.anna, ForbiddenError)):
        with pytest.raises(error), transaction() as session:
            remark(session, house.letter, "body", Passage(""), number=1, text="Hm.", actor=person, now=NOW)


def test_a_remark_of_one_manuscript_is_not_reached_through_another(edda: FlaskClient, path: str, house: House) -> None:
    edda.post(f"{path}/remarks", data=MERGE)
    assert edda.post("/writing/99/remarks/1", data={"text": "x"}).status_code == 404


def test_there_is_an_end_to_remarks(house: House, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.writing.review.remarking.MAX_REMARKS", 1)
    for error in (None, ConflictError):
        with transaction() as session:
            if error is None:
                remark(session, house.letter, "body", Passage(""), number=1, text="Hm.", actor=house.edda, now=NOW)
                continue
            with pytest.raises(error):
                remark(
                    session, house.letter, "body", Passage(""), number=1, text="One more.", actor=house.edda, now=NOW
                )


def test_a_passage_that_is_too_long_is_refused(house: House, path: str) -> None:
    with pytest.raises(InvalidInputError), transaction() as session:
        remark(session, house.letter, "body", Passage("x" * 1_001), number=1, text="Hm.", actor=house.edda, now=NOW)


def test_what_is_sent_twice_is_said_once(edda: FlaskClient, anna: FlaskClient, path: str, house: House) -> None:
    for _ in range(2):
        assert edda.post(f"{path}/remarks", data=MERGE).headers["Location"] == f"{path}/review#remark-1"
    edda.post(f"{path}/remarks", data={**MERGE, "text": "And why at all?"})
    edda.post(f"{path}/remarks/send")
    for _ in range(2):
        assert anna.post(f"{path}/remarks/1", data={"text": "Since June."}).status_code == 303
    found = [[entry.text for entry in each.entries] for each in list_remarks(house.letter.id)]
    assert found == [["Why every day?", "Since June."], ["And why at all?"]]
