"""Following a repository, and no longer. Each function is one action."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.exchange.sources.models import ContentSource
from app.exchange.trees import check_source
from app.kernel.errors import ConflictError, InvalidInputError, NotFoundError

MAX_REPORT = 20_000


@dataclass(frozen=True)
class Followed:
    """What to follow. `folder` is inside of the repository, empty for all of it."""

    url: str
    branch: str
    folder: str
    kind: str
    every_hours: int


def follow(session: Session, wanted: Followed, *, actor: User, now: datetime) -> ContentSource:
    """From now on. It is brought in for the first time at once. Raises InvalidInputError and ConflictError."""
    check_source(wanted.url, wanted.branch)
    folder = posixpath.normpath(wanted.folder.strip("/")) if wanted.folder.strip("/") else ""
    if folder.startswith(".."):
        raise InvalidInputError(_l("Write a folder inside of the repository."), field="folder")
    same = select(ContentSource.id).where(
        ContentSource.url == wanted.url, ContentSource.branch == wanted.branch, ContentSource.folder == folder
    )
    if session.execute(same).first() is not None:
        raise ConflictError(_l("This folder is followed already."))
    source = ContentSource(
        url=wanted.url,
        branch=wanted.branch,
        folder=folder,
        kind=wanted.kind,
        every_hours=wanted.every_hours,
        due_at=now,
        created_by_id=actor.id,
    )
    session.add(source)
    session.flush()
    return source


def stop_following(session: Session, source_id: int) -> None:
    """What was brought in stays. Raises NotFoundError."""
    session.delete(_get(session, source_id))
    session.flush()


def hurry(session: Session, source_id: int, *, now: datetime) -> None:
    """Bring it in as soon as the worker looks, changed or not. Raises NotFoundError."""
    source = _get(session, source_id)
    source.due_at, source.commit = now, ""
    session.flush()


def claim(session: Session, *, now: datetime) -> ContentSource | None:
    """The next one that is due. It is not due again before its time, whatever becomes of this try."""
    query = select(ContentSource).where(ContentSource.due_at <= now).order_by(ContentSource.due_at, ContentSource.id)
    source = session.execute(query.limit(1).with_for_update(skip_locked=True)).scalar_one_or_none()
    if source is not None:
        source.tried_at, source.due_at = now, now + timedelta(hours=source.every_hours)
        session.flush()
    return source


def note_success(session: Session, source_id: int, commit: str, report: str, *, now: datetime) -> None:
    """What was brought in. A source that nobody follows any more is left alone."""
    source = session.get(ContentSource, source_id)
    if source is not None:
        source.commit, source.report, source.problem, source.brought_at = commit, report[:MAX_REPORT], "", now
        session.flush()


def note_problem(session: Session, source_id: int, problem: str) -> None:
    source = session.get(ContentSource, source_id)
    if source is not None:
        source.problem = problem[:MAX_REPORT]
        session.flush()


def _get(session: Session, source_id: int) -> ContentSource:
    source = session.get(ContentSource, source_id)
    if source is None:
        raise NotFoundError(_l("This repository is not followed any more."))
    return source
