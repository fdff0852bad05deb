"""What people look for and nobody has written yet, noted by editors."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.db import db
from app.kernel.errors import InvalidInputError, NotFoundError
from app.search.asked.wording import query_in
from app.search.desk.models import SearchWish
from app.search.editing.changes import Actor, begin_change, note_change

WHAT = "wish"
OPEN, DONE = "open", "done"
MOST_DONE = 20


def list_wishes() -> list[SearchWish]:
    """The open ones, the oldest first, and then what was done last."""
    waiting = select(SearchWish).where(SearchWish.state == OPEN).order_by(SearchWish.id)
    done = (
        select(SearchWish).where(SearchWish.state == DONE).order_by(SearchWish.changed_at.desc(), SearchWish.id.desc())
    )
    return [
        *db.session.execute(waiting).unique().scalars(),
        *db.session.execute(done.limit(MOST_DONE)).unique().scalars(),
    ]


def add_wish(session: Session, text: str, note: str, *, actor: Actor, now: datetime) -> SearchWish:
    """Raises InvalidInputError where there is no text, or an open wish for the same."""
    normal = query_in(text)
    begin_change(session, WHAT)
    same = select(SearchWish.id).where(SearchWish.text == normal, SearchWish.state == OPEN)
    if session.execute(same).first():
        raise InvalidInputError(_l("“%(text)s” is on the list of wishes already.", text=normal), field="text")
    wish = SearchWish(
        text=normal, note=note, created_at=now, created_by_id=actor.id, changed_at=now, changed_by_id=actor.id
    )
    session.add(wish)
    session.flush()
    note_change(session, WHAT, normal, "added", actor=actor, now=now, detail=note)
    return wish


def settle_wish(session: Session, wish_id: int, *, done: bool, actor: Actor, now: datetime) -> None:
    """Say that it is done, or that it is not after all. Raises NotFoundError."""
    begin_change(session, WHAT)
    wish = session.get(SearchWish, wish_id)
    if wish is None:
        raise NotFoundError(_l("There is no such wish."))
    wish.state, wish.changed_at, wish.changed_by_id = DONE if done else OPEN, now, actor.id
    session.flush()
    note_change(session, WHAT, wish.text, "done" if done else "opened again", actor=actor, now=now)
