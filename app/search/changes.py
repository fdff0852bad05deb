"""Who changed what of what editors keep for search; and whether anything has changed since it was last looked at."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import Config
from app.kernel.db import db, take_turns
from app.search.desk_models import SearchChange

T = TypeVar("T")
# For so long a process may go on with what it knows before it looks again.
SECONDS = 1.0
MAX_DETAIL = 1000


class Actor(Protocol):
    """Whoever acts. Search knows no accounts."""

    @property
    def id(self) -> int: ...


def begin_change(session: Session, what: str) -> None:
    """Whoever changes something of this sort waits for whoever began before, to the end of that transaction. Otherwise
    the number of a change could become visible after a higher one, and others would not notice it.
    """
    take_turns(session, f"search {what}")


def note_change(
    session: Session, what: str, subject: str, action: str, *, actor: Actor, now: datetime, detail: str = ""
) -> None:
    """Write down who did that. `begin_change` comes first."""
    change = SearchChange(what=what, subject=subject, action=action, detail=detail[:MAX_DETAIL], at=now, by_id=actor.id)
    session.add(change)
    session.flush()


def list_changes(what: str, subject: str, limit: int = 20) -> list[SearchChange]:
    """What was done to one thing, the latest first."""
    query = (
        select(SearchChange)
        .where(SearchChange.what == what, SearchChange.subject == subject)
        .order_by(SearchChange.id.desc())
        .limit(limit)
    )
    return list(db.session.execute(query).unique().scalars())


def latest_change(what: str) -> Hashable:
    """Something that is different after every change of this sort."""
    query = (
        select(SearchChange.id, SearchChange.at, SearchChange.subject)
        .where(SearchChange.what == what)
        .order_by(SearchChange.id.desc())
        .limit(1)
    )
    row = db.session.execute(query).first()
    return tuple(row) if row else None


class Kept(Generic[T]):
    """A value that is made again when its stamp has changed. Safe under threads: what is made is never changed."""

    def __init__(self, make: Callable[[], T], stamp: Callable[[], Hashable]) -> None:
        self._make, self._stamp = make, stamp
        self._lock = threading.Lock()
        self._looked_at = float("-inf")
        self._kept: tuple[Hashable, T] | None = None

    def get(self) -> T:
        kept = self._kept
        if kept is not None and time.monotonic() - self._looked_at < self._patience():
            return kept[1]
        stamp = self._stamp()
        if kept is None or kept[0] != stamp:
            with self._lock:
                kept = self._kept
                if kept is None or kept[0] != stamp:
                    # The stamp is older than the value, so that a change in between is noticed the next time.
                    kept = self._kept = (stamp, self._make())
        self._looked_at = time.monotonic()
        return kept[1]

    def forget(self) -> None:
        self._kept = None

    @staticmethod
    def _patience() -> float:
        config: Config = current_app.config["GUILDHALL"]
        return 0.0 if config.testing else SECONDS
