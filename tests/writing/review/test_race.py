"""Several processes at one manuscript at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.config import Config
from app.kernel.db import db, transaction
from app.writing.models import Assignment, Manuscript, ManuscriptEvent
from app.writing.review.models import FindingAnswer, Nudged, Review
from app.writing.rules import DECISIONS
from app.writing.service import begin
from tests.training.crowd import run_together
from tests.writing.review.conftest import NOW, House
from tests.writing.review.together import answer_once, decide_once, remind_once, submit_once

pytestmark = [pytest.mark.race, pytest.mark.both_databases]


def test_of_editors_who_decide_at_once_one_decides(house: House, config: Config) -> None:
    house.submit()
    shares = [
        (house.letter.id, person.id, step)
        for person, step in zip((house.edda, house.emil, house.edda), DECISIONS, strict=True)
    ]
    db.session.remove()
    run_together(config, decide_once, shares)
    assert db.session.execute(select(func.count()).select_from(Review)).scalar_one() == 1
    decided = select(func.count()).select_from(ManuscriptEvent).where(ManuscriptEvent.step.in_(DECISIONS))
    assert db.session.execute(decided).scalar_one() == 1


def test_what_is_submitted_at_once_is_shared_out(house: House, config: Config) -> None:
    letters = [house.letter.id]
    for number in range(3):
        content = {"title": f"Letter {number}", "body": "Words.", "team": "Payments"}
        with transaction() as session:
            made = begin(session, house.kind, content, slug=f"l-{number}", language="en", actor=house.anna, now=NOW)
            letters.append(made.id)
    shares = [(letter, house.anna.id) for letter in letters]
    db.session.remove()
    run_together(config, submit_once, shares)
    asked = Counter(db.session.execute(select(Assignment.user_id)).scalars())
    assert sorted(asked.values()) == [2, 2]


def test_two_reasons_at_once_make_one_answer(house: House, config: Config) -> None:
    shares = [(house.letter.id, house.anna.id, "First."), (house.letter.id, house.ben.id, "Second.")]
    db.session.remove()
    run_together(config, answer_once, shares)
    assert db.session.execute(select(func.count()).select_from(FindingAnswer)).scalar_one() == 1


def test_two_workers_remind_once(
    house: House, config: Config, told: Callable[[], list[tuple[str, str]]], clock: object
) -> None:
    house.submit()
    with transaction() as session:
        session.execute(update(Manuscript).values(state_since=NOW - timedelta(days=700)))
        session.execute(update(Assignment).values(due_on=(NOW - timedelta(days=690)).date()))
    before = len(told())
    db.session.remove()
    run_together(config, remind_once, [1, 2, 3])
    assert sorted(told()[before:]) == [
        ("Edda Editor", "review left lying"),
        ("Edda Editor", "review overdue"),
        ("Emil Editor", "review left lying"),
    ]
    assert db.session.execute(select(func.count()).select_from(Nudged)).scalar_one() == 3
