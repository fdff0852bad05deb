"""How the files of an export are read, for each kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.queries import find_team_named
from app.accounts.teams import TeamDetails, create_team
from app.case_studies.contents import content_of_story
from app.case_studies.files import read_story
from app.case_studies.queries import find_published
from app.case_studies.rules import CASE_STUDY
from app.exchange.restoring import Hand, Text
from app.kernel.frontmatter import Document, RefusedFileError, read
from app.kernel.slugs import is_slug
from app.kernel.types import LANGUAGES
from app.practices.content import FREE, STANDARD, content_of_fields
from app.practices.kind import find_row, lacks_parts
from app.practices.service import find_owner_id
from app.writing.models import Manuscript

TEXTS = ("title", "slug", "summary", "capability", "time", "difficulty", "owner")
WORDS = ("tags", "participants")
DAYS = ("reviewed", "review_by")


def read_practice(folder: Path, path: Path) -> Text:
    """Raises RefusedFileError."""
    document = _document(path)
    fields = document.fields
    _check(document, TEXTS, lambda value: isinstance(value, str), "a text")
    _check(document, WORDS, _is_words, "a list of texts")
    _check(document, DAYS, lambda value: type(value) is date, "a date such as 2026-11-02")
    _check(document, ("level",), lambda value: type(value) is int and 1 <= value <= 5, "a number from 1 to 5")
    body = document.body.strip()
    form = FREE if lacks_parts(body) else STANDARD
    return Text(
        kind="practice",
        place=path.relative_to(folder).as_posix(),
        slug=fields["slug"],
        language=fields["language"],
        translation_of=fields.get("translation_of"),
        content=content_of_fields(fields, body, form=form),
        beside={name: fields.get(name) for name in ("owner", *DAYS)},
        text=path.read_text(encoding="utf-8"),
    )


def _document(path: Path) -> Document:
    """Raises RefusedFileError for what has no title, address or language."""
    try:
        document = read(path)
    except OSError as error:
        raise RefusedFileError(error.strerror or str(error)) from None
    for name in ("title", "slug", "language"):
        if not document.fields.get(name):
            raise RefusedFileError(f"{name} is missing", document.line_of(name))
    _check(document, ("slug",), lambda value: isinstance(value, str) and is_slug(value), "an address")
    _check(document, ("language", "translation_of"), lambda value: value in LANGUAGES, f"one of {', '.join(LANGUAGES)}")
    return document


def _check(document: Document, names: tuple[str, ...], is_right: Any, wanted: str) -> None:
    for name in names:
        if name in document.fields and not is_right(document.fields[name]):
            raise RefusedFileError(f"{name} must be {wanted}", document.line_of(name))


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _as_it_is(_session: Session, text: Text) -> Mapping[str, Any]:
    return text.content


def _look_after(session: Session, manuscript: Manuscript, text: Text) -> None:
    """Who looks after it and since when: as the file says."""
    practice = find_row(session, manuscript)
    if practice is None:
        return
    owner = text.beside["owner"] or ""
    practice.owner_id = find_owner_id(session, owner)
    practice.owner_name = "" if practice.owner_id else owner
    practice.reviewed_on, practice.review_by = text.beside["reviewed"], text.beside["review_by"]


def read_case_study(folder: Path, path: Path) -> Text:
    """Raises RefusedFileError."""
    file = read_story(path, is_whole=False)
    return Text(
        kind=CASE_STUDY,
        place=path.relative_to(folder).as_posix(),
        slug=file.slug,
        language=file.language,
        translation_of=file.text("translation_of") or None,
        content=content_of_story(file.story("")),
        beside={"team": file.text("team"), "published_on": file.published_on},
        text=path.read_text(encoding="utf-8"),
    )


def _of_team(session: Session, text: Text) -> Mapping[str, Any]:
    """The team goes by its name, and is made where there is none of it."""
    name = text.beside["team"]
    team = find_team_named(name) or create_team(
        session,
        TeamDetails(name=name, organisation=text.content["organisation"], about="", is_benchmark=True),
    )
    return {**text.content, "team": team.slug}


def _date(_session: Session, manuscript: Manuscript, text: Text) -> None:
    row = find_published(manuscript.slug, manuscript.language)
    if row is not None:
        row.published_on, row.byline = text.beside["published_on"], text.content["byline"]


HANDS = {
    "practice": Hand(read_practice, _as_it_is, _look_after),
    CASE_STUDY: Hand(read_case_study, _of_team, _date),
}
