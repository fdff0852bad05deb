"""`flask setup`: from a bare folder to an installation that can be served."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import User
from app.accounts.rules import Role
from app.admin.content import sync
from app.admin.setup import welcome
from app.config import Config
from app.kernel.db import db
from app.practices.models import Practice
from app.search.outbox import backlog, the_index
from tests.factories.people import make_user


@pytest.fixture(autouse=True)
def small_content(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.admin.setup.sync", lambda: sync(folder))


@pytest.fixture
def production(app: Flask, config: Config) -> Iterator[None]:
    app.config["GUILDHALL"] = dataclasses.replace(
        config, environment="production", base_url="https://guildhall.example.com"
    )
    yield
    app.config["GUILDHALL"] = config


def setup(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["setup", *words])


def people() -> int:
    return db.session.execute(select(func.count()).select_from(User)).scalar_one()


@pytest.mark.slow
def test_the_first_start_of_an_evaluation_brings_everything(app: Flask) -> None:
    result = setup(app)
    assert result.exit_code == 0, result.output
    steps = [line.partition(" … ")[0] for line in result.stdout.splitlines() if " … " in line]
    assert steps == ["Database", "Content", "Sample people and sessions", "Search index"]
    assert people() > 8
    assert backlog() == 0
    counts = the_index().count_by_kind()
    assert counts["coach"] == 8
    assert counts["practice"] == db.session.execute(select(func.count()).select_from(Practice)).scalar_one()
    generation = the_index().current_folder()
    again = setup(app)
    assert again.exit_code == 0
    assert "Sample" not in again.stdout
    assert "0 created, 0 changed" in again.stdout
    assert (the_index().current_folder(), backlog()) == (generation, 0)


@pytest.mark.slow
def test_samples_that_were_taken_out_stay_out(app: Flask) -> None:
    setup(app)
    app.test_cli_runner().invoke(args=["samples", "remove"])
    assert people() == 0
    assert "Sample" not in setup(app).stdout
    assert people() == 0


def test_a_real_installation_has_no_samples(app: Flask) -> None:
    assert "Sample" not in setup(app, "--no-sample").stdout
    assert people() == 0


@pytest.mark.slow
@pytest.mark.usefixtures("production")
def test_production_has_no_samples_unless_asked_for(app: Flask) -> None:
    assert "Sample" not in setup(app).stdout
    assert people() == 0
    assert "Sample" in setup(app, "--sample").stdout
    assert people() > 8


def test_setup_does_not_wait_for_a_worker_that_is_at_work(app: Flask) -> None:
    with the_index().writing():
        assert setup(app, "--no-sample").exit_code == 0


def test_the_welcome_holds_the_way_to_become_administrator_until_there_is_one(app: Flask, config: Config) -> None:
    lines = welcome(app).splitlines()
    assert lines[0] == f"Guildhall is at {config.site_url}"
    assert lines[1].startswith("Become its first administrator (once, within a week): http://")
    link = lines[1].rpartition(config.site_url)[2]
    assert app.test_client().get(link).status_code == 200
    make_user("Root", Role.ADMINISTRATOR)
    assert welcome(app).splitlines() == lines[:1]


@pytest.mark.slow
def test_content_that_is_refused_stops_it_with_the_place(app: Flask, folder: Path) -> None:
    path = folder / "practices" / "area" / "merge-queue.en.md"
    path.write_text(path.read_text(encoding="utf-8").replace("level: 3", "level: 33"), encoding="utf-8")
    result = setup(app)
    assert result.exit_code == 1
    assert "refused  practices/area/merge-queue.en.md:7: level must be a number from 1 to 5" in result.stderr
    assert "the database was left as it was" in result.stderr
    assert people() == 0
    path.write_text(path.read_text(encoding="utf-8").replace("level: 33", "level: 3"), encoding="utf-8")
    assert "Sample" in setup(app).stdout
