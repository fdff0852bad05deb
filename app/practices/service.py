"""Writing practices."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.markup import Rendered
from app.kernel.report import Outcome
from app.media.store import with_sizes
from app.practices.models import Practice, PracticeTag
from app.practices.telling import tell_of_practice
from app.practices.upkeep.queries import last_check


@dataclass(frozen=True)
class Article:
    """Everything that is stored of one article. `body` is Markdown, `rendered` what was made of it; `origin_hash` is of
    `hash_of`.
    """

    origin: str
    origin_hash: str
    slug: str
    language: str
    translation_of: str | None
    title: str
    summary: str
    body: str
    rendered: Rendered
    capability_id: int | None
    level: int | None
    tags: Sequence[str]
    time: str
    difficulty: str
    participants: Sequence[str]
    owner: str
    owner_id: int | None
    reviewed_on: date | None
    review_by: date | None


def save_article(
    session: Session, article: Article, practice: Practice | None, media_dir: Path, *, now: datetime
) -> Outcome:
    """Create the practice (where it is None), or bring it to what the article says. An unchanged one is left alone."""
    if practice is not None and practice.origin_hash == article.origin_hash:
        return Outcome.LEFT
    is_new = practice is None
    if practice is None:
        practice = Practice(created_at=now)
        session.add(practice)
    says = None if is_new else (practice.title, practice.summary, practice.source)
    with session.no_autoflush:
        _copy(article, practice, media_dir)
    practice.updated_at = now
    session.flush()
    # Another owner, or another form of the same words, is no news.
    if says != (practice.title, practice.summary, practice.source):
        tell_of_practice(session, practice, is_new=is_new, actor=None, now=now)
    return Outcome.CREATED if is_new else Outcome.CHANGED


def hash_of(*parts: object) -> str:
    """The hash of all that a practice is made of: `origin_hash`. More than its file: a picture, a link's target, the
    capability or the owner's account may be another although the file is the same.
    """
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def find_owner_id(session: Session, owner: str) -> int | None:
    """The account that an owner's e-mail address names."""
    if "@" not in owner:
        return None
    return session.execute(select(User.id).where(User.email == owner.casefold())).scalar_one_or_none()


def _copy(article: Article, practice: Practice, media_dir: Path) -> None:
    for name in (
        "origin",
        "origin_hash",
        "slug",
        "language",
        "translation_of",
        "title",
        "summary",
        "capability_id",
        "level",
    ):
        setattr(practice, name, getattr(article, name))
    for name in ("time", "difficulty", "reviewed_on", "review_by"):
        setattr(practice, name, getattr(article, name))
    practice.source = article.body
    practice.html = with_sizes(article.rendered.html, media_dir)
    practice.text = article.rendered.text
    practice.headings = [asdict(heading) for heading in article.rendered.headings]
    practice.words, practice.han = article.rendered.words, article.rendered.han
    practice.participants = list(article.participants)
    if article.owner or not practice.owner_id:
        practice.owner_id = article.owner_id
        practice.owner_name = "" if article.owner_id else article.owner
    _keep_last_look(practice)
    kept = {row.tag: row for row in practice.tag_rows}
    practice.tag_rows = [kept.get(tag) or PracticeTag(tag=tag) for tag in dict.fromkeys(article.tags)]
    for position, row in enumerate(practice.tag_rows):
        row.position = position


def _keep_last_look(practice: Practice) -> None:
    """Whoever found it right on the site after its file was reviewed has the last word about the dates."""
    check = last_check(practice.slug)
    if check is not None and (practice.reviewed_on is None or practice.reviewed_on < check.checked_on):
        practice.reviewed_on, practice.review_by = check.checked_on, check.next_by


def remove_practices(session: Session, practices: Sequence[Practice]) -> None:
    for practice in practices:
        session.delete(practice)
    session.flush()
