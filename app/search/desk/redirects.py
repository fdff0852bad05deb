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
from app.search.asked.wording import normalise, query_in
from app.search.desk.models import SearchRedirect
from app.search.editing.changes import Actor, begin_change, latest_change, note_change
from app.search.editing.kept import Kept
from app.search.sources import Found, all_sources, load_found

WHAT = "redirect"
# Kind and key.
Target = tuple[str, str]
Targets = Mapping[str, Target]


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
    return _pinned([target], reader).get(target) if target else None


def list_redirects(reader: Any) -> list[tuple[SearchRedirect, Pinned | None]]:
    """Every redirect with where it leads, if that is still there and to be seen."""
    rows = list(db.session.execute(select(SearchRedirect).order_by(SearchRedirect.text)).unique().scalars())
    pinned = _pinned([(row.kind, row.key) for row in rows], reader)
    return [(row, pinned.get((row.kind, row.key))) for row in rows]


def _pinned(targets: Collection[Target], reader: Any) -> dict[Target, Pinned]:
    """Those of `targets` that the reader may see."""
    sources = all_sources()
    return {
        (kind, key): Pinned(kind, sources[kind].name, found)
        for (kind, key), found in load_found(targets, reader).items()
    }


def add_redirect(session: Session, text: str, kind: str, key: str, *, actor: Any, now: datetime) -> SearchRedirect:
    """From now on `text` leads to that document. One that it led to before is replaced. Raises InvalidInputError."""
    normal = query_in(text)
    target = _pinned([(kind, key)], actor).get((kind, key))
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
