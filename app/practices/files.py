"""The library's own files: read strictly, refused with file and line."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from app.kernel.errors import InvalidInputError
from app.kernel.frontmatter import Document, UnreadableFileError, read
from app.kernel.markup import Rendered, anchor, render
from app.kernel.slugs import is_slug
from app.kernel.types import LANGUAGES
from app.practices.rules import DIFFICULTIES, MAX_SUMMARY, MAX_TITLE, missing_parts

FIELDS = frozenset(
    "title slug language translation_of summary capability level tags time difficulty participants owner reviewed "
    "review_by sources".split()
)


class RefusedFileError(Exception):
    """The file cannot be taken. `line` counts from 1."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True)
class PracticeFile:
    """A file that has passed every check that needs no other file. `path` is relative to the library's folder."""

    path: str
    digest: str
    document: Document
    slug: str
    language: str

    def text(self, name: str) -> str:
        return " ".join(str(self.document.fields.get(name) or "").split())

    def words(self, name: str) -> list[str]:
        return [str(item).strip() for item in self.document.fields.get(name) or ()]

    def day(self, name: str) -> date | None:
        value = self.document.fields.get(name)
        return value if isinstance(value, date) else None

    @property
    def level(self) -> int | None:
        return self.document.fields.get("level")


def read_practice(root: Path, path: Path) -> PracticeFile:
    """The practice in the file at `path`. Raises RefusedFileError."""
    try:
        document = read(path)
    except UnreadableFileError as error:
        raise RefusedFileError(error.reason, error.line) from None
    _check_fields(document)
    slug, language = str(document.fields["slug"]), str(document.fields["language"])
    if path.name != f"{slug}.{language}.md":
        raise RefusedFileError(f"the file must be called {slug}.{language}.md", document.line_of("slug"))
    return PracticeFile(
        path=path.relative_to(root).as_posix(),
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
        document=document,
        slug=slug,
        language=language,
    )


def _check_fields(document: Document) -> None:
    """Raises RefusedFileError for the first field that is wrong."""
    fields = document.fields
    for name in ("title", "slug", "language", "summary"):
        if not str(fields.get(name) or "").strip():
            raise RefusedFileError(f"{name} is missing", document.line_of(name))
    checks: dict[str, tuple[Callable[[Any], bool], str]] = {
        "title": (lambda value: len(str(value)) <= MAX_TITLE, f"title is longer than {MAX_TITLE} characters"),
        "summary": (lambda value: len(str(value)) <= MAX_SUMMARY, f"summary is longer than {MAX_SUMMARY} characters"),
        "slug": (lambda value: is_slug(str(value)), "slug must be lower-case letters, digits and hyphens"),
        "language": (lambda value: value in LANGUAGES, f"language must be one of {', '.join(LANGUAGES)}"),
        "translation_of": (
            lambda value: value in LANGUAGES and value != fields["language"],
            "translation_of must name another language",
        ),
        "level": (lambda value: type(value) is int and 1 <= value <= 5, "level must be a number from 1 to 5"),
        "difficulty": (lambda value: value in DIFFICULTIES, f"difficulty must be one of {', '.join(DIFFICULTIES)}"),
        "tags": (_is_words, "tags must be a list of words"),
        "participants": (_is_words, "participants must be a list of texts"),
        "reviewed": (lambda value: isinstance(value, date), "reviewed must be a date such as 2026-11-02"),
        "review_by": (lambda value: isinstance(value, date), "review_by must be a date such as 2026-11-02"),
    }
    for name, value in fields.items():
        if name not in FIELDS:
            raise RefusedFileError(f"there is no field {name}", document.line_of(name))
        if name in checks and value is not None and not checks[name][0](value):
            raise RefusedFileError(checks[name][1], document.line_of(name))


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str | int) for item in value)


@dataclass(frozen=True)
class Target:
    """Where a link to a file of the library leads."""

    slug: str
    language: str


def render_practice(file: PracticeFile, targets: Mapping[str, Target], keep_image: Callable[[str], str]) -> Rendered:
    """The file's text with its links resolved. `keep_image` stores the picture at a path and returns its URL.

    Raises RefusedFileError for a link or a picture that leads nowhere, and where a part of the form is missing.
    """
    broken: list[str] = []

    def resolve(kind: str, target: str) -> str | None:
        if "://" in target or target.startswith(("mailto:", "/")):
            return target
        if target.startswith("#"):
            return target if target.startswith(("#fn", "#h-")) else f"#{anchor(unquote(target[1:]))}"
        path, _, fragment = unquote(target).partition("#")
        place = posixpath.normpath(posixpath.join(posixpath.dirname(file.path), path))
        try:
            if kind == "image":
                return keep_image(place)
            found = targets[place]
        except (KeyError, FileNotFoundError):
            broken.append(target)
            return None
        url = f"/practices/{found.slug}?lang={found.language}"
        return f"{url}#{anchor(fragment)}" if fragment else url

    try:
        rendered = render(file.document.body, resolve)
    except InvalidInputError as error:
        raise RefusedFileError(str(error), file.document.body_line) from None
    if broken:
        raise RefusedFileError(f"nothing is at {broken[0]}", _line_with(file.document, broken[0]))
    missing = missing_parts(rendered, file.language)
    if missing:
        raise RefusedFileError(f"the heading {missing[0]!r} is missing", file.document.body_line)
    return rendered


def _line_with(document: Document, text: str) -> int:
    """The line of the file that has `text` in it."""
    lines = document.body.split("\n")
    place = next((number for number, line in enumerate(lines) if text in unquote(line) or text in line), 0)
    return document.body_line + place
