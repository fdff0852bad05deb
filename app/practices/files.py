"""The library's own files: read strictly, refused with file and line."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from app.kernel.errors import InvalidInputError
from app.kernel.frontmatter import Document, RefusedFileError, read
from app.kernel.markup import Rendered, anchor, render
from app.kernel.slugs import is_slug
from app.kernel.types import LANGUAGES
from app.media.store import MediaError
from app.practices.rules import DIFFICULTIES, MAX_SUMMARY, MAX_TITLE, missing_parts

FIELDS = frozenset(
    "title slug language translation_of summary capability level tags time difficulty participants owner reviewed "
    "review_by former_slugs".split()
)


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
    except OSError as error:
        raise RefusedFileError(error.strerror or str(error)) from None
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
    """Raises RefusedFileError for the first field that is missing or wrong."""
    fields = document.fields
    for name in ("title", "slug", "language", "summary"):
        if not str(fields.get(name) or "").strip():
            raise RefusedFileError(f"{name} is missing", document.line_of(name))
    for name, value in fields.items():
        if name not in FIELDS:
            raise RefusedFileError(f"there is no field {name}", document.line_of(name))
        if name in _LENGTHS and not _is_text(value, _LENGTHS[name]):
            raise RefusedFileError(
                f"{name} must be a text of at most {_LENGTHS[name]} characters", document.line_of(name)
            )
        check, wanted = _CHECKS.get(name, (None, ""))
        if check and value is not None and not check(value):
            raise RefusedFileError(f"{name} must be {wanted}", document.line_of(name))
    if fields.get("translation_of") == fields["language"]:
        raise RefusedFileError("translation_of must name another language", document.line_of("translation_of"))


def _is_text(value: object, most: int) -> bool:
    return value is None or (isinstance(value, str | int | float | date) and len(str(value)) <= most)


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(item, str | int) and 0 < len(str(item).strip()) <= 80 for item in value
    )


def _is_slugs(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and is_slug(item) for item in value)


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


_LENGTHS = {"title": MAX_TITLE, "summary": MAX_SUMMARY, "capability": 80, "time": 200, "owner": 200}
_CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "slug": (lambda value: is_slug(str(value)), "lower-case letters, digits and hyphens"),
    "language": (lambda value: value in LANGUAGES, f"one of {', '.join(LANGUAGES)}"),
    "translation_of": (lambda value: value in LANGUAGES, f"one of {', '.join(LANGUAGES)}"),
    "level": (lambda value: type(value) is int and 1 <= value <= 5, "a number from 1 to 5"),
    "difficulty": (lambda value: value in list(DIFFICULTIES), f"one of {', '.join(DIFFICULTIES)}"),
    "tags": (_is_words, "a list of words of at most 80 characters"),
    "participants": (_is_words, "a list of texts of at most 80 characters"),
    "former_slugs": (_is_slugs, "a list of addresses that it had before"),
    "reviewed": (_is_day, "a date such as 2026-11-02"),
    "review_by": (_is_day, "a date such as 2026-11-02"),
}


@dataclass(frozen=True)
class Target:
    """Where a link to a file of the library leads."""

    slug: str
    language: str


def render_practice(file: PracticeFile, targets: Mapping[str, Target], keep_image: Callable[[str], str]) -> Rendered:
    """The file's text with its links resolved. `keep_image` stores the picture at a path and returns its URL.

    Raises RefusedFileError for a link or a picture that leads nowhere, and where a part of the form is missing.
    """
    broken: list[tuple[str, str]] = []

    def resolve(kind: str, target: str) -> str | None:
        # What is raised in here would be lost inside the sanitiser, so it is kept for afterwards.
        try:
            return _resolve(file, kind, target, targets, keep_image)
        except (LookupError, OSError, ValueError):
            broken.append((target, f"nothing is at {target or 'an empty link'}"))
        except MediaError as error:
            broken.append((target, str(error)))
        return None

    try:
        rendered = render(file.document.body, resolve)
    except InvalidInputError as error:
        raise RefusedFileError(str(error), file.document.body_line) from None
    broken += [(target, f"no heading is at {target}") for target in _lost_anchors(rendered)]
    if broken:
        target, reason = broken[0]
        raise RefusedFileError(reason, _line_with(file.document, target))
    missing = missing_parts(rendered, file.language)
    if missing:
        raise RefusedFileError(f"the heading {missing[0]!r} is missing", file.document.body_line)
    return rendered


def _resolve(
    file: PracticeFile, kind: str, target: str, targets: Mapping[str, Target], keep_image: Callable[[str], str]
) -> str:
    """The URL for a target of the text. Raises LookupError, OSError, ValueError or MediaError where there is none."""
    if target.startswith("#"):
        return target if target.startswith(("#fn", "#h-")) else f"#{anchor(unquote(target[1:]))}"
    path, _, fragment = unquote(target).partition("#")
    if path.startswith("/practices/") and not any(
        path.partition("?")[0] == f"/practices/{each.slug}" for each in targets.values()
    ):
        raise LookupError(target)
    if "://" in target or target.startswith(("mailto:", "/")):
        return target
    place = posixpath.normpath(posixpath.join(posixpath.dirname(file.path), path))
    if kind == "image":
        return keep_image(place)
    found = targets[place]
    return f"/practices/{found.slug}?lang={found.language}" + (f"#{anchor(fragment)}" if fragment else "")


def _lost_anchors(rendered: Rendered) -> list[str]:
    """The links within the text that lead to no heading of it."""
    wanted = re.findall(r'<a [^>]*?href="(#h-[^"]*)"', rendered.html)
    return [target for target in wanted if f'id="{target[1:]}"' not in rendered.html]


def _line_with(document: Document, text: str) -> int:
    """The line of the file that has `text` in it; the first line of the text where it was written otherwise."""
    wanted = (text, text.removeprefix("#h-")) if text else ("]()",)
    lines = document.body.split("\n")
    place = next(
        (number for number, line in enumerate(lines) if any(each in line or each in unquote(line) for each in wanted)),
        0,
    )
    return document.body_line + place
