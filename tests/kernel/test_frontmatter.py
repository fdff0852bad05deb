"""Files with front matter, as people really write them."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.frontmatter import MAX_FILE_BYTES, UnreadableFileError, parse, read

SIMPLE = "---\ntitle: Trunk\ntags: [git, flow]\n---\n\n# Trunk\n\nText.\n"


def test_fields_text_and_lines() -> None:
    document = parse(SIMPLE)

    assert document.fields == {"title": "Trunk", "tags": ["git", "flow"]}
    assert document.body == "# Trunk\n\nText.\n"
    assert document.body_line == 6
    assert (document.line_of("title"), document.line_of("tags"), document.line_of("missing")) == (2, 3, 1)


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + SIMPLE,
        SIMPLE.replace("\n", "\r\n"),
        SIMPLE.replace("\n", "\r"),
        "\n\n" + SIMPLE,
        SIMPLE.replace("---\n", "---  \n"),
        SIMPLE.replace("Trunk\n", "Tr\x00unk\n", 1),
    ],
)
def test_marks_line_ends_and_blank_lines_do_not_matter(text: str) -> None:
    document = parse(text)

    assert document.fields == {"title": "Trunk", "tags": ["git", "flow"]}
    assert document.body == "# Trunk\n\nText.\n"


@pytest.mark.parametrize(
    ("text", "body", "line"),
    [
        ("# Trunk\n", "# Trunk\n", 1),
        ("\n\n# Trunk", "# Trunk\n", 3),
        ("Text\n---\nnot: front matter\n---\n", "Text\n---\nnot: front matter\n---\n", 1),
        ("---\nno end\n", "---\nno end\n", 1),
        ("", "\n", 1),
    ],
)
def test_a_file_without_front_matter_is_text(text: str, body: str, line: int) -> None:
    document = parse(text)

    assert (document.fields, document.body, document.body_line) == ({}, body, line)


@pytest.mark.parametrize("front", ["", "\n", "# a comment\n", "null\n"])
def test_empty_front_matter_has_no_fields(front: str) -> None:
    document = parse(f"---\n{front}---\nText\n")

    assert (document.fields, document.body) == ({}, "Text\n")


def test_values_keep_their_types() -> None:
    fields = parse("---\nreviewed: 2026-11-16\nlevel: 3\nowner: null\n1: number\ntext: |\n  a\n  b\n---\n").fields

    assert fields == {"reviewed": date(2026, 11, 16), "level": 3, "owner": None, "1": "number", "text": "a\nb\n"}


def test_a_rule_in_the_text_does_not_end_anything() -> None:
    document = parse("---\ntitle: a\n---\nOne\n\n---\n\nTwo\n---\n")

    assert document.body == "One\n\n---\n\nTwo\n---\n"


@pytest.mark.parametrize(
    ("front", "line", "reason"),
    [
        ("title: a: b\n", 2, "front matter is no YAML"),
        ("title: a\n\ttags: b\n", 3, "front matter is no YAML"),
        ("title: [a\n", 3, "front matter is no YAML"),
        ("- a\n- b\n", 2, "front matter is no list of fields"),
        ("just words\n", 2, "front matter is no list of fields"),
        ("when: 2026-13-45\n", 2, "front matter is no YAML"),
        ("what: !!python/object/apply:os.system ['true']\n", 2, "front matter is no YAML"),
        ("a: *unknown\n", 2, "front matter is no YAML"),
        ("a: " + "[" * 1200 + "\n", None, "front matter is no YAML"),
    ],
)
def test_broken_front_matter_is_refused_with_its_line(front: str, line: int | None, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason) as refused:
        parse(f"---\n{front}---\nText\n")

    if line is not None:
        assert refused.value.line == line


@given(st.text(st.sampled_from("ab:-[]{}&*!|>'\"%@`#\n\t ,?0129.~=<é流\x07\x85\u2028"), max_size=60))
def test_any_front_matter_is_read_or_refused(front: str) -> None:
    with suppress(UnreadableFileError):
        assert parse(f"---\n{front}\n---\nText\n").body.endswith("\n")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.md"
    path.write_bytes("Prüfung".encode("latin-1"))

    with pytest.raises(UnreadableFileError, match=r"not UTF-8 \(byte 2\)"):
        read(path)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    path.write_bytes(b"x" * (MAX_FILE_BYTES + 1))

    with pytest.raises(UnreadableFileError, match="larger than 2 MB"):
        read(path)


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "trunk.md"
    path.write_bytes(b"\xef\xbb\xbf" + SIMPLE.replace("\n", "\r\n").encode())

    assert read(path).fields["title"] == "Trunk"
