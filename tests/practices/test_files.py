"""The library's files: what is read, and every refusal with its line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.kernel.frontmatter import RefusedFileError
from app.media.store import MediaError
from app.practices.files import PracticeFile, Target, read_practice, render_practice
from tests.factories.practices import PARTS, write_practice

TARGETS = {
    "area/short-branches.en.md": Target("short-branches", "en"),
    "area/merge-queue.zh.md": Target("merge-queue", "zh"),
    "other/feature-flags.en.md": Target("feature-flags", "en"),
}


def keep_nothing(place: str) -> str:
    raise FileNotFoundError(place)


def refusal(path: Path) -> tuple[str, int | None]:
    with pytest.raises(RefusedFileError) as caught:
        read_practice(path.parent.parent, path)
    return caught.value.reason, caught.value.line


def render_refusal(file: PracticeFile) -> tuple[str, int | None]:
    with pytest.raises(RefusedFileError) as caught:
        render_practice(file, TARGETS, keep_nothing)
    return caught.value.reason, caught.value.line


def read(folder: Path, body: str = "", **changes: Any) -> PracticeFile:
    path = write_practice(folder / "area", body=f"{PARTS['en']}\n{body}", **changes)
    return read_practice(folder, path)


def test_a_file_gives_its_fields(tmp_path: Path) -> None:
    file = read(tmp_path, title="  Keep main\n releasable ", level=4, tags=["git", 42], time=30)
    assert (file.path, file.slug, file.language) == ("area/short-branches.en.md", "short-branches", "en")
    assert (file.text("title"), file.level, file.words("tags"), file.text("time")) == (
        "Keep main releasable",
        4,
        ["git", "42"],
        "30",
    )
    assert str(file.day("reviewed")) == "2026-11-02"
    assert (file.day("review_by"), file.words("participants"), file.text("owner")) == (None, [], "")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": None}, "title is missing"),
        ({"title": "  "}, "title is missing"),
        ({"title": "x" * 121}, "title must be a text of at most 120 characters"),
        ({"title": ["a", "b"]}, "title must be a text of at most 120 characters"),
        ({"summary": "x" * 241}, "summary must be a text of at most 240 characters"),
        ({"summary": None}, "summary is missing"),
        ({"translation_of": "fr"}, "translation_of must be one of en, zh"),
        ({"translation_of": "en"}, "translation_of must name another language"),
        ({"capability": {"a": 1}}, "capability must be a text of at most 80 characters"),
        ({"level": 6}, "level must be a number from 1 to 5"),
        ({"level": "3"}, "level must be a number from 1 to 5"),
        ({"level": True}, "level must be a number from 1 to 5"),
        ({"difficulty": "brutal"}, "difficulty must be one of easy, moderate, hard"),
        ({"difficulty": ["easy"]}, "difficulty must be one of easy, moderate, hard"),
        ({"tags": "git"}, "tags must be a list of words of at most 80 characters"),
        ({"tags": ["git", ""]}, "tags must be a list of words of at most 80 characters"),
        ({"tags": ["x" * 81]}, "tags must be a list of words of at most 80 characters"),
        ({"participants": [{"name": "x"}]}, "participants must be a list of texts of at most 80 characters"),
        ({"time": "x" * 201}, "time must be a text of at most 200 characters"),
        ({"owner": ["a"]}, "owner must be a text of at most 200 characters"),
        ({"reviewed": "soon"}, "reviewed must be a date such as 2026-11-02"),
        ({"review_by": datetime(2026, 11, 2, 10, 0, tzinfo=UTC)}, "review_by must be a date such as 2026-11-02"),
        ({"colour": "red"}, "there is no field colour"),
        ({"sources": ["a"]}, "there is no field sources"),
    ],
)
def test_a_wrong_field_is_refused_with_its_line(tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    path = write_practice(tmp_path / "area", **changes)
    lines = path.read_text(encoding="utf-8").split("\n")
    line = next((number for number, line in enumerate(lines, 1) if line.startswith(f"{next(iter(changes))}:")), 1)
    assert refusal(path) == (reason, line)


@pytest.mark.parametrize("slug", ["Short", "short_branches", "short--branches", "-short", "x" * 81, "短分支"])
def test_a_slug_is_lower_case_letters_digits_and_hyphens(tmp_path: Path, slug: str) -> None:
    path = write_practice(tmp_path / "area", slug=slug)
    assert refusal(path) == ("slug must be lower-case letters, digits and hyphens", 3)


def test_a_language_has_to_be_one_of_ours(tmp_path: Path) -> None:
    path = write_practice(tmp_path / "area")
    path.write_text(path.read_text().replace("language: en", "language: fr"))
    assert refusal(path) == ("language must be one of en, zh", 4)


def test_the_file_is_called_after_slug_and_language(tmp_path: Path) -> None:
    path = write_practice(tmp_path / "area")
    assert refusal(path.rename(path.with_name("other.en.md"))) == (
        "the file must be called short-branches.en.md",
        3,
    )


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("no front matter at all", "title is missing", 1),
        ("---\n- a\n- b\n---\nx", "front matter is no list of fields", 2),
        ("---\ntitle: 'open\n---\nx", "front matter is no YAML: found unexpected end of stream", 3),
        ("---\ntitle: x\nslug: [a\n---\nx", "front matter is no YAML: expected ',' or ']', but got '<stream end>'", 4),
        ("---\na: &a [1]\nb: *a\n---\nx", "front matter is no YAML: aliases are not taken", 3),
        ("---\nreviewed: 2026-02-31\n---\nx", "front matter is no YAML: day is out of range for month", 2),
    ],
)
def test_broken_front_matter_is_refused_with_its_line(tmp_path: Path, text: str, reason: str, line: int) -> None:
    path = tmp_path / "area" / "x.en.md"
    path.parent.mkdir()
    path.write_text(text)
    assert refusal(path) == (reason, line)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "area" / "x.en.md"
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe")
    assert refusal(path) == ("not UTF-8 (byte 0)", None)
    path.write_bytes(b"x" * 2_000_001)
    assert refusal(path) == ("larger than 2 MB", None)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("merge-queue.zh.md", "/practices/merge-queue?lang=zh"),
        ("./merge-queue.zh.md#What", "/practices/merge-queue?lang=zh#h-what"),
        ("../other/feature-flags.en.md", "/practices/feature-flags?lang=en"),
        ("/practices/feature-flags", "/practices/feature-flags"),
        ("/coaches/", "/coaches/"),
        ("https://example.com/a", "https://example.com/a"),
        ("mailto:a@example.com", "mailto:a@example.com"),
        ("#evidence", "#h-evidence"),
    ],
)
def test_links_lead_to_pages(tmp_path: Path, link: str, url: str) -> None:
    rendered = render_practice(read(tmp_path, f"[x]({link})"), TARGETS, keep_nothing)
    assert f'<a href="{url}"' in rendered.html


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[x](nowhere.en.md)", "nothing is at nowhere.en.md"),
        ("[x](../feature-flags.en.md)", "nothing is at ../feature-flags.en.md"),
        ("[x](/practices/nowhere)", "nothing is at /practices/nowhere"),
        ("[x][ref]\n\n[ref]: nowhere.md", "nothing is at nowhere.md"),
        ("[x]()", "nothing is at an empty link"),
        ("[x](#nowhere)", "no heading is at #h-nowhere"),
        ('<a href="nowhere">x</a>', "nothing is at nowhere"),
        ("![x](nothing.png)", "nothing is at nothing.png"),
        ("![x](%00.png)", "nothing is at %00.png"),
    ],
)
def test_a_link_to_nowhere_is_refused_with_its_line(tmp_path: Path, text: str, reason: str) -> None:
    file = read(tmp_path, text)
    lines = (tmp_path / file.path).read_text(encoding="utf-8").split("\n")
    written = reason.rpartition(" ")[2].removeprefix("#h-")
    line = next(number for number, line in enumerate(lines, 1) if (written if written != "link" else "]()") in line)
    assert render_refusal(file) == (reason, line)


def test_a_picture_that_is_none_is_refused_with_its_line(tmp_path: Path) -> None:
    def refuse(place: str) -> str:
        raise MediaError(f"{place} is no picture")

    file = read(tmp_path, "![x](a.exe)")
    with pytest.raises(RefusedFileError, match=r"area/a\.exe is no picture") as caught:
        render_practice(file, TARGETS, refuse)
    assert (tmp_path / file.path).read_text().split("\n")[(caught.value.line or 0) - 1] == "![x](a.exe)"


def test_a_missing_part_is_refused(tmp_path: Path) -> None:
    path = write_practice(tmp_path / "area", body=PARTS["en"].replace("## How", "## Howto"))
    file = read_practice(tmp_path, path)
    assert render_refusal(file) == ("the heading 'How' is missing", file.document.body_line)


def test_a_text_without_end_is_refused(tmp_path: Path) -> None:
    reason, line = render_refusal(read(tmp_path, "x" * 400_000))
    assert reason.endswith("at most 400,000 can be shown.")
    assert line == read(tmp_path).document.body_line


def test_a_script_does_not_get_into_the_page(tmp_path: Path) -> None:
    text = "<script>alert(1)</script><b onclick='x()'>bold</b> [x](javascript:alert(1)) [y](javascript://%0aalert(1))"
    rendered = render_practice(read(tmp_path, text), TARGETS, keep_nothing)
    assert "alert" not in rendered.html
    assert "onclick" not in rendered.html
