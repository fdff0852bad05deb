"""Two hosts, each with an index of its own, over one database: what is changed through either is found on both."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, func, select

from app.config import Config
from app.factory import create_app
from app.kernel.db import db, transaction
from app.practices.models import Practice
from app.search.index import Question
from app.search.models import SearchOutbox
from app.search.outbox import KEEP, backlog, check, drain, prune, the_index, tidy
from app.search.query import parse
from tests.factories.practices import make_practice

pytestmark = [pytest.mark.both_databases, pytest.mark.slow]
PUBLIC = frozenset({"public"})
WRITERS = 8
CHANGES = 12


@pytest.fixture
def hosts(app: Flask, config: Config, tmp_path: Path) -> Iterator[list[Flask]]:
    """Two application trees over the database of the test."""
    trees = [tmp_path / name for name in ("one", "two")]
    for tree in trees:
        tree.mkdir()
    made = [create_app(replace(config, data_dir=tree, database_url=config.database_uri)) for tree in trees]
    yield made
    for host in made:
        with host.app_context():
            db.engine.dispose()


@contextmanager
def on(host: Flask) -> Iterator[None]:
    with host.app_context():
        try:
            yield
        finally:
            db.session.remove()


def listed() -> list[tuple[str, str]]:
    found = the_index().search(Question(parse(""), PUBLIC, limit=1000))
    assert found.total == len(found.hits)
    return sorted((hit.key, hit.title) for hit in found.hits)


def present() -> list[tuple[str, str]]:
    rows = db.session.execute(select(Practice.id, Practice.title)).all()
    db.session.rollback()
    return sorted((str(key), title) for key, title in rows)


def found(host: Flask, text: str) -> list[str]:
    with on(host):
        drain()
        assert listed() == present()
        return sorted(hit.title for hit in the_index().search(Question(parse(text), PUBLIC)).hits)


def test_what_either_changes_is_found_on_both(hosts: list[Flask]) -> None:
    one, two = hosts
    with on(one):
        key = make_practice("one", title="Canary release").id
    with on(two):
        make_practice("two", title="Canary analysis")
    for host in hosts:
        assert found(host, "canary") == ["Canary analysis", "Canary release"]
    with on(two), transaction() as session:
        session.get_one(Practice, key).title = "Blue and green"
    for host in hosts:
        assert (found(host, "canary"), found(host, "green")) == (["Canary analysis"], ["Blue and green"])
    with on(one), transaction() as session:
        session.delete(session.get_one(Practice, key))
    for host in hosts:
        assert found(host, "green") == []


def test_each_has_an_index_of_its_own(hosts: list[Flask]) -> None:
    one, two = hosts
    with on(one):
        make_practice(title="Canary release")
        drain()
        folder = the_index().folder
    with on(two):
        assert the_index().folder != folder
        assert backlog() > 0
        drain()
        assert backlog() == 0
    with on(one):
        assert backlog() == 0


@pytest.mark.parametrize("missed", [0, 1, 3], ids=["nothing", "one change", "several changes"])
def test_who_was_away_for_too_long_starts_anew(
    hosts: list[Flask], clock: time_machine.Coordinates, missed: int
) -> None:
    """Its changes are forgotten meanwhile."""
    one, two = hosts
    with on(one):
        make_practice("one", title="Canary release")
        make_practice("two", title="Canary analysis")
    for host in hosts:
        assert len(found(host, "canary")) == 2
    with on(two):
        generation = the_index().current_folder()
    with on(one):
        for number in range(missed):
            with transaction() as session:
                session.execute(
                    select(Practice).where(Practice.slug == "one")
                ).scalar_one().title = f"Lighthouse {number}"
        drain()
    clock.shift(KEEP + timedelta(days=1))
    with on(one):
        assert prune() > 0
        make_practice("three", title="Canary rollback")
    for host in hosts:
        assert len(found(host, "canary")) == (2 if missed else 3)
    with on(two):
        assert (the_index().current_folder() == generation) == (missed == 0)


def change() -> None:
    """As people do: make things, change them, take some away."""
    name = threading.get_ident()
    for number in range(CHANGES):
        key = make_practice(f"p{name}-{number}", title=f"Canary {number}").id
        with transaction() as session:
            session.get_one(Practice, key).title = f"Lighthouse {number}"
        if number % 3 == 0:
            with transaction() as session:
                session.delete(session.get_one(Practice, key))


def index_until(stop: threading.Event) -> None:
    while not stop.is_set():
        drain()
        tidy()


def run(host: Flask, act: Callable[[], None]) -> None:
    with on(host):
        act()


@pytest.mark.race
def test_no_change_is_skipped_while_many_commit(hosts: list[Flask]) -> None:
    """A host that has read on to a number must never see a lower one committed later."""
    with on(hosts[0]):
        make_practice()
    stop = threading.Event()
    with ThreadPoolExecutor(WRITERS + len(hosts)) as pool:
        indexers = [pool.submit(run, host, lambda: index_until(stop)) for host in hosts]
        writers = [pool.submit(run, hosts[number % 2], change) for number in range(WRITERS)]
        wait(writers)
        stop.set()
    for each in writers + indexers:
        each.result()
    for host in hosts:
        with on(host):
            drain()
            assert listed() == present()
            assert len(present()) == 1 + WRITERS * CHANGES * 2 // 3
            assert the_index().watermark() == db.session.execute(select(func.max(SearchOutbox.id))).scalar_one()


def test_a_database_that_was_set_back_is_indexed_anew(hosts: list[Flask]) -> None:
    """From a backup: the index knows of changes that never were, and their numbers are given a second time."""
    one, _two = hosts
    with on(one):
        make_practice("one", title="Canary release")
        make_practice("two", title="Canary analysis")
        drain()
        watermark = the_index().watermark()
        # The database of before the second practice.
        with transaction() as session:
            session.execute(delete(Practice).where(Practice.slug == "two"))
            session.execute(delete(SearchOutbox).where(SearchOutbox.id == watermark))
    assert found(one, "canary") == ["Canary release"]


def test_a_check_notices_that_a_document_is_missing(hosts: list[Flask]) -> None:
    """Changed past the application, so that no outbox tells of it."""
    with on(hosts[0]):
        make_practice("one", title="Canary release")
        make_practice("two", title="Canary analysis")
        drain()
        with transaction() as session:
            session.execute(delete(Practice).where(Practice.slug == "two"))
        check()
        assert listed() == present()
