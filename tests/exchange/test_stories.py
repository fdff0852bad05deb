"""Stories that were written elsewhere come in as drafts or as published, and go out and in again as they are."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select

from app.accounts.models import Team
from app.case_studies.models import CaseStudy
from app.config import Config
from app.exchange.bringing import Wanted, bring_in
from app.exchange.exporting import export_to
from app.kernel.db import db, transaction
from app.kernel.errors import NotFoundError
from app.writing.models import Author, Manuscript
from app.writing.queries import content_of
from app.writing.rules import State
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "kubeedge-case-studies"
TEXT = """---
title: Gateway
date: 2025-03-04
description: Releases by day.
---

# A gateway that is released by day

We run the gateway.

## Challenge

Nights.

## Solution

Smaller steps, see [the other](../other/index.md) and ![a picture](pic.png).

## Benefits

Days.
"""


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    make_framework()
    place = tmp_path / "stories"
    for name, title in (("gateway", "Gateway"), ("other", "Other")):
        (place / name).mkdir(parents=True)
        (place / name / "index.md").write_text(TEXT.replace("title: Gateway", f"title: {title}"))
        (place / name / "pic.png").write_bytes(
            bytes.fromhex("89504e470d0a1a0a0000000d4948445200000003000000020802000000")
        )
    return place


def bring(folder: Path, **wanted: object) -> list[str]:
    report = bring_in(folder, Wanted(kind="case-study", **wanted))  # type: ignore[arg-type]
    return [f"{line.outcome} {line.file} {line.reason}".strip() for line in report.lines]


def manuscripts() -> list[Manuscript]:
    db.session.rollback()
    return list(db.session.execute(select(Manuscript).order_by(Manuscript.slug)).scalars())


def count(model: type[object]) -> int:
    db.session.rollback()
    return db.session.execute(select(func.count()).select_from(model)).scalar_one()


def test_they_become_drafts_of_whoever_they_are_about(folder: Path) -> None:
    assert bring(folder) == ["created gateway/index.md", "created other/index.md"]
    first, _second = manuscripts()
    assert (first.state, first.published_number, first.title) == (State.DRAFT, None, "Gateway")
    assert first.team is not None
    assert first.team.name == "Gateway"
    content = content_of(first)
    assert [content[part].strip() for part in ("context", "challenge", "results")] == [
        "We run the gateway.",
        "Nights.",
        "Days.",
    ]
    assert "/case-studies/other?lang=en" in content["approach"]
    assert "](/media/" in content["approach"]
    assert count(CaseStudy) == 0


def test_they_become_a_teams_and_published_where_that_is_asked(folder: Path, client: FlaskClient) -> None:
    team = make_team("Payments")
    bring(folder, team=team.slug, publish=True)
    rows = db.session.execute(select(CaseStudy)).unique().scalars().all()
    assert {(row.team.name, str(row.published_on)) for row in rows} == {("Payments", "2025-03-04")}
    assert "Smaller steps" in client.get("/case-studies/gateway").text
    assert count(Team) == 1


def test_a_second_run_changes_nothing_and_a_changed_file_is_another_version(folder: Path) -> None:
    bring(folder)
    assert bring(folder) == ["left gateway/index.md", "left other/index.md"]
    place = folder / "gateway" / "index.md"
    place.write_text(place.read_text().replace("Nights.", "Long nights."))
    assert bring(folder) == ["changed gateway/index.md", "left other/index.md"]
    assert manuscripts()[0].latest_number == 2
    assert bring(folder, publish=True) == ["changed gateway/index.md", "changed other/index.md"]
    assert count(CaseStudy) == 2


def test_what_a_team_has_begun_to_write_is_left_alone(folder: Path) -> None:
    bring(folder)
    writer = make_user("Writer")
    with transaction() as session:
        manuscript = session.execute(select(Manuscript).where(Manuscript.slug == "gateway")).scalar_one()
        manuscript.authors = [Author(user_id=writer.id, position=0)]
    place = folder / "gateway" / "index.md"
    place.write_text(place.read_text().replace("Nights.", "Long nights."))
    assert bring(folder) == ["left gateway/index.md", "left other/index.md"]


def test_a_dry_run_leaves_nothing(folder: Path, config: Config) -> None:
    before = set(config.media_dir.glob("*")) if config.media_dir.exists() else set()
    assert bring(folder, dry_run=True) == ["created gateway/index.md", "created other/index.md"]
    assert (manuscripts(), count(Team)) == ([], 0)
    assert (set(config.media_dir.glob("*")) if config.media_dir.exists() else set()) == before


def test_a_team_that_is_not_there_is_said(folder: Path) -> None:
    with pytest.raises(NotFoundError):
        bring(folder, team="nobody")


@pytest.mark.slow
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")
def test_the_stories_of_others_come_in_all_and_go_out_and_in_the_same(
    app: Flask, config: Config, tmp_path: Path
) -> None:
    make_framework()
    lines = bring(CORPUS, publish=True)
    assert [line.partition(" ")[0] for line in lines].count("created") == 25
    pairs = db.session.execute(select(CaseStudy.slug).group_by(CaseStudy.slug).having(func.count() == 2)).scalars()
    assert len(list(pairs)) == 12
    first, second = tmp_path / "first", tmp_path / "second"
    assert not export_to(first, config.media_dir).refused
    again = bring_in(first, Wanted())
    assert {str(line.outcome) for line in again.lines} == {"left"}
    with transaction() as session:
        for table in (CaseStudy, Manuscript, Team):
            session.execute(delete(table))
    shutil.copytree(first, tmp_path / "moved")
    assert not bring_in(tmp_path / "moved", Wanted()).refused
    export_to(second, config.media_dir)
    assert tree(second) == tree(first)


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
