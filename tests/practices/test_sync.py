"""Making the database say what the library's files say."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.capabilities.models import Capability
from app.config import Config
from app.kernel.db import current_revision, db, transaction
from app.kernel.report import Report
from app.practices.models import Practice
from app.practices.sync import sync_practices
from app.search.outbox import backlog
from tests.factories.frameworks import make_framework
from tests.factories.people import make_user
from tests.factories.practices import PARTS, THEN, make_practice, write_practice

both_databases = pytest.mark.both_databases
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000003000000020802000000")


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """A library of one article and its translation."""
    make_framework()
    write_practice(tmp_path / "practices" / "area")
    write_practice(tmp_path / "practices" / "area", language="zh", translation_of="en", title="短分支")
    return tmp_path / "practices"


def sync(folder: Path, config: Config, *, days: int = 0) -> list[str]:
    """The lines of the report, without those of files that were left."""
    report = Report()
    with transaction() as session:
        sync_practices(session, folder, config.media_dir, report, now=THEN + timedelta(days=days))
    return [str(line) for line in report.lines if line.outcome != "left"]


def practices() -> list[Practice]:
    db.session.rollback()
    return list(db.session.execute(select(Practice).order_by(Practice.slug, Practice.language)).scalars())


def state() -> list[tuple[Any, ...]]:
    return [(each.id, each.slug, each.language, each.title, each.updated_at, each.html) for each in practices()]


@both_databases
def test_files_become_practices(folder: Path, config: Config) -> None:
    assert sync(folder, config) == [
        "created  practices/area/short-branches.en.md",
        "created  practices/area/short-branches.zh.md",
    ]
    english, chinese = practices()
    assert (english.title, english.level, english.tags, english.origin) == (
        "About short-branches",
        3,
        ["git", "branching"],
        "library:area/short-branches.en.md",
    )
    assert english.capability is not None
    assert english.capability.slug == "version-control"
    assert (chinese.title, chinese.translation_of, chinese.han > 20) == ("短分支", "en", True)
    assert [heading["text"] for heading in english.headings] == ["What", "Why", "How", "Evidence"]
    assert english.source == PARTS["en"]


@both_databases
def test_a_second_run_changes_nothing(folder: Path, config: Config) -> None:
    sync(folder, config)
    before, revision, waiting = state(), current_revision(), backlog()
    assert sync(folder, config, days=1) == []
    assert (state(), current_revision(), backlog()) == (before, revision, waiting)


def test_a_changed_file_changes_its_practice_and_keeps_its_id(folder: Path, config: Config) -> None:
    sync(folder, config)
    before = state()
    write_practice(folder / "area", title="Shorter branches", tags=["branching", "flow"])
    assert sync(folder, config, days=1) == ["changed  practices/area/short-branches.en.md"]
    english, chinese = practices()
    assert (english.id, english.title, english.tags) == (before[0][0], "Shorter branches", ["branching", "flow"])
    assert (english.created_at, english.updated_at) == (THEN, THEN + timedelta(days=1))
    assert chinese.updated_at == THEN


def test_a_practice_goes_with_its_file(folder: Path, config: Config) -> None:
    sync(folder, config)
    (folder / "area" / "short-branches.zh.md").unlink()
    assert sync(folder, config) == ["changed  practices/area/short-branches.zh.md: removed, because the file is gone"]
    assert [practice.language for practice in practices()] == ["en"]


@both_databases
def test_a_file_that_moves_keeps_its_practice(folder: Path, config: Config) -> None:
    sync(folder, config)
    before = [practice.id for practice in practices()]
    (folder / "area").rename(folder / "another")
    assert sync(folder, config) == [
        "changed  practices/another/short-branches.en.md",
        "changed  practices/another/short-branches.zh.md",
    ]
    assert [practice.id for practice in practices()] == before


def test_a_changed_picture_changes_its_practice(folder: Path, config: Config) -> None:
    picture = folder / "area" / "flow.png"
    picture.write_bytes(PNG)
    write_practice(folder / "area", body=f"{PARTS['en']}\n![The flow](flow.png)\n")
    sync(folder, config)
    first = practices()[0].html
    assert 'width="3" height="2"' in first
    assert sync(folder, config) == []
    picture.write_bytes(PNG + b"!")
    assert sync(folder, config) == ["changed  practices/area/short-branches.en.md"]
    assert practices()[0].html != first


def test_a_file_that_did_not_change_is_refused_when_its_link_leads_nowhere_any_more(
    folder: Path, config: Config
) -> None:
    target = write_practice(folder / "other", "merge-queue")
    body = f"{PARTS['en']}\n[x](../other/merge-queue.en.md) and [y](/practices/merge-queue)\n"
    write_practice(folder / "area", body=body)
    sync(folder, config)
    assert "/practices/merge-queue?lang=en" in practices()[1].html
    target.unlink()
    assert sync(folder, config)[0].endswith(": nothing is at ../other/merge-queue.en.md")
    write_practice(folder / "area", body=body.replace("../other/merge-queue.en.md", "short-branches.zh.md"))
    assert sync(folder, config)[0].endswith(": nothing is at /practices/merge-queue")


def test_files_that_have_nothing_to_do_with_each_other_change_alone(folder: Path, config: Config) -> None:
    sync(folder, config)
    write_practice(folder / "other", "merge-queue")
    (folder / "area" / "unused.png").write_bytes(PNG)
    assert sync(folder, config) == ["created  practices/other/merge-queue.en.md"]


def test_texts_are_rendered_again_when_the_renderer_changes(
    folder: Path, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync(folder, config)
    monkeypatch.setattr("app.practices.sync.renderer", lambda: "another")
    assert len(sync(folder, config)) == 2


def test_an_owner_is_found_by_address_as_soon_as_there_is_an_account(folder: Path, config: Config) -> None:
    write_practice(folder / "area", owner="Lin@Example.com")
    sync(folder, config)
    assert (practices()[0].owner, practices()[0].owner_name) == (None, "Lin@Example.com")
    user = make_user("Lin Yue", email="lin@example.com")
    assert sync(folder, config) == ["changed  practices/area/short-branches.en.md"]
    assert (practices()[0].owner_id, practices()[0].owner_name) == (user.id, "")


def test_a_capability_that_is_made_anew_gets_its_practices_back(folder: Path, config: Config) -> None:
    sync(folder, config)
    with transaction() as session:
        old = session.execute(select(Capability).where(Capability.slug == "version-control")).scalar_one()
        area, name = old.area, old.name
        session.delete(old)
        session.flush()
        area.capabilities.append(
            Capability(slug="version-control", framework=area.framework, position=0, name=name, summary=name)
        )
    assert practices()[0].capability is None
    assert len(sync(folder, config)) == 2
    capability = practices()[0].capability
    assert capability is not None
    assert capability.slug == "version-control"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"capability": "telepathy"}, ":6: there is no capability telepathy"),
        ({"translation_of": "zh", "slug": "alone"}, ": there is no alone in zh to be a translation of"),
        ({"body": "Nothing of what is asked."}, ": the heading 'What' is missing"),
        ({"body": f"{PARTS['en']}\n![x](../../secret.png)"}, ": nothing is at ../../secret.png"),
        ({"body": f"{PARTS['en']}\n![x](notes.en.md)"}, ": nothing is at notes.en.md"),
        ({"level": 9}, ":7: level must be a number from 1 to 5"),
    ],
)
def test_what_is_refused_is_named_and_leaves_its_practice_as_it_was(
    folder: Path, config: Config, changes: dict[str, Any], reason: str
) -> None:
    (folder.parent / "secret.png").write_bytes(PNG)
    sync(folder, config)
    before = state()
    slug = changes.get("slug", "short-branches")
    write_practice(folder / "area", **changes)
    (line,) = sync(folder, config)
    place, _, said = line.partition(".en.md")
    assert (place, said.startswith(":")) == (f"refused  practices/area/{slug}", True)
    assert said.endswith(reason.rpartition(": ")[2])
    assert state() == before


def test_two_files_cannot_have_one_address(folder: Path, config: Config) -> None:
    write_practice(folder / "zebra")
    assert (
        "refused  practices/zebra/short-branches.en.md:3: area/short-branches.en.md has this slug and language already"
        in sync(folder, config)
    )


def test_an_imported_document_keeps_its_address(folder: Path, config: Config) -> None:
    make_practice("short-branches", origin="import:wiki:short-branches.md")
    (line,) = (line for line in sync(folder, config) if line.startswith("refused"))
    assert line == (
        "refused  practices/area/short-branches.en.md:3: an imported document is at /practices/short-branches already"
    )
    assert [practice.origin for practice in practices()] == [
        "import:wiki:short-branches.md",
        "library:area/short-branches.zh.md",
    ]


def test_imported_documents_stay_when_the_library_changes(folder: Path, config: Config) -> None:
    make_practice("wiki-page", origin="import:wiki:page.md")
    sync(folder, config)
    assert sync(folder, config) == []
    assert len(practices()) == 3


def test_a_folder_that_is_not_there_does_not_empty_the_library(folder: Path, config: Config) -> None:
    sync(folder, config)
    (line,) = sync(folder.with_name("nowhere"), config)
    assert line == "refused  nowhere: there is no such folder; without it the whole library would go"
    assert len(practices()) == 2
