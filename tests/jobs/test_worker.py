"""The worker repeats its jobs, outlives their failures, and stops when it is told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask, current_app

from app.config import ROOT
from app.jobs.worker import Job, _repeat, beat, last_heartbeat
from app.kernel.db import db, transaction
from tests.factories.people import make_user


class Stop(threading.Event):
    """Notes the pauses between the runs instead of making them, and stops after `runs`."""

    def __init__(self, runs: int) -> None:
        super().__init__()
        self.runs = runs
        self.pauses: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.pauses.append(timeout)
        self.runs -= 1
        return self.runs < 0


def failing(times: int) -> Callable[[], None]:
    """A job that fails that often and then works."""
    left = [times]

    def run() -> None:
        if left[0]:
            left[0] -= 1
            raise ValueError("not yet")

    return run


def test_a_job_runs_at_once_and_then_at_its_pace(app: Flask) -> None:
    stop, seen = Stop(3), []

    _repeat(app, Job("look", 0.5, lambda: seen.append(current_app.name)), stop)

    assert seen == ["app"] * 3
    assert stop.pauses == [0.0, 0.5, 0.5, 0.5]


def test_a_failing_job_is_tried_less_and_less_often_until_it_works(app: Flask) -> None:
    stop = Stop(9)

    _repeat(app, Job("look", 0.5, failing(8)), stop)

    assert stop.pauses == [0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 0.5]


def test_a_failed_job_leaves_no_open_transaction(app: Flask) -> None:
    def fail_half_way() -> None:
        with transaction() as session:
            session.add(make_half())
            raise ValueError

    def make_half() -> object:
        return type(make_template)(email="half@example.com", name="Half", language="en", time_zone="UTC")

    make_template = make_user("Lin Yue")
    _repeat(app, Job("fail", 0.5, fail_half_way), Stop(2))

    make_user("Chen Xiao")


def test_jobs_do_not_share_a_context(app: Flask) -> None:
    sessions: set[int] = set()

    _repeat(app, Job("look", 0.5, lambda: sessions.add(id(current_app.app_context()) or 1)), Stop(1))
    with app.app_context():
        outer = db.session()
        _repeat(app, Job("look", 0.5, lambda: sessions.add(id(db.session()))), Stop(1))

    assert id(outer) not in sessions


def test_a_heartbeat_replaces_the_one_before(clock: time_machine.Traveller, app: Flask) -> None:
    assert last_heartbeat() is None

    beat()
    assert last_heartbeat() == datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
    clock.shift(10)
    beat()

    assert last_heartbeat() == datetime(2026, 11, 16, 2, 0, 10, tzinfo=UTC)


def test_the_factory_gives_the_worker_its_jobs(app: Flask) -> None:
    names = [job.name for job in app.extensions["jobs"]]

    assert {"heartbeat", "mail", "forget old mail", "forget log-in attempts"} <= set(names)
    assert len(names) == len(set(names))


def start_worker(folder: Path) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "DATA_DIR": str(folder),
        "SECRET_KEY": "tests only tests only tests only 0123456789",
        "LOG_LEVEL": "info",
    }
    flask = [sys.executable, "-m", "flask"]
    subprocess.run([*flask, "db", "upgrade"], cwd=ROOT, env=environment, check=True, capture_output=True)  # noqa: S603
    return subprocess.Popen(  # noqa: S603
        [*flask, "jobs", "run"], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_stops_when_told_to(tmp_path: Path, number: signal.Signals) -> None:
    worker = start_worker(tmp_path)
    assert worker.stderr is not None
    seen = ""
    while "worker started" not in seen:
        seen = worker.stderr.readline()
        assert seen, "the worker ended before it began"
    time.sleep(0.5)

    worker.send_signal(number)
    _, said = worker.communicate(timeout=20)

    assert worker.returncode == 0
    assert "worker stopped" in said
    assert "Traceback" not in said
