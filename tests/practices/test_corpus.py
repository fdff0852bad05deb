"""Real documents of other people: all of them come in, or are named with a true reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.config import ROOT, Config
from app.kernel.db import db, transaction
from app.kernel.report import Line, Report
from app.practices.importer import import_practices
from app.practices.models import Practice
from tests.factories.practices import THEN

CORPUS = ROOT.parent / "shared" / "corpus"
DOCUMENTS = 104

pytestmark = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the collection of real documents is not beside the project"
)


def bring(config: Config) -> list[Line]:
    report = Report()
    with transaction() as session:
        import_practices(session, CORPUS, config.media_dir, report, now=THEN, capabilities={})
    return [line for line in report.lines if Path(line.file).name != "README.md"]


@pytest.mark.slow
def test_all_documents_come_in_or_are_named(app: Flask, config: Config) -> None:
    lines = bring(config)
    assert len(lines) == DOCUMENTS
    assert [str(line) for line in lines if line.outcome != "created"] == [
        "refused  dora-capabilities/_index.md:12: there is no text in it"
    ]
    _check_languages()
    _check_pictures(lines, config)
    _check_links_and_markup()
    revisited = bring(config)
    assert {str(line.outcome) for line in revisited} == {"left", "refused"}


def _check_languages() -> None:
    counted = dict(db.session.execute(select(Practice.language, func.count()).group_by(Practice.language)).all())
    assert sum(counted.values()) == DOCUMENTS - 1
    places = db.session.execute(select(Practice.origin, Practice.language)).all()
    # Two files of the Chinese tree have Chinese titles and English texts.
    assert sorted(place for place, language in places if ("/zh/" in place) != (language == "zh")) == [
        "import:corpus:platform-maturity/zh/_index.md",
        "import:corpus:platform-maturity/zh/charter/index.md",
    ]
    translated = db.session.execute(select(func.count()).where(Practice.translation_of == "en")).scalar_one()
    assert translated >= 10


def _check_pictures(lines: list[Line], config: Config) -> None:
    kept = {path.name for path in config.media_dir.iterdir()}
    pages = db.session.execute(select(Practice.html)).scalars().all()
    shown = {name for html in pages for name in re.findall(r'src="/media/([^"]+)"', html)}
    assert shown
    assert shown <= kept
    missing = [note for line in lines for note in line.notes if note.startswith("picture left out")]
    assert len(missing) > 20
    assert all("/img/casestudies/" in note or "missing" in note for note in missing)


def _check_links_and_markup() -> None:
    addresses = set(db.session.execute(select(Practice.slug)).scalars())
    for origin, html, source in db.session.execute(select(Practice.origin, Practice.html, Practice.source)):
        targets = re.findall(r'<a [^>]*?href="([^"]*)"', html)
        ours = [target for target in targets if target.startswith("/practices/")]
        assert {target.split("?")[0].removeprefix("/practices/") for target in ours} <= addresses, origin
        assert all(re.match(r"https?://|mailto:|#|/practices/|/media/", target) for target in targets), origin
        assert not re.search(r"\{\{|\{%|<script|<section", source), origin
