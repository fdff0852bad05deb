"""The worker: one thread a job, each calling its function again and again.

There is no task queue. Effects are rows of outbox tables, written in the transaction that causes them, and a job looks
for them several times a second; nothing else has to be told, so nothing can be lost between the two
(docs/adr/0003-worker.md).
"""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from flask import Flask
from sqlalchemy import func, select

from app.jobs.models import Heartbeat
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction

log = structlog.get_logger()
HEARTBEAT_SECONDS = 10.0


@dataclass(frozen=True)
class Job:
    """`run` is called every `seconds`, in an application context of its own. It has to bear being called at any time."""

    name: str
    seconds: float
    run: Callable[[], object]


def init_app(app: Flask) -> None:
    app.extensions["jobs"] = [Job("heartbeat", HEARTBEAT_SECONDS, beat)]


def register(app: Flask, jobs: Sequence[Job]) -> None:
    app.extensions["jobs"].extend(jobs)


def run_worker(app: Flask) -> None:
    """Run all jobs until the process is told to stop, or the process that started it is gone."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    parent = os.getppid()
    threads = [threading.Thread(target=_repeat, args=(app, job, stop), name=job.name) for job in app.extensions["jobs"]]
    for thread in threads:
        thread.start()
    log.info("worker started", jobs=[thread.name for thread in threads])
    while not stop.wait(1.0):
        if os.getppid() != parent:
            log.warning("the server that started this worker is gone; stopping")
            stop.set()
    for thread in threads:
        thread.join()
    log.info("worker stopped")


def _repeat(app: Flask, job: Job, stop: threading.Event) -> None:
    pause = 0.0
    while not stop.wait(pause):
        try:
            with app.app_context():
                job.run()
            pause = job.seconds
        except Exception:
            # A job that fails is tried again, less and less often, and never takes the others with it.
            pause = min(max(pause, job.seconds) * 2, 60.0)
            log.exception("job failed", job=job.name, again_in_seconds=pause)


def beat() -> None:
    """Leave a sign of life for `/readyz`."""
    with transaction() as session:
        session.merge(Heartbeat(host=socket.gethostname(), at=utc_now()))


def last_heartbeat() -> datetime | None:
    """When any worker last showed that it lives."""
    return db.session.execute(select(func.max(Heartbeat.at))).scalar_one_or_none()
