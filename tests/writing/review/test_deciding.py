"""The decision with its rubric, and who sees what was said."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from app.writing import authors
from app.writing.policy import is_reviewer
from app.writing.queries import content_of, list_reviewers
from app.writing.review.models import Review
from app.writing.review.queries import list_waiting
from app.writing.review.rules import Criterion, Mark
from app.writing.review.service import Verdict, decide
from app.writing.rules import State, Step
from app.writing.service import save
from tests.factories.people import make_team, make_user
from tests.writing.review.conftest import ALL_GOOD, BODY, NOW, House

LogIn = Callable[[User], FlaskClient]
RUBRIC = {"evidence": "good", "clarity": "enough", "usefulness": "not_yet", "sensitive": "good"}


def reviews() -> list[tuple[str, int, str, str]]:
    rows = db.session.query(Review).order_by(Review.id).all()
    return [(row.reviewer.name, row.number, row.decision, row.reason) for row in rows if row.reviewer]


def test_accepting_publishes_and_keeps_the_marks(house: House) -> None:
    house.submit()
    house.decide(Step.ACCEPT, house.edda, "Well told.")
    assert house.letter.state == State.ACCEPTED
    assert list(house.kind.published) == ["on-branches"]
    assert reviews() == [("Edda Editor", 1, "accept", "Well told.")]


@pytest.mark.parametrize("mark", [None, Mark.NOT_YET])
def test_nothing_is_accepted_before_sensitive_information_is_answered(house: House, mark: Mark | None) -> None:
    house.submit()
    marks = {name: value for name, value in {**ALL_GOOD, Criterion.SENSITIVE: mark}.items() if value}
    with pytest.raises(InvalidInputError) as caught:
        house.decide(Step.ACCEPT, house.edda, marks=marks)
    assert caught.value.field == "sensitive"
    assert (house.letter.state, house.kind.published, reviews()) == (State.SUBMITTED, {}, [])
    house.decide(Step.REQUEST_CHANGES, house.edda, marks=marks)
    assert house.letter.state == State.CHANGES_REQUESTED


def test_of_two_who_decide_at_once_the_second_is_told(house: House) -> None:
    house.submit()
    house.decide(Step.REQUEST_CHANGES, house.edda)
    with pytest.raises(ConflictError):
        house.decide(Step.ACCEPT, house.emil)
    assert len(reviews()) == 1
    assert house.kind.published == {}


def test_what_was_read_is_what_is_judged(house: House) -> None:
    house.submit()
    house.step(Step.TAKE_BACK)
    house.save("Quite other words.")
    house.submit()
    for step in (Step.REJECT, Step.REQUEST_CHANGES, Step.ACCEPT):
        with pytest.raises(ConflictError):
            house.decide(step, house.edda, number=1)
    assert reviews() == []


def test_nobody_near_decides(house: House) -> None:
    house.submit()
    for person in (house.anna, house.ben, house.near, house.reader):
        with pytest.raises(ForbiddenError):
            house.decide(Step.ACCEPT, person)


def test_deciding_in_a_browser(house: House, log_in: LogIn) -> None:
    house.submit()
    path = f"/writing/{house.letter.id}/decision"
    browser = log_in(house.edda)
    data = {"number": "1", "decision": "request_changes", "comment": "Where do the numbers come from?", **RUBRIC}
    for name in (*RUBRIC, "decision"):
        answer = browser.post(path, data={key: value for key, value in data.items() if key != name})
        assert answer.status_code == 422
        assert "Where do the numbers come from?" in answer.text
    assert browser.post(path, data={**data, "comment": ""}).status_code == 422
    assert browser.post(path, data={**data, "decision": "accept", "sensitive": "not_yet"}).status_code == 422
    assert browser.post(path, data={**data, "number": "7"}).status_code == 409
    assert browser.post(path, data=data).status_code == 303
    assert browser.post(path, data=data).status_code == 409
    page = log_in(house.anna).get(f"/writing/{house.letter.id}/review").text
    assert "Where do the numbers come from?" in page
    assert "Usefulness: Not there yet" in page


def test_nothing_is_chosen_beforehand(house: House, log_in: LogIn) -> None:
    house.submit()
    page = log_in(house.edda).get(f"/writing/{house.letter.id}/review").text
    assert 'id="decision-title"' in page
    assert " checked" not in page


def test_the_decision_is_shown_to_nobody_who_may_not_take_it(house: House, log_in: LogIn) -> None:
    house.submit()
    address = f"/writing/{house.letter.id}/review"
    for person, status in ((house.anna, 200), (house.near, 200), (house.reader, 404)):
        answer = log_in(person).get(address)
        assert answer.status_code == status
        assert 'id="decision-title"' not in answer.text
    assert log_in(house.near).post(f"/writing/{house.letter.id}/decision", data={}).status_code == 403


def test_readers_of_an_open_text_never_see_what_was_said_of_it(house: House, log_in: LogIn) -> None:
    house.kind.is_open = True
    with transaction() as session:
        session.get_one(type(house.letter), house.letter.id).is_open = True
    house.submit()
    verdict = Verdict(1, Step.ACCEPT, ALL_GOOD, "Secret praise.")
    with transaction() as session:
        decide(session, house.kind, house.letter, verdict, actor=house.edda, now=NOW, prepared=house.prepared())
    browser = log_in(house.reader)
    page = browser.get(f"/writing/{house.letter.id}")
    assert page.status_code == 200
    assert "Secret praise." not in page.text.replace("writing-said", "")
    assert browser.get(f"/writing/{house.letter.id}/review").status_code == 403


@pytest.mark.both_databases
def test_a_review_cannot_accept_what_is_sensitive_in_the_database_either(house: House) -> None:
    review = Review(manuscript_id=house.letter.id, number=1, decision="accept", sensitive="not_yet", at=NOW)
    with pytest.raises(IntegrityError, match="accepted_is_not_sensitive"), transaction() as session:
        session.add(review)


def test_nobody_decides_on_what_they_wrote_before_they_left(house: House) -> None:
    comrade = make_user("Karl Comrade", Role.EDITOR)
    make_team("Editors at large", comrade, house.edda)
    with transaction() as session:
        authors.name_author(session, house.letter, house.edda, actor=house.anna, now=NOW)
    house.save(f"{BODY}\n\nEdda wrote this.", by=house.edda)
    with transaction() as session:
        authors.leave(session, house.letter, actor=house.edda)
    house.submit()
    assert house.edda.id not in house.letter.author_ids
    people = (house.edda, comrade, house.near, house.emil)
    assert [is_reviewer(person, house.letter) for person in people] == [False, False, False, True]
    assert [len(list_waiting(person)) for person in people] == [0, 0, 0, 1]
    assert list_reviewers(house.letter) == [house.emil]
    with pytest.raises(ForbiddenError):
        house.decide(Step.ACCEPT, house.edda)


def test_what_is_made_of_it_after_the_decision_is_not_for_those_who_review(house: House, log_in: LogIn) -> None:
    house.submit()
    house.decide(Step.REQUEST_CHANGES, house.edda)
    content = {**content_of(house.letter), "title": "Hidden title", "body": "Hidden words."}
    with transaction() as session:
        save(session, house.kind, house.letter, content, base=1, actor=house.anna, now=NOW)
    place = f"/writing/{house.letter.id}"
    for path in ("", "/review", "/history", "/versions/1", "/differences"):
        assert "Hidden" not in log_in(house.edda).get(place + path).text, path
        assert log_in(house.edda).get(place + path).status_code == 200
    assert log_in(house.edda).get(f"{place}/versions/2").status_code == 404
    assert log_in(house.edda).get(f"{place}/differences?from=1&to=2").status_code == 404
    assert "Hidden words." in log_in(house.ben).get(place).text
