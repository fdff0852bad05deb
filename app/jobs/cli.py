"""`flask jobs …`"""

from __future__ import annotations

from flask import Flask, current_app
from flask.cli import AppGroup

from app.jobs.worker import run_worker

group = AppGroup("jobs", help="The worker: search index, mail, cleaning up.")


@group.command("run")
def run() -> None:
    """Run the worker until it is stopped. `make run` and gunicorn start it by themselves."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    run_worker(app)
