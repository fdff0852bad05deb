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


@dataclass(frozen=True)
class Article:
    """Everything that is stored of one article. `body` is Markdown, `rendered` what was made of it, `digest` the hash
    of the file.
    """

    origin: str
    digest: str
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
    reviewed_on: date | None
    review_by: date | None


def save_article(
    session: Session, article: Article, practice: Practice | None, media_dir: Path, *, now: datetime
) -> Outcome:
    """Create the practice (where it is None), or bring it to what the article says. An unchanged one is left alone."""
    owner = _find_owner(session, article.owner)
    state = _state(article, owner)
    if practice is not None and practice.origin_hash == state:
        return Outcome.LEFT
    outcome = Outcome.CHANGED
    if practice is None:
        outcome = Outcome.CREATED
        practice = Practice(created_at=now)
        session.add(practice)
    _copy(article, practice, owner, media_dir)
    practice.origin_hash = state
    practice.updated_at = now
    session.flush()
    return outcome


def _state(article: Article, owner: User | None) -> str:
    """A hash of all that a practice is made of. A picture, a link's target, the place of the file, the capability or
    the owner's account may be another although the file is the same.
    """
    parts = (
        article.origin,
        article.digest,
        article.slug,
        article.language,
        article.translation_of,
        article.capability_id,
        owner.id if owner else None,
        article.rendered.html,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _copy(article: Article, practice: Practice, owner: User | None, media_dir: Path) -> None:
    for name in ("origin", "slug", "language", "translation_of", "title", "summary", "capability_id", "level"):
        setattr(practice, name, getattr(article, name))
    for name in ("time", "difficulty", "reviewed_on", "review_by"):
        setattr(practice, name, getattr(article, name))
    practice.source = article.body
    practice.html = with_sizes(article.rendered.html, media_dir)
    practice.text = article.rendered.text
    practice.headings = [asdict(heading) for heading in article.rendered.headings]
    practice.words, practice.han = article.rendered.words, article.rendered.han
    practice.participants = list(article.participants)
    practice.owner_id = owner.id if owner else None
    practice.owner_name = "" if owner else article.owner
    kept = {row.tag: row for row in practice.tag_rows}
    practice.tag_rows = [kept.get(tag) or PracticeTag(tag=tag) for tag in dict.fromkeys(article.tags)]
    for position, row in enumerate(practice.tag_rows):
        row.position = position


def _find_owner(session: Session, owner: str) -> User | None:
    """The account that an owner's e-mail address names."""
    if "@" not in owner:
        return None
    return session.execute(select(User).where(User.email == owner.casefold())).unique().scalar_one_or_none()


def remove_practices(session: Session, practices: Sequence[Practice]) -> None:
    for practice in practices:
        session.delete(practice)
    session.flush()
