"""Bringing in a tree of Markdown that was written elsewhere, as practices, with a report for every file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.kernel.errors import InvalidInputError
from app.kernel.markup import render
from app.kernel.report import Outcome, Report
from app.practices.content import FREE, STANDARD, content_of_article
from app.practices.foreign import (
    Foreign,
    choose_slugs,
    field_day,
    field_list,
    field_text,
    first_sentence,
    origin_of,
    originals_of,
    read_tree,
)
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
TAG_FIELDS = ("tags", "categories", "category", "keywords")
TIME_FIELDS = ("time", "timeRequired", "duration")
OWNER_FIELDS = ("owner", "authors", "author")
MAX_SUMMARY = 400


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
    documents = read_tree(folder, report, language)
    known = _known(session, folder)
    slugs = choose_slugs(documents, known, _taken(session, folder))
    places = {document.place: (slugs[document.place], document.language) for document in documents}
    book = LinkBook(folder, media_dir, places)
    for document in documents:
        book.learn(document.place, document.fields)
    pairs = originals_of(documents, slugs)
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
                    _file(session, article, field_text(document.fields.get("capability")), manuscript, now)
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


def _known(session: Session, folder: Path) -> dict[str, Practice]:
    prefix = origin_of(folder, "")
    rows = session.execute(select(Practice).where(Practice.origin.startswith(prefix, autoescape=True))).scalars()
    return {practice.origin.removeprefix(prefix): practice for practice in rows}


def _taken(session: Session, folder: Path) -> set[str]:
    """Slugs that belong to others."""
    query = select(Practice.slug).where(~Practice.origin.startswith(origin_of(folder, ""), autoescape=True))
    return set(session.execute(query).scalars())


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
    summary = document.summary or first_sentence(rendered.text)
    capability_id = capabilities.get(field_text(fields.get("capability")))
    owner = ", ".join(name for field in OWNER_FIELDS for name in field_list(fields.get(field)))[:200]
    owner_id = find_owner_id(session, owner)
    article = Article(
        origin=origin_of(folder, document.place),
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
        tags=[tag for name in TAG_FIELDS for tag in field_list(fields.get(name))][:12],
        time=next((text for name in TIME_FIELDS if (text := field_text(fields.get(name)))), "")[:200],
        difficulty=difficulty if (difficulty := field_text(fields.get("difficulty")).lower()) in DIFFICULTIES else "",
        participants=field_list(fields.get("participants")),
        owner=owner,
        owner_id=owner_id,
        reviewed_on=field_day(fields.get("reviewed")),
        review_by=field_day(fields.get("review_by")),
    )
    return article, (*document.notes, *notes)
