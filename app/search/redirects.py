"""Queries that lead straight to an article: it stands first, for whoever may read it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from flask import Flask, current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.db import db
from app.kernel.errors import InvalidInputError, NotFoundError
from app.search.changes import Actor, Kept, begin_change, latest_change, note_change
from app.search.counting import MAX_TEXT, normalise
from app.search.desk_models import SearchRedirect
from app.search.sources import Found, all_sources

WHAT = "redirect"
Targets = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Pinned:
    """What an editor has put first for a query."""

    kind: str
    label: Any
    found: Found


def init_app(app: Flask) -> None:
    app.extensions["search_redirects"] = Kept(_targets, lambda: latest_change(WHAT))


def _targets() -> Targets:
    rows = db.session.execute(select(SearchRedirect.text, SearchRedirect.kind, SearchRedirect.key))
    return MappingProxyType({text: (kind, key) for text, kind, key in rows})


def pinned_for(text: str, reader: Any) -> Pinned | None:
    """What stands first for exactly this query, if `reader` (None for visitors) may see it."""
    kept: Kept[Targets] = current_app.extensions["search_redirects"]
    target = kept.get().get(normalise(text))
    return _pinned(*target, reader) if target else None


def _pinned(kind: str, key: str, reader: Any) -> Pinned | None:
    source = all_sources().get(kind)
    found = source.found([key], reader).get(key) if source else None
    return Pinned(kind, source.name, found) if source and found else None


def list_redirects(reader: Any, texts: Collection[str] | None = None) -> list[tuple[SearchRedirect, Pinned | None]]:
    """Every redirect (or those of `texts`) with where it leads, if that is still there and to be seen."""
    query = select(SearchRedirect).order_by(SearchRedirect.text)
    if texts is not None:
        query = query.where(SearchRedirect.text.in_(texts))
    rows = list(db.session.execute(query).unique().scalars())
    keys: dict[str, list[str]] = {}
    for row in rows:
        keys.setdefault(row.kind, []).append(row.key)
    sources = all_sources()
    found = {kind: sources[kind].found(of_kind, reader) for kind, of_kind in keys.items() if kind in sources}
    return [
        (row, Pinned(row.kind, sources[row.kind].name, shown) if shown else None)
        for row in rows
        for shown in (found.get(row.kind, {}).get(row.key),)
    ]


def add_redirect(session: Session, text: str, kind: str, key: str, *, actor: Any, now: datetime) -> SearchRedirect:
    """From now on `text` leads to that document. One that it led to before is replaced. Raises InvalidInputError."""
    normal = normalise(text)
    if not 1 < len(normal) <= MAX_TEXT or not normal.isprintable():
        raise InvalidInputError(_l("Write the query, 2 to 80 characters."), field="text")
    target = _pinned(kind, key, actor)
    if target is None:
        raise InvalidInputError(_l("Choose the article that it should lead to."), field="target")
    begin_change(session, WHAT)
    row = session.execute(select(SearchRedirect).where(SearchRedirect.text == normal)).scalar_one_or_none()
    row = row or SearchRedirect(text=normal)
    row.kind, row.key, row.created_at, row.created_by_id = kind, key, now, actor.id
    session.add(row)
    session.flush()
    note_change(session, WHAT, normal, "added", actor=actor, now=now, detail=target.found.title)
    return row


def remove_redirect(session: Session, redirect_id: int, *, actor: Actor, now: datetime) -> None:
    """Raises NotFoundError."""
    begin_change(session, WHAT)
    row = session.get(SearchRedirect, redirect_id)
    if row is None:
        raise NotFoundError(_l("This redirect is gone already."))
    text = row.text
    session.delete(row)
    session.flush()
    note_change(session, WHAT, text, "deleted", actor=actor, now=now)
