"""`/healthz`: the process lives. `/readyz`: everything it needs does, too."""

from __future__ import annotations

import dataclasses
import shutil
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.admin import health
from app.jobs.models import Heartbeat
from app.jobs.worker import beat
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.search.outbox import drain, the_index
from tests.factories.practices import make_practice


@pytest.fixture
def ready(app: Flask) -> None:
    """A worker has run and the index is there."""
    make_practice()
    drain()
    beat()


def ask(client: FlaskClient, status: int) -> dict[str, Any]:
    answer = client.get("/readyz")
    assert answer.status_code == status
    assert answer.json is not None
    assert answer.json["status"] == ("ok" if status == 200 else "not ready")
    checks: dict[str, Any] = answer.json["checks"]
    return checks


def failing(checks: dict[str, Any]) -> set[str]:
    return {name for name, said in checks.items() if not said.startswith("ok")}


def test_the_process_lives(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


@pytest.mark.usefixtures("ready")
def test_everything_is_there(client: FlaskClient) -> None:
    checks = ask(client, 200)
    assert set(checks) == {"database", "migrations", "outbox", "worker", "index"}
    assert failing(checks) == set()
    assert checks["index"] == f"ok: {the_index().current_folder().name}, 1 documents"


def test_a_fresh_installation_lacks_worker_and_index(client: FlaskClient) -> None:
    assert failing(ask(client, 503)) == {"worker", "index"}


@pytest.mark.usefixtures("ready")
def test_a_worker_that_stopped_is_noticed(client: FlaskClient) -> None:
    with transaction() as session:
        session.query(Heartbeat).update({"at": utc_now() - timedelta(seconds=90)})
    checks = ask(client, 503)
    assert failing(checks) == {"worker"}
    assert checks["worker"].startswith("last seen 90 seconds ago")


@pytest.mark.usefixtures("ready")
def test_a_backlog_is_noticed(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "BACKLOG_LIMIT", 1)
    make_practice("another")
    checks = ask(client, 503)
    assert (failing(checks), checks["outbox"]) == ({"outbox"}, "1 changes are not indexed yet")


@pytest.mark.usefixtures("ready")
def test_an_older_schema_is_noticed(client: FlaskClient) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    checks = ask(client, 503)
    assert failing(checks) == {"migrations"}
    assert "run `flask setup`" in checks["migrations"]


@pytest.mark.usefixtures("ready")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_broken_index_is_noticed_and_repaired_by_the_worker(app: Flask, client: FlaskClient) -> None:
    for path in the_index().current_folder().glob("*.toc"):
        path.write_bytes(b"junk")
    app.extensions["search_index"] = type(the_index())(the_index().folder)
    assert failing(ask(client, 503)) == {"index"}
    drain()
    ask(client, 200)
    shutil.rmtree(the_index().folder)
    assert failing(ask(client, 503)) == {"index"}


@pytest.mark.usefixtures("ready")
def test_a_database_that_is_away_is_noticed(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise OperationalError("SELECT 1", {}, Exception("the server went away"))

    monkeypatch.setattr(health, "_migrations", fail)
    checks = ask(client, 503)
    assert checks["database"] == "failed: OperationalError"
    assert "the server went away" not in str(checks)


def test_health_is_for_everybody(app: Flask, client: FlaskClient) -> None:
    config = app.config["GUILDHALL"]
    app.config["GUILDHALL"] = dataclasses.replace(config, visitors="none")
    try:
        assert [client.get(address).status_code for address in ("/healthz", "/readyz")] == [200, 503]
    finally:
        app.config["GUILDHALL"] = config
