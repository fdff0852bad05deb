"""Taking away what was uploaded and stands in no text. A draft may take its time, so nothing goes before its thirtieth day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from flask import Flask, current_app
from sqlalchemy import Text, cast, delete, func, select
from sqlalchemy.orm import Session

from app.config import Config
from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import db, take_turns, transaction
from app.media.models import Upload
from app.media.service import TURNS
from app.media.store import ATTACHMENTS, GUARDED, UNFINISHED, stored_in

log = structlog.get_logger()
KEPT = timedelta(days=30)
# A file that is still being written is younger.
UNFINISHED_KEPT = timedelta(days=1)
AT_A_TIME = 200


def register(app: Flask, columns: Sequence[Any]) -> None:
    """The columns in which texts of any kind stand, source or HTML or JSON: what they refer to is kept. The factory knows them."""
    app.extensions.setdefault("media_columns", []).extend(columns)


def take_away() -> int:
    """Delete what nobody refers to. Returns how many uploads went."""
    config: Config = current_app.config["GUILDHALL"]
    now = utc_now()
    _remove_unfinished(config.media_dir, now=now)
    candidates = _old(db.session(), now=now)
    if not candidates:
        return 0
    # All texts are looked through before the lock, for that takes long; and once more under it, where there is still anything
    # to take away, for somebody may have used it meanwhile.
    candidates = _unused(db.session(), candidates)
    if not candidates:
        return 0
    with transaction() as session:
        take_turns(session, TURNS)
        gone = _unused(session, candidates & _old(session, now=now))
        session.execute(delete(Upload).where(Upload.name.in_(gone)))
        for name in gone:
            _unlink(config.media_dir, name)
    log.info("uploads taken away", number=len(gone))
    return len(gone)


def _old(session: Session, *, now: datetime) -> set[str]:
    """Names that nobody has uploaded for a while, the oldest first and not all at once."""
    query = (
        select(Upload.name)
        .group_by(Upload.name)
        .having(func.max(Upload.at) < now - KEPT)
        .order_by(func.max(Upload.at))
        .limit(AT_A_TIME)
    )
    return set(session.execute(query).scalars())


def _unused(session: Session, names: set[str]) -> set[str]:
    """Those of `names` that no text refers to."""
    referred = {found for text in _texts(session) for found in stored_in(text)}
    return {name for name in names if name[:32] not in referred}


def _texts(session: Session) -> Iterator[str]:
    columns: Iterable[Any] = current_app.extensions.get("media_columns", ())
    for column in columns:
        text = cast(column, Text)
        query = select(text).where(text.contains("/media/")).execution_options(yield_per=200)
        yield from session.execute(query).scalars()


def _unlink(folder: Path, name: str) -> None:
    for place in _places(folder):
        (place / name).unlink(missing_ok=True)


def _remove_unfinished(folder: Path, *, now: datetime) -> None:
    """What processes were writing when they were killed."""
    for place in _places(folder):
        for path in place.glob(f"*{UNFINISHED}"):
            if path.stat().st_mtime < (now - UNFINISHED_KEPT).timestamp():
                path.unlink(missing_ok=True)


def _places(folder: Path) -> tuple[Path, ...]:
    return folder, folder / ATTACHMENTS, folder / GUARDED


JOBS = (Job("take away uploads", 6 * 3600, take_away),)
