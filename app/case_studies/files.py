"""Case studies as files, as `docs/writing.md` describes them: read strictly, refused with file and line, and written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml

from app.accounts.models import Team
from app.case_studies.links import file_link, inside
from app.case_studies.measures import MEASURES, find_measure
from app.case_studies.rendering import compose, fence_after, render_story
from app.case_studies.rules import (
    BETTER,
    CASE_STUDY,
    MAX_CASES,
    MAX_FIGURE,
    MAX_METRICS,
    MAX_QUESTION,
    MAX_QUESTIONS,
    MAX_REMARK,
    MAX_SUMMARY,
    MAX_TITLE,
    PART_HEADINGS,
    PARTS,
    Answer,
    Form,
    MetricValues,
    Story,
)
from app.kernel.errors import InvalidInputError
from app.kernel.frontmatter import Document, RefusedFileError, UnreadableFileError, read
from app.kernel.headings import heading_title
from app.kernel.markup import Rendered
from app.kernel.slugs import is_slug
from app.kernel.types import LANGUAGES

FIELDS = frozenset(
    {"form", "title", "slug", "language", "translation_of", "summary", "capability", "team", "organisation"}
    | {"published", "byline", "metrics", "practices", "sessions", "coaches"}
)
METRIC_FIELDS = ("name", "before", "after", "unit", "better", "window", "source")
METRIC_LENGTHS = {"name": 80, "unit": 40, "window": 80, "source": 200}
# What a metric may say besides, with the most characters; the cases are whole numbers.
MORE_LENGTHS = {"measure": 40, "before_unit": 40, "window_before": 80, "remark": MAX_REMARK}
CASES = ("cases_before", "cases_after")
# Addresses that the site needs for itself.
RESERVED = frozenset({"new", "impact", "exhibition"})
_HEADING = re.compile(r"##[ \t]+(?=[^ \t])")


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
    answers: tuple[Answer, ...]

    @property
    def form(self) -> Form:
        return Form(self.text("form") or Form.STORY)

    def story(self, team: str) -> Story:
        """What it says, in the name of the team with this slug."""
        return Story(
            title=self.text("title"),
            language=self.language,
            team=team,
            form=self.form,
            summary=self.text("summary"),
            capability=self.text("capability"),
            organisation=self.text("organisation"),
            byline=self.text("byline"),
            parts=self.parts,
            answers=self.answers,
            metrics=self.metrics,
            practices=self.words("practices"),
            coaches=self.words("coaches"),
            sessions=self.words("sessions"),
        )

    def text(self, name: str) -> str:
        return " ".join(str(self.document.fields.get(name) or "").split())

    def words(self, name: str) -> list[str]:
        return [str(item).strip() for item in self.document.fields.get(name) or ()]


def read_story(path: Path, *, is_whole: bool = True) -> StoryFile:
    """The case study in the file at `path`. What was written elsewhere and exported need not be `is_whole`: some of its parts and
    its summary may lack. Raises RefusedFileError.
    """
    try:
        document = read(path)
    except (UnreadableFileError, OSError) as error:
        raise RefusedFileError(str(error), getattr(error, "line", None)) from None
    _check_fields(document, is_whole=is_whole)
    slug, language = str(document.fields["slug"]), str(document.fields["language"])
    if path.name != f"{slug}.{language}.md":
        raise RefusedFileError(f"the file must be called {slug}.{language}.md", document.line_of("slug"))
    is_interview = document.fields.get("form") == Form.INTERVIEW
    return StoryFile(
        path=path.relative_to(path.parent.parent).as_posix(),
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
        document=document,
        slug=slug,
        language=language,
        published_on=document.fields["published"],
        metrics=_metrics(document),
        parts={} if is_interview else _split_parts(document, language, is_whole=is_whole),
        answers=split_answers(document) if is_interview else (),
    )


def _check_fields(document: Document, *, is_whole: bool) -> None:
    """Raises RefusedFileError for the first field that is missing or wrong."""
    fields = document.fields
    for name in ("title", "slug", "language", "published", *(("summary",) if is_whole else ())):
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
        "form": (lambda value: value in list(Form), f"form must be {' or '.join(Form)}"),
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


def _split(document: Document) -> list[tuple[int, str, str]]:
    """Line, heading and text of everything below a heading of the second level. Raises RefusedFileError for text above."""
    found: list[tuple[int, str, list[str]]] = []
    fence = ""
    for number, line in enumerate(document.body.split("\n"), document.body_line):
        match = None if fence else _HEADING.match(line)
        fence = fence_after(fence, line)
        if match:
            found.append((number, heading_title(line[match.end() :]), []))
        elif found:
            found[-1][2].append(line)
        elif line.strip():
            raise RefusedFileError("there is text before the first part", number)
    return [(number, heading, "\n".join(lines).strip("\n")) for number, heading, lines in found]


def _split_parts(document: Document, language: str, *, is_whole: bool) -> dict[str, str]:
    """The six parts in their order, all of them where it `is_whole`. Raises RefusedFileError."""
    headings = PART_HEADINGS[language]
    parts: dict[str, str] = {}
    coming = list(PARTS)
    for number, heading, text in _split(document):
        while not is_whole and coming and heading != headings[coming[0]]:
            coming.pop(0)
        expected = coming.pop(0) if coming else ""
        if not expected or heading != headings[expected]:
            wanted = headings.get(expected, "the end")
            raise RefusedFileError(f"the heading {heading!r} stands where {wanted} should", number)
        parts[expected] = text
    for part in PARTS:
        if is_whole and not parts.get(part, "").strip():
            raise RefusedFileError(f"the part {headings[part]!r} is missing or empty", document.body_line)
    return parts


def split_answers(document: Document) -> tuple[Answer, ...]:
    """The questions of an interview, each with its answer. Raises RefusedFileError."""
    found = _split(document)
    if not 0 < len(found) <= MAX_QUESTIONS:
        raise RefusedFileError(f"an interview has from 1 to {MAX_QUESTIONS} questions", document.body_line)
    for number, heading, text in found:
        if len(heading) > MAX_QUESTION:
            raise RefusedFileError(f"the question is longer than {MAX_QUESTION} characters", number)
        if not text.strip():
            raise RefusedFileError(f"the question {heading!r} has no answer", number)
    return tuple(Answer(heading, text) for _number, heading, text in found)


def render_file(file: StoryFile, practice_exists: Callable[[str], bool], stories: Collection[str]) -> Rendered:
    """The story with its links to other files resolved. `stories` are the names of the files beside it.

    Raises RefusedFileError for a link that leads nowhere.
    """
    broken: list[str] = []

    def resolve(kind: str, target: str) -> str | None:
        if "://" in target or target.startswith(("mailto:", "/")):
            return target
        if target.startswith("#"):
            return inside(target)
        url = _page_of(target, practice_exists, stories) if kind == "link" else None
        if url is None:
            broken.append(target)
        return url

    try:
        rendered = render_story(file.story(""), resolve)
    except InvalidInputError as error:
        raise RefusedFileError(str(error), file.document.body_line) from None
    if broken:
        raise RefusedFileError(f"nothing is at {broken[0]}", _line_with(file.document, broken[0]))
    return rendered


def _page_of(target: str, practice_exists: Callable[[str], bool], stories: Collection[str]) -> str | None:
    """The page of the file that a relative link names, if there is one."""
    link = file_link(target)
    if link is None:
        return None
    is_there = f"{link.slug}.{link.language}.md" in stories if link.kind == CASE_STUDY else practice_exists(link.slug)
    return link.url if is_there else None


def _line_with(document: Document, text: str) -> int:
    lines = document.body.split("\n")
    place = next((number for number, line in enumerate(lines) if text in line or text in unquote(line)), 0)
    return document.body_line + place


def to_markdown(
    story: Story, *, slug: str, translation_of: str | None, team: Team | None, published_on: date | None
) -> str:
    """The case study as such a file. Reading it again gives the same story. What is not published has no day."""
    fields: dict[str, Any] = {
        "title": story.title,
        "slug": slug,
        "language": story.language,
        "translation_of": translation_of,
        "form": str(story.form) if story.form is not Form.STORY else None,
        "summary": story.summary,
        "capability": story.capability,
        "team": team.name if team else story.team,
        "organisation": story.organisation or (team.organisation if team else ""),
        "published": published_on,
        "byline": story.byline,
        "metrics": [_plain(values) for values in story.metrics],
        "practices": list(story.practices),
        "sessions": list(story.sessions),
        "coaches": list(story.coaches),
    }
    front = yaml.safe_dump(
        {name: value for name, value in fields.items() if value}, allow_unicode=True, sort_keys=False, width=120
    )
    return f"---\n{front}---\n\n{compose(story)}"


def _plain(metric: MetricValues) -> dict[str, Any]:
    """What a metric says, without what it leaves open; whole numbers without a decimal point, as people write them."""
    said = {name: value for name, value in asdict(metric).items() if name in METRIC_FIELDS or value}
    return {
        name: int(value) if isinstance(value, float) and value.is_integer() else value for name, value in said.items()
    }
