"""Reading comments: a page of threads, one of them, and how a reader stands to each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import aliased, joinedload

from app.accounts.models import User
from app.community.comments.models import Comment
from app.community.comments.rules import THREADS
from app.community.subjects import Ref
from app.kernel.db import db
from app.kernel.errors import NotFoundError

NO_SUCH_COMMENT = _l("There is no such comment, or its author has taken it back.")


@dataclass(frozen=True)
class Thread:
    """A comment and the answers to it, the earliest first."""

    first: Comment
    answers: Sequence[Comment]


@dataclass(frozen=True)
class Talk:
    """One page of the threads under a page: the latest thread first. `comments` counts what can be read."""

    threads: Sequence[Thread]
    number: int
    count: int
    comments: int


def load_talk(ref: Ref, number: int) -> Talk:
    """Page `number` (from 1) of what was said. Three queries, however much there is."""
    counts = select(
        func.count().filter(Comment.thread_id.is_(None)),
        func.count().filter(Comment.removed_at.is_(None), Comment.hidden_at.is_(None)),
    ).where(Comment.kind == ref.kind, Comment.slug == ref.slug)
    threads, comments = db.session.execute(counts).one()
    count = max(1, -(-threads // THREADS))
    number = min(max(1, number), count)
    query = (
        _with_author()
        .where(Comment.kind == ref.kind, Comment.slug == ref.slug, Comment.thread_id.is_(None))
        .order_by(Comment.id.desc())
        .limit(THREADS)
        .offset((number - 1) * THREADS)
    )
    firsts = list(db.session.execute(query).unique().scalars()) if threads else []
    answers: dict[int | None, list[Comment]] = {}
    if firsts:
        query = _with_author().where(Comment.thread_id.in_([first.id for first in firsts])).order_by(Comment.id)
        for answer in db.session.execute(query).unique().scalars():
            answers.setdefault(answer.thread_id, []).append(answer)
    return Talk([Thread(first, answers.get(first.id, [])) for first in firsts], number, count, comments)


def _with_author() -> Select[Comment]:
    return select(Comment).options(joinedload(Comment.author))


def get_comment(comment_id: int) -> Comment:
    """Raises NotFoundError. Whether the reader may see what it is about is asked of the subject."""
    query = select(Comment).where(Comment.id == comment_id).options(joinedload(Comment.author))
    comment = db.session.execute(query).unique().scalar_one_or_none()
    if comment is None:
        raise NotFoundError(NO_SUCH_COMMENT)
    return comment


def page_of(comment: Comment) -> int:
    """The number of the page that has the comment's thread."""
    thread_id = comment.thread_id or comment.id
    later = select(func.count()).where(
        Comment.kind == comment.kind, Comment.slug == comment.slug, Comment.thread_id.is_(None), Comment.id > thread_id
    )
    return db.session.execute(later).scalar_one() // THREADS + 1


@dataclass(frozen=True)
class Stand:
    """What has to be known of a comment to say what somebody may do with it."""

    id: int
    author_id: int | None
    at: datetime
    removed_at: datetime | None
    hidden_at: datetime | None
    hidden_reason: str
    answered_at: datetime | None
    html: str
    language: str


def list_stands(ids: Collection[int]) -> dict[int, Stand]:
    """By id. One query; the words come only where they are hidden."""
    columns = (
        Comment.id,
        Comment.author_id,
        Comment.at,
        Comment.removed_at,
        Comment.hidden_at,
        Comment.hidden_reason,
        Comment.answered_at,
        case((Comment.hidden_at.is_not(None), Comment.html), else_=""),
        Comment.language,
    )
    return {row[0]: Stand(*row) for row in db.session.execute(select(*columns).where(Comment.id.in_(ids)))}


def count_since(user_id: int, since: datetime) -> int:
    query = select(func.count()).where(Comment.author_id == user_id, Comment.at > since)
    return db.session.execute(query).scalar_one()


def list_people_in(thread_id: int) -> list[User]:
    """Whoever has said something in the thread that still stands, and has an open account."""
    other = aliased(Comment)
    said = select(other.author_id).where(
        (other.id == thread_id) | (other.thread_id == thread_id), other.removed_at.is_(None)
    )
    query = select(User).where(User.id.in_(said), User.disabled_at.is_(None)).order_by(User.id)
    return list(db.session.execute(query).unique().scalars())


def list_people(ids: Collection[int]) -> list[User]:
    """Those of the accounts that are open."""
    query = select(User).where(User.id.in_(ids), User.disabled_at.is_(None)).order_by(User.id)
    return list(db.session.execute(query).unique().scalars())
