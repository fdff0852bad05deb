"""The one way to write: whole or not at all, one after the other, counted, and never by accident."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import create_engine, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import LoginAttempt, Team, User
from app.kernel.db import Revision, current_revision, db, take_turns, transaction
from tests.factories.people import make_team, make_user

pytestmark = [pytest.mark.usefixtures("app"), pytest.mark.both_databases]
NOW = datetime(2026, 11, 16, tzinfo=UTC)


def names() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Team.name).order_by(Team.name)))


def test_what_is_flushed_is_committed_at_the_end() -> None:
    with transaction() as session:
        session.add(Team(slug="a", name="A"))
        session.flush()
        session.add(Team(slug="b", name="B"))

    assert names() == ["A", "B"]


def test_an_error_leaves_nothing() -> None:
    def fail_half_way() -> None:
        with transaction() as session:
            session.add(Team(slug="a", name="A"))
            session.flush()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_half_way()

    assert names() == []
    make_team("B")
    assert names() == ["B"]


def test_a_broken_constraint_leaves_nothing() -> None:
    make_team("A")

    def add_two() -> None:
        with transaction() as session:
            session.add(Team(slug="b", name="B"))
            session.flush()
            session.add(Team(slug="c", name="A"))

    with pytest.raises(IntegrityError):
        add_two()

    assert names() == ["A"]


def test_foreign_keys_are_kept() -> None:
    def belong_nowhere() -> None:
        with transaction() as session:
            session.execute(text("INSERT INTO membership (team_id, user_id, is_lead) VALUES (77, 78, false)"))

    with pytest.raises(IntegrityError):
        belong_nowhere()


def test_one_action_commits_once() -> None:
    def nest() -> None:
        with transaction(), transaction():
            pass

    with pytest.raises(RuntimeError, match="one action commits once"):
        nest()
    make_team("A")


@pytest.mark.parametrize(
    "write",
    [
        lambda session: session.add(Team(slug="a", name="A")),
        lambda session: session.execute(
            insert(Team).values(slug="a", name="A", organisation="", about="", is_benchmark=False, is_sample=False)
        ),
        lambda session: session.execute(update(Team).values(name="B")),
        lambda session: session.execute(delete(Team)),
        lambda session: session.delete(session.scalars(select(Team)).first()),
        lambda session: setattr(session.scalars(select(Team)).first(), "name", "B"),
    ],
)
def test_nothing_is_written_outside_of_it(session: Session, write: Callable[[Session], object]) -> None:
    make_team("Before")

    def write_by_accident() -> None:
        write(session)
        session.flush()

    with pytest.raises(RuntimeError, match=r"outside transaction\(\)"):
        write_by_accident()
    assert names() == ["Before"]


def test_what_was_changed_before_is_not_swept_in(session: Session) -> None:
    team = make_team("A")
    team.name = "B"

    with pytest.raises(RuntimeError, match="before transaction"), transaction():
        pass

    assert names() == ["A"]


def test_what_was_loaded_before_is_read_afresh(app: Flask) -> None:
    team = make_team("A")
    assert team.name == "A"
    _elsewhere(app, lambda session: session.execute(update(Team).values(name="B")))

    with transaction():
        assert team.name == "B"


def _elsewhere(app: Flask, act: Callable[[Session], object]) -> None:
    """In another thread, with a connection of its own."""

    def run() -> None:
        with app.app_context(), transaction() as session:
            act(session)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)


def test_writers_wait_for_each_other_and_none_is_lost(app: Flask) -> None:
    user_id = make_user().id
    barrier = threading.Barrier(8)

    def count_up() -> None:
        with app.app_context():
            barrier.wait(10)
            for _ in range(5):
                with transaction() as session:
                    session.get_one(User, user_id, with_for_update=True).session_epoch += 1

    threads = [threading.Thread(target=count_up) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    db.session.rollback()
    assert db.session.get_one(User, user_id).session_epoch == 40


def test_readers_do_not_wait_for_a_writer(app: Flask) -> None:
    make_team("A")
    entered, leave = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with app.app_context(), transaction() as session:
            session.execute(update(Team).values(name="B"))
            entered.set()
            leave.wait(10)

    writer = threading.Thread(target=write_slowly)
    writer.start()
    assert entered.wait(10)
    began = time.perf_counter()
    assert names() == ["A"]
    assert time.perf_counter() - began < 1
    leave.set()
    writer.join(10)

    assert names() == ["B"]


def test_turns_are_taken_by_name(app: Flask) -> None:
    steps: list[str] = []
    first_is_in = threading.Event()

    def take(name: str) -> None:
        with app.app_context(), transaction() as session:
            take_turns(session, "seats")
            steps.append(f"{name} begins")
            first_is_in.set()
            time.sleep(0.1)
            steps.append(f"{name} ends")

    first = threading.Thread(target=take, args=("one",))
    first.start()
    first_is_in.wait(10)
    second = threading.Thread(target=take, args=("two",))
    second.start()
    first.join(10)
    second.join(10)

    assert steps == ["one begins", "one ends", "two begins", "two ends"]


def test_writes_that_pages_show_are_counted_once_an_action() -> None:
    before = current_revision()

    with transaction() as session:
        session.add_all([Team(slug="a", name="A"), Team(slug="b", name="B")])
        session.flush()
        session.execute(update(Team).values(about="x"))

    db.session.rollback()
    assert current_revision() == before + 1


def test_what_no_page_shows_and_what_failed_is_not_counted() -> None:
    make_team("A")
    before = current_revision()

    with transaction() as session:
        session.add(LoginAttempt(email="yue@example.com", at=NOW))
        session.flush()
        session.execute(update(LoginAttempt).values(succeeded=True))
    with pytest.raises(IntegrityError):
        make_team("A")
    with transaction():
        pass

    db.session.rollback()
    assert current_revision() == before


def test_the_revision_has_one_row() -> None:
    for name in ("A", "B", "C"):
        make_team(name)

    assert [(row.id, row.value) for row in db.session.scalars(select(Revision))] == [(1, 3)]


def test_the_database_is_set_up_as_promised() -> None:
    if db.engine.dialect.name != "sqlite":
        return
    names = ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
    engine = create_engine(db.engine.url)

    with engine.connect() as connection:
        assert [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names] == ["wal", 1, 2, 15000]
    engine.dispose()
