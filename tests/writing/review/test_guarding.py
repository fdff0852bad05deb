"""Findings are asked about before a submission, and reviewers see what was said."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, ForbiddenError
from app.writing.review.guarding import guard_words
from app.writing.review.models import FindingAnswer, GuardedWord
from app.writing.rules import State, Step
from tests.writing.review.conftest import NOW, House

LogIn = Callable[[User], FlaskClient]
RISKY = "Write to wang.wei@bigbank.cn, or see ci.corp-net.internal. Acme Steel liked it."


@pytest.fixture
def anna(house: House, log_in: LogIn) -> FlaskClient:
    with transaction() as session:
        guard_words(session, ["Acme Steel"], actor=house.edda, now=NOW)
    house.save(RISKY)
    return log_in(house.anna)


def digests(page: str) -> list[str]:
    return [piece.partition('"')[0] for piece in page.split('name="digest" value="')[1:]]


def test_what_is_found_has_to_be_answered_before_it_is_submitted(
    anna: FlaskClient, house: House, log_in: LogIn
) -> None:
    path = f"/writing/{house.letter.id}"
    page = anna.get(path).text
    assert "3 things were found" in page
    assert len(digests(page)) == 3
    with pytest.raises(ConflictError):
        house.submit()
    assert anna.post(f"{path}/submission", data={}).status_code == 409
    for digest in digests(page):
        answer = anna.post(f"{path}/findings", data={"digest": digest, "because": "It is on our public page."})
        assert answer.status_code == 303
    assert "Everything that was found has an answer." in anna.get(path).text
    assert anna.post(f"{path}/submission", data={}).status_code == 303
    review = log_in(house.edda).get(f"{path}/review").text
    assert review.count("It is on our public page.") == 3
    assert "<mark>Acme Steel</mark>" in review


def test_an_answer_holds_for_later_versions_but_not_for_something_else(anna: FlaskClient, house: House) -> None:
    path = f"/writing/{house.letter.id}"
    for digest in digests(anna.get(path).text):
        anna.post(f"{path}/findings", data={"digest": digest, "because": "Agreed with them."})
    house.save(RISKY + " And so on.")
    house.submit()
    house.step(Step.TAKE_BACK)
    house.save(RISKY + " And 13912345678.")
    with pytest.raises(ConflictError):
        house.submit()
    assert house.letter.state == State.DRAFT


def test_who_may_answer_and_with_what(anna: FlaskClient, house: House, log_in: LogIn) -> None:
    path = f"/writing/{house.letter.id}/findings"
    (digest, *_rest) = digests(anna.get(f"/writing/{house.letter.id}").text)
    for because in ("", " x ", "y" * 501):
        assert anna.post(path, data={"digest": digest, "because": because}).status_code == 422
    assert anna.post(path, data={"digest": digest, "because": "First reason."}).status_code == 303
    assert anna.post(path, data={"digest": digest, "because": "Better reason."}).status_code == 303
    assert [row.because for row in db.session.query(FindingAnswer)] == ["Better reason."]
    assert log_in(house.reader).post(path, data={"digest": digest, "because": "Mine."}).status_code == 404
    for each in digests(anna.get(f"/writing/{house.letter.id}").text):
        anna.post(path, data={"digest": each, "because": "Better reason."})
    house.submit()
    assert log_in(house.edda).post(path, data={"digest": digest, "because": "Mine."}).status_code == 403


def test_findings_are_not_in_what_people_are_told(anna: FlaskClient, house: House, told: Callable[[], object]) -> None:
    path = f"/writing/{house.letter.id}"
    for digest in digests(anna.get(path).text):
        anna.post(f"{path}/findings", data={"digest": digest, "because": "Agreed with them."})
    house.submit()
    sent = db.session.connection().exec_driver_sql("SELECT params FROM notice").fetchall()
    assert sent
    assert all(word not in str(sent) for word in ("wang.wei", "Acme", "internal"))


def test_editors_keep_the_list(house: House, log_in: LogIn) -> None:
    browser = log_in(house.edda)
    answer = browser.post("/writing/guarded", data={"words": "Acme Steel\n  acme   STEEL \n蓝海银行\n"})
    assert answer.status_code == 303
    assert [row.word for row in db.session.query(GuardedWord).order_by(GuardedWord.id)] == ["acme STEEL", "蓝海银行"]
    assert "蓝海银行" in browser.get("/writing/guarded").text
    assert browser.post("/writing/guarded", data={"words": "x" * 81}).status_code == 422
    assert browser.post("/writing/guarded/1/delete").status_code == 303
    assert browser.post("/writing/guarded/1/delete").status_code == 303
    for address in ("/writing/guarded", "/writing/guarded/live", "/writing/reviewers"):
        assert log_in(house.anna).get(address).status_code == 403
    with pytest.raises(ForbiddenError), transaction() as session:
        guard_words(session, ["Acme"], actor=house.anna, now=NOW)


def test_what_is_published_is_looked_through_again(house: House, log_in: LogIn) -> None:
    house.save("We did it for Acme Steel.")
    house.submit()
    house.decide(Step.ACCEPT, house.edda)
    browser = log_in(house.edda)
    assert "Nothing was found" in browser.get("/writing/guarded/live").text
    browser.post("/writing/guarded", data={"words": "Acme Steel"})
    page = browser.get("/writing/guarded/live").text
    assert "On branches" in page
    assert "A guarded name: •••" in page
    assert "Acme Steel" not in page
