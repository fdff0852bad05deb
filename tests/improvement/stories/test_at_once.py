"""Two people who press at the same moment begin one story."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.config import Config
from app.improvement.stories.models import StoryOrigin
from app.kernel.db import db
from app.writing.models import Manuscript
from tests.factories.loop import make_loop
from tests.improvement.stories.pressing import press_start
from tests.training.crowd import run_together


@pytest.mark.race
@pytest.mark.both_databases
def test_who_presses_at_once_begins_one_story(app: Flask, config: Config) -> None:
    loop = make_loop()
    people = (loop.lead.id, loop.mate.id, loop.lead.id, loop.mate.id)
    shares = [(user_id, loop.team.slug, loop.first.id, loop.second.id) for user_id in people]
    db.session.remove()
    db.engine.dispose()
    run_together(config, press_start, shares)
    assert db.session.execute(select(func.count(Manuscript.id))).scalar_one() == 1
    assert db.session.execute(select(func.count(StoryOrigin.manuscript_id))).scalar_one() == 1
