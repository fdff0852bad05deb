"""From the database to the index: nothing is lost on the way, and nothing of it stops anybody's work."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.capabilities.models import Capability
from app.jobs import worker
from app.kernel.db import db, transaction
from app.practices.models import Practice
from app.search import outbox
from app.search.index import IndexBrokenError, SearchIndex
from app.search.index.store import SUSPECT
from app.search.models import SearchOutbox
from app.search.outbox import backlog, drain, note_everything, rebuild, the_index
from app.search.queries import SearchRequest, run_search
from tests.factories.coaches import make_coach
from tests.factories.frameworks import make_framework
from tests.factories.people import make_user
from tests.factories.practices import make_practice

both_databases = pytest.mark.both_databases
# Whoosh leaves files that it could not read open.
broken_files = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def found(app: Flask, text: str, reader: User | None = None) -> list[str]:
    with app.test_request_context("/search"):
        return [hit.found.title for hit in run_search(SearchRequest(text), reader).hits]


def waiting() -> set[tuple[str, str]]:
    return {(kind, key) for kind, key in db.session.execute(select(SearchOutbox.kind, SearchOutbox.key))}


@both_databases
def test_a_change_is_found_after_the_next_drain(app: Flask) -> None:
    practice = make_practice(title="Canary release", tags=("rollout",))
    key = str(practice.id)
    assert ("practice", key) in waiting()
    assert drain() >= 1
    assert (backlog(), found(app, "canary"), found(app, "rollout")) == (0, ["Canary release"], ["Canary release"])
    with transaction():
        practice.title = "Blue and green"
    assert waiting() == {("practice", key)}
    assert drain() == 1
    assert (found(app, "canary"), found(app, "green")) == ([], ["Blue and green"])
    with transaction() as session:
        session.delete(practice)
    assert drain() == 1
    assert (found(app, "green"), the_index().count_by_kind()) == ([], {})


@both_databases
def test_a_transaction_that_is_given_up_leaves_nothing(app: Flask) -> None:
    def write() -> None:
        with transaction() as session:
            session.add(
                User(email="a@example.com", name="A", language="en", time_zone="UTC", created_at=datetime.now(UTC))
            )
            session.flush()
            raise InterruptedError

    with pytest.raises(InterruptedError):
        write()
    assert backlog() == 0


def test_what_was_touched_but_not_changed_is_not_indexed_again(app: Flask) -> None:
    practice = make_practice()
    drain()
    with transaction():
        practice.title = str(practice.title)
        practice.level = practice.level
    assert backlog() == 0


def test_a_crash_between_the_commit_and_its_announcement_repeats_harmlessly(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    drain()
    make_practice("one", title="Canary release")
    make_practice("two", title="Canary analysis")

    put_in_place = SearchIndex._put_in_place

    def crash(_index: SearchIndex, _folder: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(SearchIndex, "_put_in_place", crash)
    with pytest.raises(KeyboardInterrupt):
        drain()
    monkeypatch.setattr(SearchIndex, "_put_in_place", put_in_place)
    assert backlog() > 0
    drain()
    assert sorted(found(app, "canary")) == ["Canary analysis", "Canary release"]
    drain()
    assert backlog() == 0
    assert sorted(found(app, "canary")) == ["Canary analysis", "Canary release"]
    assert the_index().count_by_kind() == {"practice": 2}


def test_a_crash_before_the_index_loses_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    drain()
    make_practice(title="Canary release")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(SearchIndex, "apply", crash)
    with pytest.raises(KeyboardInterrupt):
        drain()
    monkeypatch.undo()
    drain()
    assert found(app, "canary") == ["Canary release"]


def test_a_busy_lock_leaves_the_work_and_the_save_stands(app: Flask) -> None:
    drain()
    with the_index().writing():
        practice = make_practice(title="Canary release")
        rows = backlog()
        assert drain() == 0
        assert backlog() == rows
    assert db.session.get(Practice, practice.id) is not None
    drain()
    assert found(app, "canary") == ["Canary release"]


def test_a_busy_lock_does_not_stop_who_finds_no_index(app: Flask) -> None:
    with the_index().writing():
        assert drain() == 0
    with pytest.raises(IndexBrokenError):
        the_index().current_folder()


def test_a_missing_index_is_built_and_the_outbox_is_covered_by_it(app: Flask) -> None:
    make_practice(title="Canary release")
    assert drain() == 1
    assert (backlog(), found(app, "canary")) == (0, ["Canary release"])


@broken_files
def test_broken_files_are_rebuilt_although_nothing_changed(app: Flask) -> None:
    make_practice(title="Canary release")
    drain()
    for path in the_index().current_folder().glob("MAIN_*"):
        path.write_bytes(b"")
    app.extensions["search_index"] = SearchIndex(the_index().folder)
    with pytest.raises(IndexBrokenError):
        found(app, "canary")
    drain()
    assert found(app, "canary") == ["Canary release"]


@broken_files
def test_broken_files_are_rebuilt_when_something_changes(app: Flask) -> None:
    make_practice("one", title="Canary release")
    drain()
    for path in the_index().current_folder().glob("*.toc"):
        path.write_bytes(b"junk")
    make_practice("two", title="Canary analysis")
    drain()
    assert sorted(found(app, "canary")) == ["Canary analysis", "Canary release"]


def test_a_doubt_without_reason_is_cleared(app: Flask) -> None:
    make_practice(title="Canary release")
    drain()
    folder = the_index().current_folder()
    (folder / SUSPECT).touch()
    drain()
    assert the_index().current_folder() == folder
    assert not the_index().is_suspect()


@both_databases
def test_a_change_during_a_rebuild_is_in_the_index_afterwards(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    make_practice("one", title="Canary release")
    real = SearchIndex.rebuild

    def rebuild_while_somebody_writes(index: SearchIndex, *given: Any) -> int:
        count = real(index, *given)
        writer = threading.Thread(target=_in_own_context, args=(app,))
        writer.start()
        writer.join()
        return count

    monkeypatch.setattr(SearchIndex, "rebuild", rebuild_while_somebody_writes)
    assert rebuild() == 1
    assert sorted(found(app, "canary")) == ["Canary analysis", "Canary release"]
    assert backlog() == 0


def _in_own_context(app: Flask) -> None:
    with app.app_context():
        make_practice("two", title="Canary analysis")
        db.session.remove()


def test_more_than_one_batch_is_drained_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "BATCH", 3)
    drain()
    for number in range(8):
        make_practice(f"p{number}", title=f"Canary {number}")
    assert drain() == 8
    assert backlog() == 0
    assert the_index().count_by_kind() == {"practice": 8}


def test_the_name_of_a_capability_is_found_on_what_hangs_on_it(app: Flask) -> None:
    make_framework()
    capability = db.session.execute(select(Capability).where(Capability.slug == "test-automation")).scalar_one()
    make_practice(title="Canary release", capability=capability)
    make_coach("Amara Osei", skills={capability.id: 3})
    drain()
    assert set(found(app, "测试自动化")) == {"Canary release", "Amara Osei", "测试自动化"}
    with transaction() as session:
        capability.name = type(capability.name)({"en": "Robots", "zh": "机器人"})
        note_everything(session)
    drain()
    assert set(found(app, "机器人")) == {"Canary release", "Amara Osei", "机器人"}
    assert "Canary release" not in found(app, "自动化")


@both_databases
def test_what_is_made_private_disappears(app: Flask) -> None:
    coach = make_coach("Amara Osei")
    drain()
    assert found(app, "osei") == ["Amara Osei"]
    with transaction():
        coach.user.disabled_at = datetime(2026, 11, 1, tzinfo=UTC)
    # Even before the index knows: what is shown is loaded again for this reader.
    assert found(app, "osei") == []
    drain()
    with app.test_request_context("/search"):
        answer = run_search(SearchRequest("osei"), None)
    assert (answer.total, answer.hits, answer.facets["kind"]) == (0, [], {})
    assert the_index().count_by_kind() == {}


def test_a_person_who_is_called_otherwise_is_found_so(app: Flask) -> None:
    coach = make_coach("Amara Osei")
    drain()
    with transaction():
        coach.user.name = "Amara Varga"
    drain()
    assert (found(app, "osei"), found(app, "varga")) == ([], ["Amara Varga"])
    with transaction() as session:
        session.delete(coach.user)
    drain()
    assert found(app, "varga") == []


def test_somebody_without_a_profile_is_not_found(app: Flask) -> None:
    make_user("Amara Osei")
    drain()
    assert found(app, "osei") == []


def test_a_save_is_found_within_two_seconds_while_the_worker_runs(app: Flask) -> None:
    (job,) = (job for job in app.extensions["jobs"] if job.run is drain)
    stop = threading.Event()
    worker_thread = threading.Thread(target=worker._repeat, args=(app, job, stop))
    worker_thread.start()
    try:
        make_practice("one", title="Canary release")
        assert _seconds_until_found(app, "canary") < 2
        make_practice("two", title="Lighthouse")
        assert _seconds_until_found(app, "lighthouse") < 2
    finally:
        stop.set()
        worker_thread.join()


def _seconds_until_found(app: Flask, text: str) -> float:
    started = time.monotonic()
    while time.monotonic() < started + 5:
        with suppress(IndexBrokenError):
            if found(app, text):
                break
        time.sleep(0.02)
    return time.monotonic() - started
