"""The worker repeats its jobs, outlives their failures, and stops when it is told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask, current_app

from app.config import ROOT, Config
from app.jobs.models import Heartbeat
from app.jobs.worker import Job, _repeat, beat, last_heartbeat
from app.kernel.db import db, transaction


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


def test_a_failed_job_leaves_nothing_half_done(app: Flask) -> None:
    def fail_half_way() -> None:
        with transaction() as session:
            session.add(Heartbeat(host="half", at=datetime(2026, 11, 16, tzinfo=UTC)))
            session.flush()
            raise ValueError

    _repeat(app, Job("fail", 0.5, fail_half_way), Stop(2))

    assert last_heartbeat() is None
    beat()


def test_every_run_has_a_session_of_its_own(app: Flask) -> None:
    seen = [db.session()]

    _repeat(app, Job("look", 0.5, lambda: seen.append(db.session())), Stop(2))

    assert len({id(session) for session in seen}) == 3


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


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_stops_when_told_to(app: Flask, config: Config, number: signal.Signals) -> None:
    environment = {
        **os.environ,
        "DATA_DIR": str(config.data_dir),
        "SECRET_KEY": config.secret_key,
        "LOG_LEVEL": "info",
    }
    flask = [sys.executable, "-m", "flask"]
    worker = subprocess.Popen([*flask, "jobs", "run"], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    assert worker.stderr is not None
    impatience = threading.Timer(60, worker.kill)
    impatience.start()
    line = ""
    while "worker started" not in line:
        line = worker.stderr.readline()
        assert line, "the worker ended before it began"

    worker.send_signal(number)
    _, said = worker.communicate()
    impatience.cancel()

    assert worker.returncode == 0
    assert "worker stopped" in said
    assert "Traceback" not in said
