"""Wishing, voting, planning, closing."""

from __future__ import annotations

import random

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import User
from app.accounts.rules import Role
from app.jobs.messages import reading_as, word
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, DomainError, ForbiddenError, InvalidInputError, NotFoundError
from app.notifications.models import Notice
from app.training.rules import State as SessionState
from app.training.seats.models import HeadStart
from app.training.service import publish
from app.training.wishes import service
from app.training.wishes.models import Wish, WishVote
from app.training.wishes.queries import count_teams, count_votes, list_similar, list_voters
from app.training.wishes.rules import MAX_OPEN
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.factories.training import NOW, make_coach
from tests.factories.wishes import make_wish, plan

pytestmark = pytest.mark.usefixtures("clock")


def vote(wish: Wish, person: User) -> None:
    wish_id = wish.id
    with transaction() as session:
        service.vote(session, wish_id, actor=person, now=NOW)


def take_back(wish: Wish, person: User) -> None:
    wish_id = wish.id
    with transaction() as session:
        service.take_back(session, wish_id, actor=person, now=NOW)


def close(wish: Wish, coach: User, reason: str = "No") -> None:
    wish_id = wish.id
    with transaction() as session:
        service.close(session, wish_id, reason=reason, actor=coach, now=NOW)


def ahead(training_id: int) -> set[int]:
    return set(db.session.execute(select(HeadStart.user_id).where(HeadStart.training_id == training_id)).scalars())


def test_a_wish_begins_with_the_vote_of_whoever_made_it(app: Flask) -> None:
    wang, li = make_user("Wang"), make_user("Li")
    wish = make_wish("Contract tests", by=wang)
    for _ in range(2):
        vote(wish, li)
    assert [person.name for person in list_voters(wish.id)] == ["Wang", "Li"]
    for _ in range(2):
        take_back(wish, wang)
    assert [person.name for person in list_voters(wish.id)] == ["Li"]


def test_the_same_wish_again_is_a_vote_for_it(app: Flask) -> None:
    wang, li = make_user("Wang"), make_user("Li")
    first = make_wish("Contract tests", by=wang)
    again = make_wish("  CONTRACT   Tests ", by=li)
    assert again.id == first.id
    assert count_votes([first.id]) == {first.id: 2}


def test_what_is_noted_for_others_has_no_vote(app: Flask) -> None:
    editor = make_user("Edda", Role.EDITOR)
    wish = make_wish("Contract tests", by=editor, votes=False)
    make_wish("Contract tests", by=editor, votes=False)
    assert count_votes([wish.id]) == {}


def test_nobody_has_more_than_twenty_open_wishes(app: Flask) -> None:
    wang = make_user("Wang")
    wishes = [make_wish(f"Topic {number}", by=wang) for number in range(MAX_OPEN)]
    with pytest.raises(InvalidInputError, match="20 open wishes already"):
        make_wish("One more", by=wang)
    assert make_wish("Topic 3", by=wang).id == wishes[3].id
    close(wishes[0], make_coach())
    assert make_wish("One more", by=wang).id not in {wish.id for wish in wishes}


def test_votes_are_counted_by_team(app: Flask) -> None:
    people = [make_user(f"Person {number}") for number in range(6)]
    make_team("Payments", *people[:4])
    make_team("Risk", *people[3:5])
    wish, other = make_wish("Contract tests", *people[1:], by=people[0]), make_wish("Pipelines", by=people[4])
    assert count_votes([wish.id, other.id]) == {wish.id: 6, other.id: 1}
    assert count_teams([wish.id, other.id]) == {wish.id: [("Payments", 4), ("Risk", 2)], other.id: [("Risk", 1)]}


def test_votes_counted_are_the_rows_whatever_people_do(app: Flask) -> None:
    dice = random.Random(8)
    people, wishes = [make_user(f"P{number}") for number in range(6)], [make_wish(f"T{number}") for number in range(3)]
    expected = {wish.id: {wish.made_by_id} for wish in wishes}
    for _ in range(120):
        wish, person = dice.choice(wishes), dice.choice(people)
        if dice.random() < 0.6:
            vote(wish, person)
            expected[wish.id].add(person.id)
        else:
            take_back(wish, person)
            expected[wish.id].discard(person.id)
    rows = db.session.execute(select(WishVote.wish_id, func.count()).group_by(WishVote.wish_id))
    assert (
        count_votes(expected)
        == {wish_id: len(ids) for wish_id, ids in expected.items()}
        == {wish_id: number for wish_id, number in rows}
    )


def test_similar_wishes_are_those_of_the_same_words_then_of_the_same_capability(app: Flask) -> None:
    control, change = make_framework().areas[0].capabilities[:2]
    near = make_wish("Pact for contract tests")
    beside = make_wish("Rebase without fear", capability_id=control.id)
    make_wish("Change boards", capability_id=change.id)
    closed = make_wish("Contract testing")
    close(closed, make_coach())
    found = list_similar("Contract tests", control.id, now=NOW)
    assert [wish.id for wish in found] == [near.id, beside.id]
    assert list_similar("Contract tests", control.id, now=NOW, without=near.id) == [beside]
    assert list_similar("Sailing", None, now=NOW) == []


def test_a_session_of_a_wish_gives_its_people_a_head_start(app: Flask) -> None:
    coach, wang, li, gone = make_coach(), make_user("Wang"), make_user("Li"), make_user("Gone")
    wish = make_wish("Contract tests", li, gone, by=wang)
    with transaction() as session:
        session.get_one(User, gone.id).disabled_at = NOW
    training = plan(wish, coach, hours=72)
    training_id = training.id
    assert (training.state, training.head_start_hours) == (SessionState.DRAFT, 72)
    assert ahead(training_id) == {wang.id, li.id}
    assert plan(wish, coach).id == training_id
    with pytest.raises(ConflictError, match="Another coach"):
        plan(wish, make_coach("Other"))


def test_votes_count_until_the_session_is_published(app: Flask) -> None:
    coach, wang, li = make_coach(), make_user("Wang"), make_user("Li")
    wish = make_wish("Contract tests", by=wang)
    training_id = plan(wish, coach).id
    vote(wish, li)
    take_back(wish, wang)
    assert ahead(training_id) == {li.id}
    with transaction() as session:
        publish(session, training_id, now=NOW)
    for act in (vote, take_back):
        with pytest.raises(ConflictError, match="is announced"):
            act(wish, li)
    assert ahead(training_id) == {li.id}
    assert make_wish("Contract tests", by=wang).id == wish.id
    assert count_votes([wish.id]) == {wish.id: 1}


def test_closing_tells_everybody_who_wanted_it(app: Flask) -> None:
    coach, wang, li = make_coach(), make_user("Wang"), make_user("Li")
    wish = make_wish("Contract tests", li, coach, by=wang)
    wish_id = wish.id
    for reason in ("", "   ", "x" * 501):
        with pytest.raises(InvalidInputError, match="Say why"):
            close(wish, coach, reason)
    close(wish, coach, "There is an article now.")
    notices = list(db.session.execute(select(Notice).order_by(Notice.user_id)).scalars())
    assert [notice.user_id for notice in notices] == [wang.id, li.id]
    with reading_as("en", "Asia/Shanghai"):
        message = word(notices[0].kind, notices[0].params)
    assert message.subject == "Wish closed: Contract tests"
    assert "There is an article now." in message.body
    assert message.url is not None
    assert message.url.endswith(f"/training/wishes/{wish_id}")
    with pytest.raises(ConflictError, match="closed already"):
        close(wish, coach)
    with pytest.raises(ConflictError, match="This wish is closed"):
        vote(wish, coach)
    with transaction() as session:
        service.reopen(session, wish_id, now=NOW)
    assert count_votes([wish_id]) == {wish_id: 3}


def test_a_closed_wish_stays_closed_beside_the_same_one(app: Flask) -> None:
    wish = make_wish("Contract tests")
    close(wish, make_coach())
    assert make_wish("Contract tests").id != wish.id
    with pytest.raises(ConflictError, match="on the board by now"), transaction() as session:
        service.reopen(session, wish.id, now=NOW)


def test_only_the_author_deletes_and_only_while_nobody_else_wants_it(app: Flask) -> None:
    wang, li, coach = make_user("Wang"), make_user("Li"), make_coach()
    wish = make_wish("Contract tests", li, by=wang)
    wish_id = wish.id

    def delete(actor: User) -> None:
        with transaction() as session:
            service.delete_wish(session, wish_id, actor=actor, now=NOW)

    for person, error in ((li, ForbiddenError), (coach, ForbiddenError), (wang, ConflictError)):
        with pytest.raises(error):
            delete(person)
    take_back(wish, li)
    training = plan(wish, coach)
    with pytest.raises(ConflictError, match="not open any more"):
        delete(wang)
    with transaction() as session:
        session.delete(session.get_one(type(training), training.id))
    delete(wang)
    assert db.session.execute(select(func.count()).select_from(WishVote)).scalar_one() == 0
    with pytest.raises(NotFoundError):
        delete(wang)


@pytest.mark.parametrize("hours", [-1, 169])
def test_a_head_start_lasts_a_week_at_most(app: Flask, hours: int) -> None:
    with pytest.raises(InvalidInputError, match="between 0 and 168"):
        plan(make_wish(), make_coach(), hours=hours)


def test_what_is_not_there_cannot_be_voted_for(app: Flask) -> None:
    wang = make_user("Wang")
    for act in (service.vote, service.take_back, service.delete_wish):
        with pytest.raises(DomainError, match="no such wish"), transaction() as session:
            act(session, 999, actor=wang, now=NOW)


def test_whoever_leaves_takes_the_vote_along_and_leaves_the_wish(app: Flask) -> None:
    wang, li = make_user("Wang"), make_user("Li")
    wish = make_wish("Contract tests", li, by=wang)
    with transaction() as session:
        session.delete(session.get_one(User, wang.id))
    assert [person.name for person in list_voters(wish.id)] == ["Li"]
