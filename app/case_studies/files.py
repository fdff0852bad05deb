"""Case studies as files, as `docs/writing.md` describes them: read strictly, refused with file and line, and written."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml

from app.case_studies.measures import MEASURES, find_measure
from app.case_studies.models import CaseStudy
from app.case_studies.rendering import compose, fence_after, render_story
from app.case_studies.rules import (
    BETTER,
    MAX_CASES,
    MAX_FIGURE,
    MAX_METRICS,
    MAX_SUMMARY,
    MAX_TITLE,
    PART_HEADINGS,
    PARTS,
    MetricValues,
)
from app.kernel.errors import InvalidInputError
from app.kernel.frontmatter import Document, RefusedFileError, UnreadableFileError, read
from app.kernel.markup import Rendered, anchor
from app.kernel.slugs import is_slug
from app.kernel.types import LANGUAGES

FIELDS = frozenset(
    {"title", "slug", "language", "translation_of", "summary", "capability", "team", "organisation"}
    | {"published", "byline", "metrics", "practices", "sessions", "coaches"}
)
METRIC_FIELDS = ("name", "before", "after", "unit", "better", "window", "source")
METRIC_LENGTHS = {"name": 80, "unit": 40, "window": 80, "source": 200}
# What a metric may say besides, with the most characters; the cases are whole numbers.
MORE_LENGTHS = {"measure": 40, "before_unit": 40, "window_before": 80}
CASES = ("cases_before", "cases_after")
# Addresses that the site needs for itself.
RESERVED = frozenset({"new", "mine", "review", "impact", "exhibition"})
_HEADING = re.compile(r"##[ \t]+(?P<title>.+?)[ \t]*#*[ \t]*$")


@dataclass(frozen=True)
class StoryFile:
    """A file that has passed every check that needs nothing but itself. `path` is relative to the content folder."""

    path: str
    digest: str
    document: Document
    slug: str
    language: str
    published_on: date
    metrics: tuple[MetricValues, ...]
    parts: Mapping[str, str]

    def text(self, name: str) -> str:
        return " ".join(str(self.document.fields.get(name) or "").split())

    def words(self, name: str) -> list[str]:
        return [str(item).strip() for item in self.document.fields.get(name) or ()]


def read_story(path: Path) -> StoryFile:
    """The case study in the file at `path`. Raises RefusedFileError."""
    try:
        document = read(path)
    except (UnreadableFileError, OSError) as error:
        raise RefusedFileError(str(error), getattr(error, "line", None)) from None
    _check_fields(document)
    slug, language = str(document.fields["slug"]), str(document.fields["language"])
    if path.name != f"{slug}.{language}.md":
        raise RefusedFileError(f"the file must be called {slug}.{language}.md", document.line_of("slug"))
    return StoryFile(
        path=path.relative_to(path.parent.parent).as_posix(),
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
        document=document,
        slug=slug,
        language=language,
        published_on=document.fields["published"],
        metrics=_metrics(document),
        parts=_split_parts(document, language),
    )


def _check_fields(document: Document) -> None:
    """Raises RefusedFileError for the first field that is missing or wrong."""
    fields = document.fields
    for name in ("title", "slug", "language", "summary", "published"):
        if not str(fields.get(name) or "").strip():
            raise RefusedFileError(f"{name} is missing", document.line_of(name))
    if not fields.get("team") and not fields.get("translation_of"):
        raise RefusedFileError("team is missing", document.line_of("team"))
    checks: dict[str, tuple[Callable[[Any], bool], str]] = {
        "title": (lambda value: len(str(value)) <= MAX_TITLE, f"title is longer than {MAX_TITLE} characters"),
        "summary": (lambda value: len(str(value)) <= MAX_SUMMARY, f"summary is longer than {MAX_SUMMARY} characters"),
        "slug": (
            lambda value: is_slug(str(value)) and value not in RESERVED,
            f"slug must be lower-case letters, digits and hyphens, and none of {', '.join(sorted(RESERVED))}",
        ),
        "language": (lambda value: value in LANGUAGES, f"language must be one of {', '.join(LANGUAGES)}"),
        "translation_of": (
            lambda value: value in LANGUAGES and value != fields["language"],
            "translation_of must name another language",
        ),
        "team": (lambda value: len(str(value)) <= 120, "team is longer than 120 characters"),
        "organisation": (lambda value: len(str(value)) <= 120, "organisation is longer than 120 characters"),
        "byline": (lambda value: len(str(value)) <= 200, "byline is longer than 200 characters"),
        "published": (_is_day, "published must be a date such as 2026-11-02"),
        "practices": (_is_slugs, "practices must be a list of slugs"),
        "sessions": (_is_slugs, "sessions must be a list of slugs"),
    }
    for name, value in fields.items():
        if name not in FIELDS:
            raise RefusedFileError(f"there is no field {name}", document.line_of(name))
        if name in checks and value is not None and not checks[name][0](value):
            raise RefusedFileError(checks[name][1], document.line_of(name))


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_slugs(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and is_slug(item) for item in value)


def _metrics(document: Document) -> tuple[MetricValues, ...]:
    items = document.fields.get("metrics") or []
    line = document.line_of("metrics")
    if not isinstance(items, list) or len(items) > MAX_METRICS:
        raise RefusedFileError(f"metrics must be a list of at most {MAX_METRICS}", line)
    return tuple(_metric(item, number, line) for number, item in enumerate(items, 1))


def _metric(item: object, number: int, line: int) -> MetricValues:
    """Raises RefusedFileError where a field is missing, foreign or of the wrong type."""
    place = f"metric {number}"
    more = (*MORE_LENGTHS, *CASES)
    if not isinstance(item, dict) or not set(METRIC_FIELDS) <= set(item) <= {*METRIC_FIELDS, *more}:
        wanted = f"must have {', '.join(METRIC_FIELDS)}, may have {', '.join(more)}, and nothing else"
        raise RefusedFileError(f"{place} {wanted}", line)
    for name in ("before", "after"):
        if type(item[name]) not in {int, float} or not abs(item[name]) <= MAX_FIGURE:
            raise RefusedFileError(f"{place}: {name} must be a number, and none beyond {MAX_FIGURE:,.0f}", line)
    lengths = METRIC_LENGTHS | {name: most for name, most in MORE_LENGTHS.items() if name in item}
    for name, most in lengths.items():
        if not isinstance(item[name], str | int | float | date) or not 0 < len(str(item[name]).strip()) <= most:
            raise RefusedFileError(f"{place}: {name} must be a text of at most {most} characters", line)
    if item["better"] not in BETTER:
        raise RefusedFileError(f"{place}: better must be {' or '.join(BETTER)}", line)
    for name in CASES:
        if name in item and (type(item[name]) is not int or not 0 < item[name] <= MAX_CASES):
            raise RefusedFileError(f"{place}: {name} must be a whole number above 0", line)
    if "measure" in item and find_measure(str(item["measure"])) is None:
        raise RefusedFileError(f"{place}: measure must be one of {', '.join(each.key for each in MEASURES)}", line)
    texts: dict[str, Any] = {name: str(item[name]).strip() for name in (*lengths, "better")}
    cases: dict[str, Any] = {name: item[name] for name in CASES if name in item}
    return MetricValues(before=float(item["before"]), after=float(item["after"]), **texts, **cases)


def _split_parts(document: Document, language: str) -> dict[str, str]:
    """The six parts, which have to be there in their order. Raises RefusedFileError."""
    names = {heading: part for part, heading in PART_HEADINGS[language].items()}
    found: dict[str, list[str]] = {}
    current, fence = "", ""
    for number, line in enumerate(document.body.split("\n"), document.body_line):
        match = None if fence else _HEADING.match(line)
        fence = fence_after(fence, line)
        if match:
            current = names.get(match["title"], "")
            expected = next((part for part in PARTS if part not in found), "")
            if not current or current != expected:
                wanted = PART_HEADINGS[language].get(expected, "the end")
                raise RefusedFileError(f"the heading {match['title']!r} stands where {wanted} should", number)
            found[current] = []
        elif current:
            found[current].append(line)
        elif line.strip():
            raise RefusedFileError("there is text before the first part", number)
    parts = {part: "\n".join(lines).strip("\n") for part, lines in found.items()}
    for part in PARTS:
        if not parts.get(part, "").strip():
            raise RefusedFileError(
                f"the part {PART_HEADINGS[language][part]!r} is missing or empty", document.body_line
            )
    return parts


def render_file(
    file: StoryFile, practice_exists: Callable[[str], bool], stories: Mapping[str, tuple[str, str]]
) -> Rendered:
    """The story with its links to other files resolved. `stories` gives slug and language by file name.

    Raises RefusedFileError for a link that leads nowhere.
    """
    broken: list[str] = []

    def resolve(kind: str, target: str) -> str | None:
        if "://" in target or target.startswith(("mailto:", "/")):
            return target
        if target.startswith("#"):
            return target if target.startswith(("#fn", "#h-")) else f"#{anchor(unquote(target[1:]))}"
        url = _page_of(unquote(target), practice_exists, stories) if kind == "link" else None
        if url is None:
            broken.append(target)
        return url

    try:
        rendered = render_story(file.language, file.parts, resolve)
    except InvalidInputError as error:
        raise RefusedFileError(str(error), file.document.body_line) from None
    if broken:
        raise RefusedFileError(f"nothing is at {broken[0]}", _line_with(file.document, broken[0]))
    return rendered


def _page_of(target: str, practice_exists: Callable[[str], bool], stories: Mapping[str, tuple[str, str]]) -> str | None:
    """The page of the file that a relative link names, if there is one."""
    path, _hash, fragment = target.partition("#")
    suffix = f"#{anchor(fragment)}" if fragment else ""
    name = posixpath.basename(path)
    if "/" not in path.removeprefix("./"):
        slug, language = stories.get(name, ("", ""))
        return f"/case-studies/{slug}?lang={language}{suffix}" if slug else None
    match = re.fullmatch(r"(?P<slug>[a-z0-9-]+)\.(?P<language>[a-z]{2})\.md", name)
    if not match or not path.startswith("../practices/") or not practice_exists(match["slug"]):
        return None
    return f"/practices/{match['slug']}?lang={match['language']}{suffix}"


def _line_with(document: Document, text: str) -> int:
    lines = document.body.split("\n")
    place = next((number for number, line in enumerate(lines) if text in line or text in unquote(line)), 0)
    return document.body_line + place


def to_markdown(case_study: CaseStudy) -> str:
    """The case study as such a file. Reading it again gives the same story."""
    story = case_study.story
    capability = case_study.capability
    fields: dict[str, Any] = {
        "title": story.title,
        "slug": case_study.slug,
        "language": story.language,
        "translation_of": case_study.translation_of,
        "summary": story.summary,
        "capability": capability.slug if capability else None,
        "team": case_study.team.name,
        "organisation": case_study.organisation or case_study.team.organisation,
        "published": case_study.published_on,
        "byline": story.byline,
        "metrics": [_plain(values) for values in story.metrics],
        "practices": list(story.practices),
        "sessions": list(story.sessions),
        "coaches": [credit.user.name for credit in case_study.coaches],
    }
    front = yaml.safe_dump(
        {name: value for name, value in fields.items() if value}, allow_unicode=True, sort_keys=False, width=120
    )
    return f"---\n{front}---\n\n{compose(story.language, story.parts)}"


def _plain(metric: MetricValues) -> dict[str, Any]:
    """What a metric says, without what it leaves open; whole numbers without a decimal point, as people write them."""
    said = {name: value for name, value in asdict(metric).items() if name in METRIC_FIELDS or value}
    return {
        name: int(value) if isinstance(value, float) and value.is_integer() else value for name, value in said.items()
    }
