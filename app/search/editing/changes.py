"""The log of who changed what. Its latest row tells every process whether anything is new."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.db import db, take_turns
from app.search.editing.models import SearchChange

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
