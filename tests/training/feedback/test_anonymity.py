"""From a person no way leads to what the person said, but for the one through the site's secret key."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import DateTime, select, text

from app.accounts.models import User
from app.kernel.db import Base, db
from app.training.feedback.models import FeedbackAnswer
from app.training.feedback.rules import seal_of
from app.training.feedback.sealing import forget_whose
from tests.factories.afterwards import SECRET, make_past, say
from tests.factories.people import make_user
from tests.factories.training import DAY, make_coach
from tests.training.test_kill import everything

pytestmark = [pytest.mark.usefixtures("clock"), pytest.mark.both_databases]
LogIn = Callable[[User], FlaskClient]
ANSWER = {"content": "5", "trainer": "4", "usefulness": "3", "text": "Words"}
TABLE = Base.metadata.tables["feedback_answer"]


def test_the_table_knows_no_person_no_time_and_no_order() -> None:
    assert {key.column.table.name for key in TABLE.foreign_keys} == {"training_session"}
    assert [column.name for column in TABLE.columns if isinstance(column.type, DateTime)] == []
    assert [column.name for column in TABLE.primary_key] == ["seal"]
    pointing = [key for table in Base.metadata.sorted_tables for key in table.foreign_keys if key.column.table is TABLE]
    assert pointing == []


def test_an_answer_leaves_no_other_trace(app: object, log_in: LogIn) -> None:
    """Whatever could be joined to it would have to be written when it is given."""
    ada = make_user("Ada")
    make_past(make_coach(), ada, make_user("Bo"), slug="steps")
    browser = log_in(ada)
    browser.get("/training/steps/feedback")
    before = everything()
    assert browser.post("/training/steps/feedback", data=ANSWER).status_code == 303
    after = everything()
    assert {table for table in after if after[table] != before[table]} == {"feedback_answer", "revision"}


def test_every_table_together_says_the_same_whoever_answered(app: object) -> None:
    """Two worlds, in one of which Ada spoke and in the other Bo, differ in the seal alone."""
    ada, bo = make_user("Ada"), make_user("Bo")
    training = make_past(make_coach(), ada, bo)

    def world(person: User) -> tuple[dict[str, list[str]], str]:
        say(training, person, 5, 4, 3, text="Words")
        tables = everything()
        (answer,) = [json.loads(row) for row in tables.pop("feedback_answer")]
        tables.pop("revision")
        with db.engine.begin() as connection:
            connection.execute(TABLE.delete())
        return {**tables, "answer": answer[1:]}, answer[0]

    (of_ada, ada_seal), (of_bo, bo_seal) = world(ada), world(bo)
    assert of_ada == of_bo
    assert ada_seal != bo_seal


def test_the_seal_stands_nowhere_else_and_cannot_be_made_without_the_key(app: object) -> None:
    people = [make_user(f"Person {number}") for number in range(5)]
    training = make_past(make_coach(), *people)
    for person in people:
        say(training, person, 5, 4, 3)
    tables = everything()
    seals = {json.loads(row)[0] for row in tables.pop("feedback_answer")}
    assert seals == {seal_of(SECRET, training.id, person.id) for person in people}
    values = {str(value) for rows in tables.values() for row in rows for value in json.loads(row)}
    assert seals & values == set()
    for key in ("", "guess", *values):
        assert seals & {seal_of(key, training.id, person.id) for person in people} == set()


def test_rows_lie_in_the_order_of_their_seals(app: object) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL puts rows where there is room; docs/training.md says so")
    people = [make_user(f"Person {number}") for number in range(20)]
    training = make_past(make_coach(), *people)
    for person in people:
        say(training, person, 5, 4, 3)
    seals = list(db.session.execute(text("SELECT seal FROM feedback_answer NOT INDEXED")).scalars())
    assert seals == sorted(seals)
    by_time = [seal_of(SECRET, training.id, person.id) for person in people]
    assert seals != by_time
    assert any(one > other for one, other in pairwise(by_time))


def test_when_nothing_can_be_changed_any_more_not_even_the_key_helps(
    app: object, clock: time_machine.Coordinates
) -> None:
    people = [make_user(f"Person {number}") for number in range(5)]
    training = make_past(make_coach(), *people)
    for number, person in enumerate(people):
        say(training, person, 5, 4, 3, text=str(number))
    with_key = {seal_of(SECRET, training.id, person.id) for person in people}
    assert forget_whose() == 0
    clock.shift(60 * DAY)
    assert (forget_whose(), forget_whose()) == (5, 0)
    db.session.rollback()
    rows = list(db.session.execute(select(FeedbackAnswer)).scalars())
    assert sorted(row.text for row in rows) == ["0", "1", "2", "3", "4"]
    assert {row.seal for row in rows} & with_key == set()
