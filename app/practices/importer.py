"""Bringing in a tree of Markdown that was written elsewhere: read generously, with a report for every file.

A document is known again by its place in the tree, so a second run changes nothing. Translations are paired by folder:
paths that differ only in a language (`en/NAME/index.md`, `zh/NAME/index.md`, `NAME.en.md`) share a slug.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel.errors import InvalidInputError
from app.kernel.frontmatter import UnreadableFileError, read
from app.kernel.markup import guess_language, render
from app.kernel.report import Outcome, Report
from app.kernel.slugs import MAX_LENGTH, is_slug, slugify
from app.practices.cleaning import clean_source
from app.practices.content import FREE, STANDARD, content_of_article
from app.practices.kind import PracticeKind
from app.practices.links import KEPT, LinkBook
from app.practices.models import Practice
from app.practices.rules import DIFFICULTIES, missing_parts
from app.practices.service import Article, find_owner_id, hash_of, save_article
from app.writing.filing import NOT_FOLLOWED, file_into, known_manuscripts, may_follow
from app.writing.kinds import Face
from app.writing.models import Manuscript
from app.writing.service import new_manuscript

KIND = PracticeKind()
SUFFIXES = frozenset({".md", ".mdx", ".markdown"})
LANGUAGE_NAMES = {
    "en": "en", "en-us": "en", "en-gb": "en", "english": "en",
    "zh": "zh", "zh-cn": "zh", "zh-hans": "zh", "zh-hans-cn": "zh", "cn": "zh", "chinese": "zh",
}  # fmt: skip
SUMMARY_FIELDS = ("summary", "description", "headline", "subTitle", "what")
TAG_FIELDS = ("tags", "categories", "category", "keywords")
TIME_FIELDS = ("time", "timeRequired", "duration")
OWNER_FIELDS = ("owner", "authors", "author")
MAX_SUMMARY = 400
MAX_PLACE = 400


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


def import_practices(
    session: Session,
    folder: Path,
    media_dir: Path,
    report: Report,
    *,
    now: datetime,
    language: str | None = None,
    capabilities: dict[str, int],
    watch: Callable[[list[Foreign]], Iterable[Foreign]] = iter,
) -> None:
    """Bring in every document under `folder`. `watch` wraps the list of documents, to show progress.

    What cannot be taken is refused in the report; the rest comes in.
    """
    documents = [document for path in _paths(folder, report) if (document := _read(folder, path, language, report))]
    known = _known(session, folder)
    slugs = _choose_slugs(documents, known, _taken(session, folder))
    places = {document.place: (slugs[document.place], document.language) for document in documents}
    book = LinkBook(folder, media_dir, places)
    for document in documents:
        book.learn(document.place, document.fields)
    pairs = _originals(documents, slugs)
    manuscripts = known_manuscripts(session, KIND)
    for document in watch(documents):
        slug = slugs[document.place]
        original = pairs.get((slug, document.language))
        manuscript = manuscripts.get((slug, document.language))
        if manuscript is not None and not may_follow(manuscript, None):
            report.add(Outcome.LEFT, document.place, notes=(NOT_FOLLOWED,))
            continue
        try:
            article, notes = _article(session, folder, document, slug, original, book, capabilities)
            with session.begin_nested():
                outcome = save_article(session, article, known.get(document.place), media_dir, now=now)
                if outcome is not Outcome.LEFT or manuscript is None:
                    _file(session, article, _text(document.fields.get("capability")), manuscript, now)
            report.add(outcome, document.place, notes=notes)
        except InvalidInputError as error:
            report.add(Outcome.REFUSED, document.place, str(error))
        except IntegrityError:
            reason = f"another document is at /practices/{slug} in this language"
            report.add(Outcome.REFUSED, document.place, reason)


def _file(session: Session, article: Article, capability: str, manuscript: Manuscript | None, now: datetime) -> None:
    """What was brought in is a version of the article that anybody here can go on with."""
    manuscript = manuscript or new_manuscript(KIND, article.slug, article.language, now=now)
    manuscript.translation_of = article.translation_of
    form = FREE if missing_parts(article.rendered, article.language) else STANDARD
    content = content_of_article(article, capability if article.capability_id else "", form=form)
    face = Face(title=article.title, capability_id=article.capability_id)
    file_into(session, manuscript, content, face, path=None, now=now)


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
    title = _text(document.fields.get("title")) or cleaned.title or _title_of(place)
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
    parts = [(heading, _text(fields.get(name))) for heading, name in (("What", "what"), ("Why", "why"))]
    return "".join(f"## {heading}\n\n{text}\n\n" for heading, text in parts if text)


def _given_language(fields: dict[str, Any]) -> str | None:
    return LANGUAGE_NAMES.get(_text(fields.get("language") or fields.get("lang")).lower().replace("_", "-"))


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


def _known(session: Session, folder: Path) -> dict[str, Practice]:
    prefix = _origin(folder, "")
    rows = session.execute(select(Practice).where(Practice.origin.startswith(prefix, autoescape=True))).scalars()
    return {practice.origin.removeprefix(prefix): practice for practice in rows}


def _taken(session: Session, folder: Path) -> set[str]:
    """Slugs that belong to others."""
    query = select(Practice.slug).where(~Practice.origin.startswith(_origin(folder, ""), autoescape=True))
    return set(session.execute(query).scalars())


def _origin(folder: Path, place: str) -> str:
    return f"import:{folder.resolve().name[:80]}:{place}"


def _choose_slugs(documents: list[Foreign], known: dict[str, Practice], taken: set[str]) -> dict[str, str]:
    """A slug for every place. A known document keeps its own, unless it is now in the language of its translation;
    documents that pair share one if their languages differ.
    """
    slugs: dict[str, str] = {}
    owners = {practice.slug: _without_language(place) for place, practice in known.items()}
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


def _changes_language(row: Practice, document: Foreign | None) -> bool:
    return document is not None and document.language != row.language


def _candidates(document: Foreign) -> Iterable[str]:
    """Names to try, the shortest first: as given, of the path, with the folders before it, with a hash."""
    given = _text(document.fields.get("slug")).strip("/").lower()
    if is_slug(given):
        yield given
    name = slugify(_name(document.place)) or slugify(document.title) or "document"
    yield name
    folders = re.sub(r"/_?index$", "", document.pair)
    longer = slugify(folders.replace("/", " "))
    if longer:
        yield longer
    yield f"{name[: MAX_LENGTH - 9].rstrip('-')}-{hashlib.sha256(document.place.encode()).hexdigest()[:8]}"


def _originals(documents: list[Foreign], slugs: dict[str, str]) -> dict[tuple[str, str], str]:
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


def _article(
    session: Session,
    folder: Path,
    document: Foreign,
    slug: str,
    original: str | None,
    book: LinkBook,
    capabilities: dict[str, int],
) -> tuple[Article, tuple[str, ...]]:
    """Raises InvalidInputError where the text cannot be rendered."""
    fields = document.fields
    body, notes = book.rewrite(document.place, document.body)
    left: list[str] = []
    rendered = render(body, lambda _kind, target: target if target.startswith(KEPT) else left.append(target))
    notes += (f"{len(left)} × address left out: {left[0]}",) if left else ()
    level = fields.get("level")
    summary = next((text for name in SUMMARY_FIELDS if (text := _text(fields.get(name)))), "") or _first_sentence(
        rendered.text
    )
    capability_id = capabilities.get(_text(fields.get("capability")))
    owner = ", ".join(name for field in OWNER_FIELDS for name in _list(fields.get(field)))[:200]
    owner_id = find_owner_id(session, owner)
    article = Article(
        origin=_origin(folder, document.place),
        origin_hash=hash_of(
            document.place, document.digest, slug, document.language, original, capability_id, owner_id, rendered.html
        ),
        slug=slug,
        language=document.language,
        translation_of=original,
        title=document.title,
        summary=summary[:MAX_SUMMARY],
        body=body,
        rendered=rendered,
        capability_id=capability_id,
        level=level if type(level) is int and 1 <= level <= 5 else None,
        tags=[tag for name in TAG_FIELDS for tag in _list(fields.get(name))][:12],
        time=next((text for name in TIME_FIELDS if (text := _text(fields.get(name)))), "")[:200],
        difficulty=difficulty if (difficulty := _text(fields.get("difficulty")).lower()) in DIFFICULTIES else "",
        participants=_list(fields.get("participants")),
        owner=owner,
        owner_id=owner_id,
        reviewed_on=_day(fields.get("reviewed")),
        review_by=_day(fields.get("review_by")),
    )
    return article, (*document.notes, *notes)


def _first_sentence(text: str) -> str:
    first = next((line.strip() for line in text.split("\n") if len(line.strip()) > 40), text.strip())
    return re.split(r"(?<=[.!?])\s+|(?<=[。！？])", first, maxsplit=1)[0]


def _text(value: Any) -> str:
    """A field as one line of text, whatever it is: nothing, a number, a date, a list."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text, value)))
    if value is None or isinstance(value, dict | bool):
        return ""
    return " ".join(str(value).split())


def _list(value: Any) -> list[str]:
    """A field as a list of short texts: a list, a name, or names with commas; authors may be mappings with a name."""
    if isinstance(value, str):
        value = re.split("[,，、;；]", value)
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        return []
    names = (_text(item.get("name")) if isinstance(item, dict) else _text(item) for item in value)
    return [name[:80] for name in names if name]


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None
