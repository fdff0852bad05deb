"""What the page of a practice that is kept in files says of its past, and of the translation that is behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.config import Config
from app.kernel.db import transaction
from app.kernel.report import Outcome, Report
from app.practices.sync import sync_practices
from tests.factories.frameworks import make_framework
from tests.factories.practices import PARTS, THEN, write_practice

Write = Callable[[str, str], None]
BEHIND = "The original (English) has changed since this was translated."
PAGE = "/practices/short-branches"


@pytest.fixture
def write(app: Flask, tmp_path: Path, config: Config) -> Write:
    """Change a file of the library, in English or Chinese, and let the site follow: each time a day later."""
    make_framework()
    days = iter(range(1, 99))

    def written(language: str, body: str) -> None:
        of = "en" if language == "zh" else None
        write_practice(
            tmp_path / "practices", language=language, body=f"{PARTS[language]}\n{body}\n", translation_of=of
        )
        report = Report()
        with transaction() as session:
            sync_practices(
                session, tmp_path / "practices", config.media_dir, report, now=THEN + timedelta(days=next(days))
            )
        assert [str(line) for line in report.lines if line.outcome is Outcome.REFUSED] == []

    written("en", "One.")
    return written


def test_readers_of_a_translation_are_shown_what_changed_in_the_original(write: Write, client: FlaskClient) -> None:
    write("zh", "一。")
    assert BEHIND not in client.get(f"{PAGE}?lang=zh").text
    write("en", "One and two.")
    page = client.get(f"{PAGE}?lang=zh").text
    assert BEHIND in page
    assert BEHIND not in client.get(f"{PAGE}?lang=en").text
    address = "/writing/history/practice/short-branches/differences?lang=en&to=2&from=1"
    assert address.replace("&", "&amp;") in page
    changes = client.get(address).text
    assert "1 word removed" not in changes
    assert "and two</ins>" not in changes
    assert "and two" in changes
    write("zh", "一和二。")
    assert BEHIND not in client.get(f"{PAGE}?lang=zh").text


def test_every_reader_finds_the_versions_of_the_file(write: Write, client: FlaskClient) -> None:
    write("en", "One and two.")
    assert 'href="/writing/history/practice/short-branches?lang=en"' in client.get(PAGE).text
    history = client.get("/writing/history/practice/short-branches").text
    assert "practices/short-branches.en.md" in history
    assert history.count("history-entry") == 2
    old = client.get("/writing/history/practice/short-branches/1").text
    assert "<p>One.</p>" in old
    assert "Not what readers see" in old


def test_a_file_that_was_only_touched_makes_no_version(write: Write, client: FlaskClient) -> None:
    write("zh", "一。")
    write("en", "One and two.")
    write("zh", "一。")
    assert BEHIND in client.get(f"{PAGE}?lang=zh").text
    assert client.get("/writing/history/practice/short-branches?lang=zh").text.count("history-entry") == 1
