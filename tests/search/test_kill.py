"""A writer that is killed at any moment, with SIGKILL, leaves an index that answers, and that the next drain makes equal to
the database: no loss, no duplicate, no lock that is stuck.
"""

from __future__ import annotations

import mmap
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.kernel.db import db, transaction
from app.practices.models import Practice
from app.search import outbox
from app.search.index import IndexBusyError, Question, SearchIndex, writing
from app.search.index.view import open_index
from app.search.models import SearchOutbox
from app.search.outbox import drain, rebuild, the_index, tidy
from app.search.query import parse
from tests.factories.practices import make_practice

pytestmark = pytest.mark.race
KILLS = 200
STAGES = ("between", "apply", "merge", "rebuild", "_put_in_place")
# About so many calls (below) each of them makes.
CALLS_OF = (0, 25, 25, 50, 6)
# Files opened, renamed, taken away, locked: what the interpreter tells of before it asks the system for it.
CALLS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "fcntl.flock", "shutil.rmtree"}
PUBLIC = frozenset({"public"})


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches, segments and commits of a few documents, so that everything happens often."""
    monkeypatch.setattr(outbox, "BATCH", 4)
    monkeypatch.setattr(writing, "MANY", 2)
    monkeypatch.setattr(writing, "CHUNK", 7)


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> mmap.mmap:
    """One byte that every process sees: the number of what the index is doing."""
    shared = mmap.mmap(-1, 1)
    for number, name in enumerate(STAGES[1:], 1):
        monkeypatch.setattr(SearchIndex, name, _telling(shared, number, getattr(SearchIndex, name)))
    return shared


def _telling(shared: mmap.mmap, number: int, act: Callable[..., Any]) -> Callable[..., Any]:
    def told(*given: Any) -> Any:
        before, shared[0] = shared[0], number
        try:
            return act(*given)
        finally:
            shared[0] = before

    return told


def work(chance: random.Random) -> None:
    """Change the database and bring the index up to date, for ever."""
    while True:
        for _change in range(chance.randint(1, 3)):
            change_something(chance)
        drain()
        chance.choice([lambda: 0, tidy, tidy, rebuild])()


def change_something(chance: random.Random) -> None:
    keys = db.session.execute(select(Practice.id)).scalars().all()
    if len(keys) < 12:
        make_practice(f"p{chance.getrandbits(60)}", title=f"Pipeline {chance.randrange(100)}")
        return
    with transaction() as session:
        for key in chance.sample(keys, 3):
            session.get_one(Practice, key).title = f"Pipeline {chance.randrange(100)}"
        if len(keys) > 20 or chance.random() < 0.4:
            session.delete(session.get_one(Practice, chance.choice(keys)))
    if chance.random() < 0.5:
        make_practice(f"p{chance.getrandbits(60)}", title=f"Pipeline {chance.randrange(100)}")


def die_before_call(number: int, during: int, stage: mmap.mmap) -> None:
    """Kill this process when it is about to ask the system for the `number`th thing that has to do with files, counting only
    what belongs to that stage.
    """
    left = number

    def count(event: str, _given: object) -> None:
        nonlocal left
        if event in CALLS and stage[0] == during:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def work_and_die(chance: random.Random, seed: int, stage: mmap.mmap) -> None:
    """Let a process work until it is killed: by itself before some call, or from here at some moment."""
    by_itself = seed % 2
    during = chance.randrange(1, len(STAGES))
    calls = chance.randint(1, CALLS_OF[during])
    seconds = chance.uniform(0, 0.08)
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        signal.alarm(30)
        try:
            if by_itself:
                die_before_call(calls, during, stage)
            work(random.Random(seed))
        finally:
            os._exit(1)
    if not by_itself:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    _pid, ended = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(ended) == -signal.SIGKILL


def listed(index: SearchIndex) -> list[tuple[str, str, str]]:
    found = index.search(Question(parse(""), PUBLIC, limit=1000))
    assert found.total == len(found.hits)
    return sorted((hit.kind, hit.key, hit.title) for hit in found.hits)


def present() -> list[tuple[str, str, str]]:
    rows = db.session.execute(select(Practice.id, Practice.title)).all()
    db.session.rollback()
    return sorted(("practice", str(key), title) for key, title in rows)


def check_everything(app: Flask) -> None:
    """As the next worker finds it."""
    app.extensions["search_index"] = index = SearchIndex(the_index().folder)
    assert index.search(Question(parse("pipeline"), PUBLIC)).total > 0
    drain()
    assert listed(index) == present()
    assert index.count_by_kind() == {"practice": len(present())}
    last = db.session.execute(select(func.coalesce(func.max(SearchOutbox.id), 0))).scalar_one()
    assert index.watermark() == last
    # The words beside the segments are there as well.
    assert index.correct(Question(parse("pipleine"), PUBLIC)) == "pipeline"
    with index.writing():
        index.check()
    assert not index.is_suspect()


def orphans(index: SearchIndex) -> set[str]:
    """Files of the generation that belong to no segment of it."""
    folder = index.current_folder()
    opened = open_index(folder)
    segments = {str(segment.segment_id()) for segment in opened._segments()}
    names = {path.name for path in folder.iterdir() if path.name.startswith("MAIN_")}
    return {
        name for name in names if not any(segment in name for segment in segments) and not name.endswith("WRITELOCK")
    }


@pytest.mark.usefixtures("small_parts")
def test_killed_at_any_moment(app: Flask, stage: mmap.mmap) -> None:
    chance = random.Random(20261124)
    for number in range(12):
        make_practice(f"p{number}", title=f"Pipeline {number}")
    drain()
    killed_in: Counter[str] = Counter()
    for seed in range(KILLS):
        stage[0] = 0
        work_and_die(chance, seed, stage)
        killed_in[STAGES[stage[0]]] += 1
        stage[0] = 0
        check_everything(app)
    assert all(killed_in[name] >= 5 for name in STAGES), killed_in
    rebuild()
    assert [path.name for path in the_index().folder.glob("gen-*")] == [the_index().current_folder().name]
    assert orphans(the_index()) == set()


def test_a_lock_goes_with_its_holder(app: Flask) -> None:
    drain()
    ready, tell = os.pipe()
    child = os.fork()
    if child == 0:
        with the_index().writing():
            os.write(tell, b"!")
            time.sleep(60)
        os._exit(1)
    assert os.read(ready, 1) == b"!"
    with pytest.raises(IndexBusyError), the_index().writing():
        pass
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(ready)
    os.close(tell)
    make_practice(title="Canary release", created_at=datetime(2026, 11, 2, tzinfo=UTC))
    assert drain() == 1
