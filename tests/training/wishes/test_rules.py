"""How a wish stands, and when two are nearly the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from app.accounts.models import User
from app.kernel.db import db, transaction
from app.training.models import TrainingSession
from app.training.rules import State as SessionState
from app.training.service import cancel, discard, publish
from app.training.wishes import service
from app.training.wishes.models import Wish
from app.training.wishes.queries import list_stands
from app.training.wishes.rules import State, is_near, state_of, words_of
from tests.factories.training import DAY, NOW, make_coach
from tests.factories.wishes import make_wish, plan

pytestmark = pytest.mark.usefixtures("clock")


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("Contract tests", "How to write a contract test", True),
        ("Testing of contracts with Pact", "Contract tests", True),
        ("契约测试入门", "契约测试", True),
        ("Contract tests", "Trunk based development", False),
        ("How to get it", "What is that", False),
        ("流水线", "契约测试", False),
    ],
)
def test_titles_that_share_half_their_words_are_near(one: str, other: str, near: bool) -> None:
    assert is_near(words_of(one), words_of(other)) is near
    assert is_near(words_of(other), words_of(one)) is near


def published(session: TrainingSession, _coach: User) -> None:
    training_id = session.id
    with transaction() as writing:
        publish(writing, training_id, now=NOW)


def cancelled(session: TrainingSession, coach: User) -> None:
    published(session, coach)
    training_id = session.id
    with transaction() as writing:
        cancel(writing, training_id, reason="Ill", actor=coach, now=NOW)


def discarded(session: TrainingSession, _coach: User) -> None:
    training_id = session.id
    with transaction() as writing:
        discard(writing, training_id)


def left_alone(_session: TrainingSession, _coach: User) -> None:
    pass


@pytest.mark.parametrize(
    ("step", "now", "state"),
    [
        (left_alone, NOW, State.PLANNED),
        (left_alone, NOW + 9 * DAY, State.OPEN),
        (published, NOW, State.PLANNED),
        (published, NOW + 9 * DAY, State.FULFILLED),
        (cancelled, NOW, State.OPEN),
        (cancelled, NOW + 9 * DAY, State.OPEN),
        (discarded, NOW, State.OPEN),
    ],
)
def test_the_state_follows_from_the_session_in_sql_as_in_python(
    app: Flask, step: Callable[[TrainingSession, User], None], now: datetime, state: State
) -> None:
    coach, wish = make_coach(), make_wish()
    wish_id = wish.id
    step(plan(wish, coach), coach)
    db.session.expire_all()
    wish = db.session.get_one(Wish, wish_id)
    assert state_of(wish.closed_at, wish.training, now) is state
    assert list_stands(None, [wish_id], now=now)[wish_id].state == state
    with transaction() as session:
        db.session.get_one(Wish, wish_id).closed_at = NOW
        session.flush()
    wish = db.session.get_one(Wish, wish_id)
    assert state_of(wish.closed_at, wish.training, now) is State.CLOSED
    assert list_stands(None, [wish_id], now=now)[wish_id].state == State.CLOSED


def test_a_wish_whose_session_was_cancelled_becomes_another_session(app: Flask) -> None:
    coach, other, wish = make_coach(), make_coach("Other Coach"), make_wish()
    first = plan(wish, coach)
    first_id = first.id
    cancelled(first, coach)
    second = plan(wish, other)
    assert second.id != first_id
    assert (second.state, db.session.get_one(Wish, wish.id).training_id) == (SessionState.DRAFT, second.id)
    with transaction() as session:
        discard(session, second.id)
    with transaction() as session:
        service.close(session, wish.id, reason="Enough", actor=coach, now=NOW)
