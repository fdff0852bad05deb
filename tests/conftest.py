"""One application for each test process, and for each test a database in the state that the migrations leave.

Everything runs on SQLite. Tests marked `both_databases` run a second time on the PostgreSQL server that TEST_POSTGRESQL_URL
names (a role that may make databases); without one they are skipped there.
"""

from __future__ import annotations

import gc
import logging
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
import time_machine
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import settings
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.config import Config
from app.factory import create_app
from app.kernel.db import Base, db
from app.web.security import limiter
from app.web.stored import MAX_BYTES, Store
from tests.site import Stock
from tests.thorough import QUICK

# Failures show in the output of a test with a plain traceback; what goes well is not worth a line.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ],
    wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
)
settings.register_profile(QUICK, max_examples=15, deadline=None)
SERVER = os.environ.get("TEST_POSTGRESQL_URL", "")
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("both_databases")
        second = [pytest.param("postgresql", marks=pytest.mark.postgresql)] if both else []
        metafunc.parametrize("database", ["sqlite", *second], indirect=True, scope="session", ids=_short)


def _short(database: str) -> str:
    return database


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is imported and collected stays to the end: no need to look through it for garbage, again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session")
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database that the test runs on."""
    kind: str = request.param
    if kind == "postgresql" and not SERVER:
        if os.environ.get("REQUIRE_POSTGRESQL"):
            pytest.fail("REQUIRE_POSTGRESQL is set, but TEST_POSTGRESQL_URL is not")
        pytest.skip("TEST_POSTGRESQL_URL names no PostgreSQL server")
    return kind


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory, database: str) -> Iterator[Config]:
    with _database_of_our_own() if database == "postgresql" else nullcontext("") as url:
        yield Config(
            secret_key="tests only tests only tests only 0123456789",
            data_dir=tmp_path_factory.mktemp("var"),
            database_url=url,
            default_time_zone="Asia/Shanghai",
            log_level="error",
            testing=True,
        )


@contextmanager
def _database_of_our_own() -> Iterator[str]:
    """A database that no other run of the tests uses, be it at the same time."""
    name = f"guildhall_test_{os.getpid()}"
    server = create_engine(SERVER, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
        # As on SQLite: the machine goes on, whatever a test ends.
        connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    try:
        yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


class Browser(FlaskClient):
    """Gives each request an application context of its own, as a server does, instead of the test's; and lets the test
    read afresh what it had loaded before.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        try:
            with self.application.app_context():
                return super().open(*args, **kwargs)
        finally:
            if has_app_context():
                db.session.rollback()


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Stock:
    """Whole sites, to be served as they are: set up once for all test processes, each of which has a folder below the shared one."""
    own = tmp_path_factory.getbasetemp()
    return Stock(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)


@pytest.fixture(scope="session")
def prepared_app(config: Config) -> Flask:
    """The application on a migrated, empty database, of which `app` makes a fresh copy for every test."""
    app = create_app(config)
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Browser
    with app.app_context():
        if not config.database_url:
            event.listen(db.engine, "connect", _trust_the_power)
        upgrade(directory="migrations")
        db.session.remove()
        db.engine.dispose()
    if not config.database_url:
        shutil.copyfile(_database_file(config), config.data_dir / "template.sqlite3")
    return app


def _trust_the_power(connection: sqlite3.Connection, _record: object) -> None:
    """Whatever tests end, the machine goes on: to wait for the disk at every commit would prove nothing."""
    connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture
def app(prepared_app: Flask, config: Config) -> Iterator[Flask]:
    """The application on an empty database, without index and pictures, inside an application context."""
    prepared_app.extensions["store"] = Store(MAX_BYTES)
    # One for all applications of a process; another one, made by a test, may have switched it on.
    limiter.enabled = False
    shutil.rmtree(config.index_dir, ignore_errors=True)
    shutil.rmtree(config.media_dir, ignore_errors=True)
    with prepared_app.app_context():
        _reset_database(config)
        yield prepared_app
        db.session.remove()
        db.engine.dispose()


def _reset_database(config: Config) -> None:
    if config.database_url:
        with db.engine.begin() as connection:
            connection.exec_driver_sql(_EMPTY_WHAT_IS_FILLED)
        return
    for name in ("-wal", "-shm"):
        Path(f"{_database_file(config)}{name}").unlink(missing_ok=True)
    shutil.copyfile(config.data_dir / "template.sqlite3", _database_file(config))


# Most tests fill a few tables of more than a hundred, with a few rows each, and TRUNCATE makes new files for each table and for
# all that hang on it. Every foreign key says what happens when its row goes, so the order is only a matter of haste.
_EMPTY_WHAT_IS_FILLED = f"""
DO $$
DECLARE
    each text;
BEGIN
    FOREACH each IN ARRAY ARRAY[{", ".join(f"'{table.name}'" for table in reversed(Base.metadata.sorted_tables))}] LOOP
        EXECUTE format('DELETE FROM %%I', each);
    END LOOP;
    FOR each IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
        EXECUTE format('ALTER SEQUENCE %%I RESTART', each);
    END LOOP;
END $$
"""


def _database_file(config: Config) -> Path:
    return config.data_dir / "guildhall.sqlite3"


@pytest.fixture
def session(app: Flask) -> Session:
    return db.session()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def log_in(app: Flask) -> Callable[[User], FlaskClient]:
    """A browser in which that person is logged in."""

    def logged_in(user: User) -> FlaskClient:
        browser = app.test_client()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = user.get_id()
            cookie["_fresh"] = True
        return browser

    return logged_in


@pytest.fixture
def configure(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Change settings that are read while requests are answered, for one test."""

    def change(**settings: Any) -> None:
        monkeypatch.setitem(app.config, "GUILDHALL", replace(app.config["GUILDHALL"], **settings))

    return change


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    """Monday, 16 November 2026, 10:00 in Shanghai; `clock.shift(seconds)` moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def count_queries(app: Flask) -> Iterator[list[str]]:
    """The statements sent to the database since the test began, or since the list was cleared."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.engine, "before_cursor_execute", note)
