"""What a file says of the dates and addresses of its article, and what was said on the site."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.rules import Role
from app.config import Config
from app.kernel.db import db, transaction
from app.kernel.report import Report
from app.practices.models import Practice
from app.practices.sync import sync_practices
from app.practices.upkeep.service import confirm
from app.writing.keeping.models import FormerAddress
from tests.factories.frameworks import make_framework
from tests.factories.people import make_user
from tests.factories.practices import THEN, write_practice

TODAY = date(2026, 11, 16)


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    make_framework()
    write_practice(tmp_path / "practices", review_by=date(2026, 11, 10))
    return tmp_path / "practices"


def sync(folder: Path, config: Config) -> list[str]:
    report = Report()
    with transaction() as session:
        sync_practices(session, folder, config.media_dir, report, now=THEN + timedelta(days=14))
    return [str(line) for line in report.lines]


def dates() -> tuple[date | None, date | None]:
    db.session.rollback()
    practice = db.session.execute(select(Practice)).scalar_one()
    return practice.reviewed_on, practice.review_by


def test_whoever_looked_last_has_the_last_word_about_the_dates(folder: Path, config: Config) -> None:
    sync(folder, config)
    assert dates() == (date(2026, 11, 2), date(2026, 11, 10))
    editor = make_user("Editor", Role.EDITOR)
    with transaction() as session:
        confirm(session, "short-branches", months=6, note="", actor=editor, today=TODAY, now=THEN)
    write_practice(folder, title="A new title", review_by=date(2026, 11, 10))
    sync(folder, config)
    assert dates() == (TODAY, date(2027, 5, 16))
    write_practice(folder, reviewed=date(2026, 11, 20), review_by=date(2028, 1, 1))
    sync(folder, config)
    assert dates() == (date(2026, 11, 20), date(2028, 1, 1))


def test_the_addresses_that_a_file_names_lead_to_it_for_ever(folder: Path, config: Config, client: FlaskClient) -> None:
    write_practice(folder, former_slugs=["trunk", "small-branches"])
    sync(folder, config)
    sync(folder, config)
    assert client.get("/practices/trunk").location == "/practices/short-branches"
    (folder / "short-branches.en.md").unlink()
    write_practice(folder, "tiny-branches", former_slugs=["short-branches"])
    sync(folder, config)
    assert client.get("/practices/trunk").location == "/practices/tiny-branches"
    assert client.get("/practices/short-branches?lang=en").location == "/practices/tiny-branches?lang=en"


def test_a_file_of_what_is_retired_is_not_followed(folder: Path, config: Config) -> None:
    with transaction() as session:
        session.add(
            FormerAddress(kind="practice", slug="short-branches", title="", is_retired=True, note="Old.", left_at=THEN)
        )
    assert sync(folder, config)[0].endswith("it is retired on the site")
    assert db.session.execute(select(Practice)).first() is None
