"""`/healthz`: this process lives. `/readyz`: everything it needs does, too."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, jsonify
from sqlalchemy.exc import SQLAlchemyError

from app.config import ROOT
from app.jobs.worker import last_heartbeat
from app.kernel.clock import utc_now
from app.kernel.db import db
from app.search.index import IndexBrokenError
from app.search.outbox import backlog, the_index
from app.web.access import public

blueprint = Blueprint("health", __name__)
log = structlog.get_logger()
HEARTBEAT_LIMIT = timedelta(seconds=60)
BACKLOG_LIMIT = 5_000


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
def readyz() -> tuple[Response, int]:
    """200 where the site can do its whole work, 503 with what is missing where it cannot."""
    checks: dict[str, Any] = {}
    try:
        checks["database"] = "ok"
        checks["migrations"] = _migrations()
        checks["outbox"] = _outbox()
        checks["worker"] = _worker()
    except SQLAlchemyError as error:
        checks["database"] = f"failed: {type(error).__name__}"
    checks["index"] = _index()
    ready = all(str(value).startswith("ok") for value in checks.values())
    return jsonify(status="ok" if ready else "not ready", checks=checks), 200 if ready else 503


def _migrations() -> str:
    script = AlembicConfig()
    script.set_main_option("script_location", str(ROOT / "migrations"))
    head = ScriptDirectory.from_config(script).get_current_head()
    present = MigrationContext.configure(db.session.connection()).get_current_revision()
    return "ok" if present == head else f"at {present}, should be at {head}: run `flask setup`"


def _outbox() -> str:
    count = backlog()
    return f"ok: {count} changes to index" if count < BACKLOG_LIMIT else f"{count} changes are not indexed yet"


def _worker() -> str:
    beat = last_heartbeat()
    if beat is None:
        return "no worker has run yet"
    age = utc_now() - beat
    return "ok" if age < HEARTBEAT_LIMIT else f"last seen {int(age.total_seconds())} seconds ago"


def _index() -> str:
    index = the_index()
    try:
        return f"ok: {index.current_folder().name}, {index.count()} documents"
    except IndexBrokenError as error:
        log.warning("the search index cannot be read", error=str(error))
        return "search is rebuilding"
