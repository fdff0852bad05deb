"""`flask content …`: the library between files and database, with a report and an exit status."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.capabilities.models import Capability
from app.case_studies.models import CaseStudy
from app.config import Config
from app.kernel.db import current_revision, db
from app.practices.models import Practice
from app.search.outbox import backlog, drain
from tests.factories.practices import PARTS, make_practice, write_practice

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000003000000020802000000")


@pytest.fixture
def tree(app: Flask, tmp_path: Path) -> Path:
    (tmp_path / "wiki").mkdir()
    (tmp_path / "wiki" / "one.md").write_text("Some words about the pipeline.\n\n![x](a.png)\n")
    (tmp_path / "wiki" / "two.md").write_text("---\ntitle: 'open\n---\n")
    (tmp_path / "wiki" / "a.png").write_bytes(PNG)
    return tmp_path / "wiki"


def run(app: Flask, *words: object) -> Result:
    result = app.test_cli_runner().invoke(args=["content", *map(str, words)])
    db.session.rollback()
    return result


def count(table: type) -> int:
    return db.session.execute(select(func.count()).select_from(table)).scalar_one()


def test_sync_says_what_it_did_and_repeats_safely(app: Flask, folder: Path) -> None:
    first = run(app, "sync", folder)
    assert first.exit_code == 0
    assert first.stdout.splitlines() == [
        "created  frameworks/continuous-delivery.yaml",
        "created  frameworks/dora.yaml",
        "created  frameworks/crosswalk.yaml",
        "created  practices/area/merge-queue.en.md",
        "created  practices/area/short-branches.en.md",
        "5 created, 0 changed, 0 left, 0 refused",
    ]
    drain()
    revision = current_revision()
    second = run(app, "sync", folder)
    assert (second.exit_code, second.stdout) == (0, "0 created, 0 changed, 5 left, 0 refused\n")
    assert (current_revision(), backlog()) == (revision, 0)
    assert len(run(app, "sync", folder, "--all").stdout.splitlines()) == 6


def test_sync_leaves_the_database_untouched_when_anything_is_refused(app: Flask, folder: Path) -> None:
    write_practice(folder / "practices" / "area", level=9)
    result = run(app, "sync", folder)
    assert result.exit_code == 1
    assert "refused  practices/area/short-branches.en.md:7: level must be a number from 1 to 5" in result.stderr
    assert "Nothing was changed, because of what is refused above." in result.stderr
    assert (count(Capability), count(Practice), backlog(), current_revision()) == (0, 0, 0, 0)


def test_sync_goes_on_when_told_to(app: Flask, folder: Path) -> None:
    write_practice(folder / "practices" / "area", level=9)
    result = run(app, "sync", folder, "--go-on")
    assert result.exit_code == 1
    assert "Nothing was changed" not in result.stderr
    assert result.stdout.endswith("4 created, 0 changed, 0 left, 1 refused\n")
    assert db.session.execute(select(Practice.slug)).scalars().all() == ["merge-queue"]


def test_sync_of_a_folder_that_holds_no_library_is_refused(app: Flask, folder: Path, tmp_path: Path) -> None:
    run(app, "sync", folder)
    (tmp_path / "empty").mkdir()
    result = run(app, "sync", tmp_path / "empty")
    assert (result.exit_code, count(Practice)) == (1, 2)
    assert run(app, "sync", tmp_path / "nowhere").exit_code == 2


@pytest.mark.slow
def test_the_content_that_ships_is_taken_whole(app: Flask) -> None:
    result = run(app, "sync")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1].endswith(" created, 0 changed, 0 left, 0 refused")
    assert count(Practice) >= 60
    assert count(CaseStudy) >= 6
    assert run(app, "sync").stdout.startswith("0 created, 0 changed, ")


@pytest.mark.slow
def test_a_change_of_the_framework_is_found_on_what_hangs_on_it(app: Flask, folder: Path) -> None:
    run(app, "sync", folder)
    drain()
    path = folder / "frameworks" / "continuous-delivery.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Version control", "Versioning", 1), encoding="utf-8")
    assert run(app, "sync", folder).stdout.startswith("changed  frameworks/continuous-delivery.yaml")
    assert backlog() > 50


def test_import_reports_every_file_and_shows_its_progress(app: Flask, tree: Path) -> None:
    result = run(app, "import", tree)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == ["created  one.md", "1 created, 0 changed, 0 left, 1 refused"]
    assert "refused  two.md:3: front matter is no YAML" in result.stderr
    assert "Documents" in result.stderr
    (tree / "two.md").unlink()
    again = run(app, "import", tree)
    assert (again.exit_code, again.stdout) == (0, "left     one.md\n0 created, 0 changed, 1 left, 0 refused\n")


def test_a_dry_run_changes_nothing(app: Flask, config: Config, tree: Path) -> None:
    result = run(app, "import", tree, "--dry-run")
    assert result.stdout.splitlines() == [
        "created  one.md",
        "1 created, 0 changed, 0 left, 1 refused",
        "A dry run: nothing was changed.",
    ]
    assert (count(Practice), backlog(), current_revision()) == (0, 0, 0)
    assert not config.media_dir.exists()


def test_import_takes_a_language_and_finds_capabilities(app: Flask, folder: Path, tree: Path) -> None:
    run(app, "sync", folder)
    (tree / "one.md").write_text("---\ncapability: test-automation\nlevel: 2\n---\nSome words.\n")
    (tree / "two.md").unlink()
    assert run(app, "import", tree, "--lang", "zh", "--kind", "practice").exit_code == 0
    practice = db.session.execute(select(Practice).where(Practice.slug == "one")).scalar_one()
    assert practice.capability is not None
    assert (practice.language, practice.level, practice.capability.slug) == ("zh", 2, "test-automation")
    assert run(app, "import", tree, "--lang", "fr").exit_code == 2
    assert run(app, "import", tree / "nowhere").exit_code == 2


def test_sync_and_import_keep_out_of_each_others_way(app: Flask, folder: Path, tree: Path) -> None:
    make_practice("short-branches", origin="import:wiki:short-branches.md")
    result = run(app, "sync", folder)
    assert (result.exit_code, "an imported document is at /practices/short-branches already" in result.stderr) == (
        1,
        True,
    )
    (tree / "short-branches.md").write_text(f"Some words.\n\n{PARTS['en']}")
    (tree / "two.md").unlink()
    assert run(app, "import", tree).exit_code == 0
    slugs = set(db.session.execute(select(Practice.slug)).scalars())
    assert slugs == {"short-branches", "one"}
