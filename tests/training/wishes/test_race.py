"""One vote for each person, one wish for each title, one session for each wish: several processes at once."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.config import Config
from app.kernel.db import db
from app.training.models import TrainingSession
from app.training.seats.models import HeadStart
from app.training.wishes.models import Wish, WishVote
from app.training.wishes.queries import count_votes
from tests.factories.people import make_user
from tests.factories.training import make_coach
from tests.factories.wishes import make_wish
from tests.training.crowd import PROCESSES, run_together
from tests.training.wishes.crowd import plan_each, vote_each, wish_each

pytestmark = [pytest.mark.race, pytest.mark.both_databases]


def release_database() -> None:
    """Hold no connection while others write."""
    db.session.remove()
    db.engine.dispose()


def test_whoever_votes_from_four_processes_has_one_vote(app: Flask, config: Config) -> None:
    wish_id, people = make_wish(votes=False).id, [make_user(f"Person {number}").id for number in range(5)]
    release_database()
    run_together(config, vote_each, [(wish_id, people * 3)] * PROCESSES)
    assert count_votes([wish_id]) == {wish_id: 5}
    assert set(db.session.execute(select(WishVote.user_id)).scalars()) == set(people)


def test_the_same_wish_from_four_people_at_once_is_one_with_four_votes(app: Flask, config: Config) -> None:
    titles = [f"Topic {number}" for number in range(6)]
    people = [make_user(f"Person {number}").id for number in range(PROCESSES)]
    release_database()
    run_together(config, wish_each, [(person, titles) for person in people])
    votes = db.session.execute(
        select(Wish.title, func.count()).join(WishVote, WishVote.wish_id == Wish.id).group_by(Wish.title)
    )
    assert {title: number for title, number in votes} == dict.fromkeys(titles, PROCESSES)
    assert Counter(db.session.execute(select(Wish.title)).scalars()) == Counter(titles)


def test_four_coaches_at_once_make_one_session(app: Flask, config: Config) -> None:
    wish = make_wish("Contract tests", *(make_user(f"Person {number}") for number in range(3)))
    wish_id, coaches = wish.id, [make_coach(f"Coach {number}").id for number in range(PROCESSES)]
    release_database()
    run_together(config, plan_each, [(wish_id, coach) for coach in coaches])
    (training_id,) = db.session.execute(select(TrainingSession.id)).scalars()
    assert db.session.get_one(Wish, wish_id).training_id == training_id
    assert db.session.execute(select(func.count()).select_from(HeadStart)).scalar_one() == 4
