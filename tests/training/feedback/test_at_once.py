"""One person who answers from several processes at once has one answer."""

from __future__ import annotations

from multiprocessing.synchronize import Barrier

import pytest
from flask import Flask

from app.accounts.models import User
from app.config import Config
from app.factory import create_app
from app.kernel.db import db
from app.training.feedback.models import FeedbackAnswer
from app.training.models import TrainingSession
from tests.factories.afterwards import count_rows, make_past, say
from tests.factories.people import make_user
from tests.factories.training import make_coach
from tests.training.crowd import run_together

pytestmark = [pytest.mark.race, pytest.mark.both_databases]


def answer_again_and_again(config: Config, barrier: Barrier, share: tuple[int, int, int]) -> None:
    training_id, user_id, score = share
    app = create_app(config)
    with app.app_context():
        training, person = db.session.get_one(TrainingSession, training_id), db.session.get_one(User, user_id)
        barrier.wait(60)
        for _ in range(5):
            say(training, person, score, score, score)


def test_one_answer_a_person(app: Flask, config: Config) -> None:
    person = make_user("Ada")
    training_id, user_id = make_past(make_coach(), person).id, person.id
    db.session.remove()
    db.engine.dispose()
    run_together(config, answer_again_and_again, [(training_id, user_id, score) for score in (1, 2, 3, 4)])
    assert count_rows(FeedbackAnswer) == 1
    row = db.session.query(FeedbackAnswer).one()
    assert row.content == row.trainer == row.usefulness
