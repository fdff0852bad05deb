"""Was this helpful? One answer a person, told from three on; reasons for those who can mend it alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.community.helpful import service
from app.community.helpful.models import HelpfulAnswer
from app.community.helpful.policy import can_see_reasons
from app.community.helpful.queries import Tally, count_answers, least_helpful
from app.community.helpful.rules import Reason
from app.community.subjects import Ref
from app.kernel.db import db, transaction
from app.kernel.errors import InvalidInputError
from tests.community.people import House
from tests.factories.people import make_user
from tests.factories.practices import make_practice

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
PRACTICE = Ref("practice", "short-branches")
PAGE = "/practices/short-branches"
ADDRESS = "/community/helpful/practice/short-branches"
LogIn = Callable[[User], FlaskClient]


def answer(user: User, *, is_helpful: bool, ref: Ref = PRACTICE, **why: object) -> None:
    user_id = user.id
    with transaction() as session:
        actor = session.get_one(User, user_id)
        service.answer(session, ref, is_helpful=is_helpful, actor=actor, now=NOW, **why)  # type: ignore[arg-type]


def test_who_reads_the_reasons(house: House) -> None:
    people = (house.owner, house.colleague, house.outsider, house.editor)
    assert [can_see_reasons(user, {house.owner.id}) for user in people] == [True, False, False, True]


def test_one_answer_a_person_that_can_be_changed_and_withdrawn(house: House, log_in: LogIn) -> None:
    browser = log_in(house.outsider)
    assert browser.post(ADDRESS).location == f"{PAGE}#helpful"
    assert browser.post(ADDRESS).status_code == 303
    assert count_answers([PRACTICE]) == {PRACTICE: Tally(1, 1)}
    assert "It helped you" in browser.get(PAGE).text
    data = {"reason": "unclear", "words": "Step 3"}
    assert browser.post(f"{ADDRESS}/no", data=data).status_code == 303
    row = db.session.execute(select(HelpfulAnswer)).scalar_one()
    assert (row.is_helpful, row.reason, row.words) == (False, "unclear", "Step 3")
    assert browser.post(ADDRESS).status_code == 303
    row = db.session.execute(select(HelpfulAnswer)).scalar_one()
    assert (row.is_helpful, row.reason, row.words) == (True, "", "")
    assert browser.post(f"{ADDRESS}/delete").status_code == 303
    assert count_answers([PRACTICE]) == {}
    assert "Was this helpful?" in browser.get(PAGE).text


def test_no_asks_for_a_reason(house: House, log_in: LogIn) -> None:
    browser = log_in(house.outsider)
    assert browser.post(f"{ADDRESS}/no", data={"words": "Because"}).status_code == 422
    assert browser.post(f"{ADDRESS}/no", data={"reason": "ugly"}).status_code == 422
    assert browser.post(f"{ADDRESS}/no", data={"reason": "unclear", "words": "x" * 501}).status_code == 422
    assert count_answers([PRACTICE]) == {}
    with pytest.raises(InvalidInputError):
        answer(house.outsider, is_helpful=False, reason=Reason.UNCLEAR, words="x" * 501)


def test_counts_are_told_from_three_answers_on(house: House, client: FlaskClient) -> None:
    answer(house.owner, is_helpful=True)
    answer(house.colleague, is_helpful=True)
    assert "found this helpful" not in client.get(PAGE).text
    answer(house.outsider, is_helpful=False, reason=Reason.MISSING)
    assert "2 of 3 found this helpful" in client.get(PAGE).text


def test_reasons_are_for_the_owner_and_editors(house: House, log_in: LogIn, client: FlaskClient) -> None:
    answer(house.outsider, is_helpful=False, reason=Reason.OUTDATED, words="Nobody has that server any more")
    for user in (house.owner, house.editor):
        page = log_in(user).get(ADDRESS).text
        assert ("It is out of date" in page, "Nobody has that server" in page, "Uma Outsider" in page) == (True,) * 3
        assert f'href="{ADDRESS}"' in log_in(user).get(PAGE).text
    for user in (house.colleague, house.outsider):
        assert log_in(user).get(ADDRESS).status_code == 403
        page = log_in(user).get(PAGE).text
        assert ("Nobody has that server" in page, f'href="{ADDRESS}"' in page) == (False, False)
    assert client.get(ADDRESS).status_code == 303
    assert "Nobody has that server" not in client.get(PAGE).text


def test_editors_see_what_is_least_helpful(house: House, log_in: LogIn) -> None:
    make_practice("good")
    make_practice("bad")
    make_practice("unknown")
    crowd = [make_user(f"Person {number}") for number in range(4)]
    for number, user in enumerate(crowd):
        answer(user, is_helpful=number > 0, ref=Ref("practice", "good"))
        answer(user, is_helpful=number > 2, ref=Ref("practice", "bad"))
    answer(crowd[0], is_helpful=False, ref=Ref("practice", "unknown"))
    assert least_helpful(10) == [(Ref("practice", "bad"), Tally(1, 4)), (Ref("practice", "good"), Tally(3, 4))]
    page = log_in(house.editor).get("/community/helpful/").text
    assert page.index("About bad") < page.index("About good")
    assert "About unknown" not in page
    assert log_in(house.owner).get("/community/helpful/").status_code == 403


def test_what_is_not_there_gets_no_answers(house: House, log_in: LogIn) -> None:
    assert log_in(house.outsider).post("/community/helpful/practice/none").status_code == 404


@pytest.mark.both_databases
def test_the_database_allows_one_answer_and_no_reason_for_yes(app: Flask) -> None:
    user = make_user("Uma")
    answer(user, is_helpful=True)
    user_id = user.id
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(HelpfulAnswer(kind="practice", slug="short-branches", user_id=user_id, is_helpful=False, at=NOW))
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(
            HelpfulAnswer(
                kind="practice", slug="x", user_id=user_id, is_helpful=True, reason="unclear", words="", at=NOW
            )
        )


@pytest.mark.both_databases
def test_least_helpful_is_the_same_on_both_databases(app: Flask) -> None:
    for number in range(3):
        answer(make_user(f"Person {number}"), is_helpful=number == 0)
    assert least_helpful(5) == [(PRACTICE, Tally(1, 3))]
