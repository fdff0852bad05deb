"""A tree of Markdown that was written elsewhere, read generously: what each document is, what it is called, and which belong
together.

A document is known again by its place in the tree, so a second run changes nothing. Translations are paired by folder:
paths that differ only in a language (`en/NAME/index.md`, `zh/NAME/index.md`, `NAME.en.md`) share a slug.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from app.kernel.frontmatter import UnreadableFileError, read
from app.kernel.markup import guess_language
from app.kernel.report import Outcome, Report
from app.kernel.slugs import MAX_LENGTH, is_slug, slugify
from app.practices.cleaning import clean_source

SUFFIXES = frozenset({".md", ".mdx", ".markdown"})
LANGUAGE_NAMES = {
    "en": "en", "en-us": "en", "en-gb": "en", "english": "en",
    "zh": "zh", "zh-cn": "zh", "zh-hans": "zh", "zh-hans-cn": "zh", "cn": "zh", "chinese": "zh",
}  # fmt: skip
SUMMARY_FIELDS = ("summary", "description", "headline", "subTitle", "what")
MAX_PLACE = 400


class Known(Protocol):
    """What a document of the tree was brought in as before."""

    @property
    def slug(self) -> str: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True)
class Foreign:
    """One document of the tree, read and cleaned. `place` is its path, `pair` the path without a language in it."""

    place: str
    pair: str
    path: Path
    digest: str
    fields: dict[str, Any]
    body: str
    title: str
    language: str
    notes: tuple[str, ...]

    @property
    def summary(self) -> str:
        """What its front matter says in a sentence, if it does."""
        return next((text for name in SUMMARY_FIELDS if (text := field_text(self.fields.get(name)))), "")


def read_tree(folder: Path, report: Report, language: str | None) -> list[Foreign]:
    """Every document under `folder`. `language` is that of all of them, where it is not told from each text."""
    return [document for path in _paths(folder, report) if (document := _read(folder, path, language, report))]


def origin_of(folder: Path, place: str) -> str:
    """What a document is known again by."""
    return f"import:{folder.resolve().name[:80]}:{place}"


def choose_slugs(documents: list[Foreign], known: Mapping[str, Known], taken: Collection[str]) -> dict[str, str]:
    """A slug for every place. A known document keeps its own, unless it is now in the language of its translation;
    documents that pair share one if their languages differ.
    """
    slugs: dict[str, str] = {}
    owners = {row.slug: _without_language(place) for place, row in known.items()}
    present = {document.place: document for document in documents}
    used = {(row.slug, row.language) for place, row in known.items() if not _changes_language(row, present.get(place))}
    for document in documents:
        row = known.get(document.place)
        if row and (row.language == document.language or (row.slug, document.language) not in used):
            slugs[document.place] = row.slug
            used.add((row.slug, document.language))
    for document in (each for each in documents if each.place not in slugs):
        for slug in _candidates(document):
            mine = owners.get(slug, document.pair) == document.pair
            if slug not in taken and mine and (slug, document.language) not in used:
                break
        slugs[document.place] = slug
        owners[slug] = document.pair
        used.add((slug, document.language))
    return slugs


def _changes_language(row: Known, document: Foreign | None) -> bool:
    return document is not None and document.language != row.language


def _candidates(document: Foreign) -> Iterable[str]:
    """Names to try, the shortest first: as given, of the path, with the folders before it, with a hash."""
    given = field_text(document.fields.get("slug")).strip("/").lower()
    if is_slug(given):
        yield given
    name = slugify(_name(document.place)) or slugify(document.title) or "document"
    yield name
    folders = re.sub(r"/_?index$", "", document.pair)
    longer = slugify(folders.replace("/", " "))
    if longer:
        yield longer
    yield f"{name[: MAX_LENGTH - 9].rstrip('-')}-{hashlib.sha256(document.place.encode()).hexdigest()[:8]}"


def originals_of(documents: list[Foreign], slugs: dict[str, str]) -> dict[tuple[str, str], str]:
    """For each document that is not the first of its slug: the language of the first. English counts as first."""
    languages: dict[str, list[str]] = {}
    for document in documents:
        languages.setdefault(slugs[document.place], []).append(document.language)
    return {
        (slug, language): min(found)
        for slug, found in languages.items()
        for language in found
        if language != min(found)
    }


def first_sentence(text: str) -> str:
    first = next((line.strip() for line in text.split("\n") if len(line.strip()) > 40), text.strip())
    return re.split(r"(?<=[.!?])\s+|(?<=[。！？])", first, maxsplit=1)[0]


def field_text(value: Any) -> str:
    """A field as one line of text, whatever it is: nothing, a number, a date, a list."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(field_text, value)))
    if value is None or isinstance(value, dict | bool):
        return ""
    return " ".join(str(value).split())


def field_list(value: Any) -> list[str]:
    """A field as a list of short texts: a list, a name, or names with commas; authors may be mappings with a name."""
    if isinstance(value, str):
        value = re.split("[,，、;；]", value)
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        return []
    names = (field_text(item.get("name")) if isinstance(item, dict) else field_text(item) for item in value)
    return [name[:80] for name in names if name]


def field_day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _paths(folder: Path, report: Report) -> list[Path]:
    """The documents of the tree, without hidden folders. What cannot be one is in the report."""
    root = folder.resolve()
    paths = []
    for path in sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file()):
        place = path.relative_to(folder)
        if any(part.startswith(".") or part == "node_modules" for part in place.parts[:-1]):
            continue
        name = place.as_posix().encode("utf-8", "replace").decode()
        if path.stem.upper() == "README":
            report.add(Outcome.LEFT, name, "a README is about the folder, not a document of it")
        elif not path.resolve().is_relative_to(root):
            report.add(Outcome.REFUSED, name, "a link to a file outside of the folder")
        elif name != place.as_posix() or len(name) > MAX_PLACE:
            report.add(Outcome.REFUSED, name, f"the path is not UTF-8 or longer than {MAX_PLACE} characters")
        else:
            paths.append(path)
    return paths


def _read(folder: Path, path: Path, language: str | None, report: Report) -> Foreign | None:
    place = path.relative_to(folder).as_posix()
    try:
        document = read(path)
    except (UnreadableFileError, OSError) as error:
        report.add(Outcome.REFUSED, place, str(error), getattr(error, "line", None))
        return None
    if document.fields.get("draft") is True:
        report.add(Outcome.REFUSED, place, "it says that it is a draft", document.line_of("draft"))
        return None
    text = _with_lead_parts(document.fields) + document.body
    cleaned = clean_source(text, is_mdx=path.suffix.lower() == ".mdx")
    if not cleaned.text.strip():
        report.add(Outcome.REFUSED, place, "there is no text in it", document.body_line)
        return None
    title = field_text(document.fields.get("title")) or cleaned.title or _title_of(place)
    return Foreign(
        place=place,
        pair=_without_language(place),
        path=path,
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
        fields=document.fields,
        body=cleaned.text,
        title=title[:200],
        language=language or _given_language(document.fields) or guess_language(f"{title}\n{cleaned.text}"),
        notes=cleaned.notes,
    )


def _with_lead_parts(fields: dict[str, Any]) -> str:
    """Some collections keep the first parts of the text in the front matter."""
    parts = [(heading, field_text(fields.get(name))) for heading, name in (("What", "what"), ("Why", "why"))]
    return "".join(f"## {heading}\n\n{text}\n\n" for heading, text in parts if text)


def _given_language(fields: dict[str, Any]) -> str | None:
    return LANGUAGE_NAMES.get(field_text(fields.get("language") or fields.get("lang")).lower().replace("_", "-"))


def _without_language(place: str) -> str:
    path = PurePosixPath(place)
    parts = [part for part in path.parent.parts if _language_of(part) is None]
    stem, _, ending = path.stem.rpartition(".")
    return "/".join([*parts, stem if stem and _language_of(ending) else path.stem])


def _language_of(part: str) -> str | None:
    return LANGUAGE_NAMES.get(part.lower().replace("_", "-"))


def _title_of(place: str) -> str:
    return _name(place).replace("-", " ").replace("_", " ").strip().capitalize()


def _name(place: str) -> str:
    """What a document is called by its path: a leaf bundle (`NAME/index.md`) has the name of its folder."""
    path = PurePosixPath(_without_language(place))
    return path.parent.name or "index" if path.name.strip("_").lower() == "index" else path.name.strip("_")
