"""What is exported and read again is exported the same, and reading it again where it came from changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from app.capabilities.queries import list_main_capabilities
from app.config import Config
from app.exchange.bringing import Wanted, bring_in
from app.exchange.exporting import export_to
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError
from app.media.store import ATTACHMENTS, attachment_url, name_for, write
from app.practices.kind import PracticeKind
from app.practices.models import Practice, PracticeTag
from app.writing.filing import file_version
from app.writing.keeping.models import FormerAddress
from app.writing.models import Author, Manuscript
from tests.factories.frameworks import make_framework
from tests.factories.people import make_user
from tests.thorough import examples

pytestmark = pytest.mark.slow

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
KIND = PracticeKind()


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def outcomes(folder: Path) -> set[str]:
    report = bring_in(folder, Wanted())
    assert [str(line) for line in report.refused] == []
    return {str(line.outcome) for line in report.lines}


def empty_the_library() -> None:
    with transaction() as session:
        for table in (PracticeTag, Practice, Manuscript, FormerAddress):
            session.execute(delete(table))


def round_trip(config: Config, place: Path) -> dict[str, bytes]:
    """Export, read again in place, then into an empty library, and export that. Returns what was exported."""
    first, second = place / "first", place / "second"
    for folder in (first, second):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    assert not export_to(first, config.media_dir).refused
    assert outcomes(first) <= {"left"}
    empty_the_library()
    assert outcomes(first) <= {"created"}
    assert not export_to(second, config.media_dir).refused
    assert tree(second) == tree(first)
    assert outcomes(second) <= {"left"}
    return tree(first)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")
@pytest.mark.parametrize("name", ["dora-capabilities", "18f-methods", "platform-maturity"])
def test_documents_of_others_come_out_as_they_came_in(app: Flask, config: Config, tmp_path: Path, name: str) -> None:
    bring_in(CORPUS / name, Wanted())
    exported = round_trip(config, tmp_path)
    assert len([place for place in exported if place.startswith("practices/")]) > 5


words = st.text(
    alphabet=st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\x00\u2028\u2029"), max_size=30
)
lines = words.map(lambda text: " ".join(text.split()))
names = lines.filter(bool)
bodies = st.lists(
    st.one_of(
        names,
        st.sampled_from(
            [
                "## What",
                "---",
                "```\n---\ntitle: no\n---\n```",
                "| a | b |\n| - | - |\n| 1 | 2 |",
                "- [ ] todo",
                "<b>x</b>",
            ]
        ),
    ),
    min_size=1,
    max_size=8,
).map(lambda parts: "\n\n".join(parts).strip() or "x")
contents = st.fixed_dictionaries(
    {
        "title": names,
        "summary": lines,
        "body": bodies,
        "capability": st.sampled_from(["", "version-control"]),
        "level": st.none() | st.integers(1, 5),
        "tags": st.lists(names, max_size=3, unique=True),
        "time": lines,
        "difficulty": st.sampled_from(["", "easy", "hard"]),
        "participants": st.lists(names, max_size=3),
    }
)


@given(st.lists(contents, min_size=1, max_size=4), st.data())
@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_people_write_comes_out_as_it_went_in(
    app: Flask, config: Config, tmp_path: Path, written: list[dict[str, Any]], data: st.DataObject
) -> None:
    if not list_main_capabilities():
        make_framework()
    empty_the_library()
    owner = data.draw(st.sampled_from(["", "Somebody", "owner@example.com"]))
    for number, content in enumerate(written):
        publish(f"text-{number}", {**content, "form": "free"}, owner)
    assert len(round_trip(config, tmp_path)) == len(written) + 1


def publish(slug: str, content: dict[str, Any], owner: str = "") -> None:
    rendered = KIND.render(content)
    with transaction() as session:
        manuscript = file_version(
            session, KIND, content, slug=slug, language="en", translation_of=None, path=None, now=NOW
        )
        KIND.publish(session, manuscript, content, rendered, now=NOW)
        row = session.execute(select(Practice).where(Practice.slug == slug)).scalar_one()
        row.owner_name, row.review_by = owner, date(2027, 1, 1)


@pytest.fixture
def content() -> dict[str, Any]:
    return {
        "title": "Short branches", "summary": "Merge each day.", "body": "Text.", "capability": "", "level": None,
        "tags": [], "time": "", "difficulty": "", "participants": [], "form": "free",
    }  # fmt: skip


def test_pictures_and_attachments_travel_with_the_texts(
    app: Flask, config: Config, tmp_path: Path, content: dict[str, Any]
) -> None:
    picture, document = name_for(b"picture", ".png"), name_for(b"document", ".pdf")
    write(config.media_dir, picture, b"picture")
    write(config.media_dir / ATTACHMENTS, document, b"document")
    body = f"![A](/media/{picture})\n\n[A list]({attachment_url(document, 'A (new) list.PDF')})"
    publish("short", {**content, "body": body})
    exported = round_trip(config, tmp_path)
    kept = {f"media/{picture}": b"picture", f"media/files/{document}": b"document"}
    assert {place: data for place, data in exported.items() if place.startswith("media/")} == kept
    shutil.rmtree(config.media_dir)
    bring_in(tmp_path / "first", Wanted())
    assert tree(config.media_dir) == {place.removeprefix("media/"): data for place, data in kept.items()}


def test_no_text_leads_the_export_out_of_the_folder_of_pictures(
    app: Flask, config: Config, tmp_path: Path, content: dict[str, Any]
) -> None:
    stem = "a" * 32
    (config.media_dir / ATTACHMENTS / stem).mkdir(parents=True)
    (config.data_dir / "secret.txt").write_text("secret")
    publish("short", {**content, "body": f"[A](/media/files/{stem}/../../../secret.txt) [B](/media/{stem}.exe)"})
    assert not export_to(tmp_path / "out", config.media_dir).refused
    assert sorted(tree(tmp_path / "out")) == ["guildhall.yaml", "practices/general/short.en.md"]


def test_a_file_under_the_name_of_another_is_left_out(
    app: Flask, config: Config, tmp_path: Path, content: dict[str, Any]
) -> None:
    publish("short", content)
    export_to(tmp_path / "out", config.media_dir)
    (tmp_path / "out" / "media" / "files").mkdir(parents=True)
    for name in (
        name_for(b"true", ".png"),
        f"files/{name_for(b'true', '.pdf')}",
        f"files/{name_for(b'false', '.html')}",
    ):
        (tmp_path / "out" / "media" / name).write_bytes(b"false")
    bring_in(tmp_path / "out", Wanted())
    assert not config.media_dir.exists() or tree(config.media_dir) == {}


def test_former_addresses_travel_too(app: Flask, config: Config, tmp_path: Path, content: dict[str, Any]) -> None:
    publish("short", content)
    with transaction() as session:
        session.add(
            FormerAddress(
                kind="practice",
                slug="old",
                title="Old",
                is_retired=False,
                to_kind="practice",
                to_slug="short",
                left_at=NOW,
            )
        )
    round_trip(config, tmp_path)
    assert db.session.get_one(FormerAddress, ("practice", "old")).to_slug == "short"


def test_an_older_export_is_brought_up_to_date(
    app: Flask, config: Config, tmp_path: Path, content: dict[str, Any]
) -> None:
    publish("short", content)
    publish("long", content)
    export_to(tmp_path / "out", config.media_dir)
    with transaction() as session:
        manuscript = session.execute(select(Manuscript).where(Manuscript.slug == "long")).scalar_one()
        manuscript.published_number = None
    report = export_to(tmp_path / "out", config.media_dir)
    assert report.summary == "0 created, 1 changed, 1 left, 0 refused"
    assert sorted(tree(tmp_path / "out")) == ["guildhall.yaml", "practices/general/short.en.md"]


def test_a_folder_with_other_things_in_it_is_left_alone(app: Flask, config: Config, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(ConflictError):
        export_to(tmp_path, config.media_dir)
    assert sorted(tree(tmp_path)) == ["mine.txt"]


def test_what_people_write_here_is_not_overwritten(
    app: Flask, config: Config, tmp_path: Path, content: dict[str, Any]
) -> None:
    publish("short", content)
    export_to(tmp_path / "out", config.media_dir)
    file = tmp_path / "out" / "practices" / "general" / "short.en.md"
    file.write_text(file.read_text().replace("Text.", "Other text."))
    assert outcomes(tmp_path / "out") == {"changed"}
    writer = make_user("Writer")
    with transaction() as session:
        manuscript = session.execute(select(Manuscript)).scalar_one()
        manuscript.authors = [Author(user_id=writer.id, position=0)]
    file.write_text(file.read_text().replace("Other text.", "A third."))
    (line,) = bring_in(tmp_path / "out", Wanted()).lines
    assert (line.outcome, "written on the site" in line.reason) == ("refused", True)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda text: text.replace("slug: short", "slug: Not A Slug"), "slug must be an address"),
        (lambda text: text.replace("language: en", "language: xx"), "language must be one of en, zh"),
        (lambda text: text.replace("title: Short branches\n", ""), "title is missing"),
        (lambda text: text.replace("summary: Merge each day.", "summary: [a]"), "summary must be a text"),
        (lambda text: text.replace("summary: Merge each day.", "level: 9"), "level must be a number from 1 to 5"),
        (lambda text: text.replace("---\n\n", "key: [\n---\n\n", 1), "front matter is no YAML"),
    ],
)
def test_a_damaged_file_is_named(
    app: Flask,
    config: Config,
    tmp_path: Path,
    content: dict[str, Any],
    damage: Callable[[str], str],
    reason: str,
) -> None:
    publish("short", content)
    export_to(tmp_path / "out", config.media_dir)
    file = tmp_path / "out" / "practices" / "general" / "short.en.md"
    file.write_text(damage(file.read_text()))
    (line,) = bring_in(tmp_path / "out", Wanted()).refused
    assert (line.file, reason in line.reason) == ("practices/general/short.en.md", True)
