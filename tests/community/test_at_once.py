"""Whoever presses from four browsers at once has done it once."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.community.comments.models import Comment
from app.community.helpful.models import HelpfulAnswer
from app.community.shelves.models import Bookmark, Collection, CollectionEntry, ReadTick
from app.config import Config
from app.kernel.db import db
from app.practices.adoption.models import Adoption, AdoptionEvent
from tests.community.crowd import press_everything
from tests.factories.people import make_team, make_user
from tests.factories.practices import make_practice
from tests.training.crowd import PROCESSES, run_together

ONCE = (Comment, HelpfulAnswer, Bookmark, ReadTick, Collection, CollectionEntry, Adoption)


@pytest.mark.race
@pytest.mark.both_databases
def test_what_one_person_does_from_four_processes_is_done_once(app: Flask, config: Config) -> None:
    user = make_user("Uma")
    make_practice("short-branches")
    share = (user.id, make_team("Payments", user).id)
    db.session.remove()
    db.engine.dispose()
    run_together(config, press_everything, [share] * PROCESSES)
    counts = {row.__tablename__: db.session.execute(select(func.count()).select_from(row)).scalar_one() for row in ONCE}
    assert counts == dict.fromkeys(counts, 1)
    assert list(db.session.execute(select(AdoptionEvent.what)).scalars()) == ["said"]
