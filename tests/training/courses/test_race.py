"""Several processes at one series at once."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.config import Config
from app.kernel.db import db
from app.training.courses.models import Series
from app.training.courses.queries import seen_of
from app.training.models import TrainingSession
from tests.factories.training import NOW, make_coach
from tests.training.courses.test_series import make_series, members
from tests.training.courses.together import announce, move
from tests.training.crowd import run_together

pytestmark = [pytest.mark.race, pytest.mark.both_databases, pytest.mark.usefixtures("session")]


def test_the_same_form_from_three_processes_makes_one_series(config: Config) -> None:
    coach_id = make_coach().id
    db.session.remove()
    run_together(config, announce, [coach_id] * 3)
    assert db.session.execute(select(func.count()).select_from(Series)).scalar_one() == 1
    assert db.session.execute(select(func.count()).select_from(TrainingSession)).scalar_one() == 4


def test_of_editors_at_once_one_changes_all_and_the_others_none(config: Config) -> None:
    coach = make_coach()
    trainings = make_series(coach)
    seen, series_id = seen_of(trainings[0], now=NOW), trainings[0].series_id
    # Each opened another session of the series, so that they would lock them in different orders if they could.
    shares = [(coach.id, training.id, seen, f"Hall {number}") for number, training in enumerate(trainings)]
    db.session.remove()
    run_together(config, move, shares)
    assert len({training.place for training in members(series_id)}) == 1
    assert {training.revision for training in members(series_id)} == {2}
