"""Handles: what people are mentioned by, `@lin-yue`. Made of the name when an account is made, in whatever way that happens."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session, UOWTransaction

from app.accounts.models import User
from app.kernel.db import db, take_turns
from app.kernel.slugs import slugify
from app.search.sounds import syllables

MAX_LENGTH = 40
# What a name is called of which nothing can be written in ASCII.
NAMELESS = "member"


def handle_for(name: str) -> str:
    """The handle that `name` suggests: `lin-yue` for Lin Yue and for 林岳. At least two characters, room for a number."""
    handle = slugify("-".join(syllables(name)))[: MAX_LENGTH - 8].strip("-")
    return handle if len(handle) > 1 else f"{NAMELESS}-{handle}".strip("-")


def init_app() -> None:
    """From here on every account gets one."""
    if not event.contains(db.session, "before_flush", _give_handles):
        event.listen(db.session, "before_flush", _give_handles)


def _give_handles(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    """Give a handle to every new account that has none; the second of a name gets a number."""
    new = [row for row in session.new if isinstance(row, User) and not row.handle]
    if not new:
        return
    take_turns(session, "handles")
    for user in new:
        user.handle = _free(session, handle_for(user.name))


def _free(session: Session, handle: str) -> str:
    with session.no_autoflush:
        query = select(User.handle).where(User.handle.startswith(handle, autoescape=True))
        taken = {*session.execute(query).scalars(), *(row.handle for row in session.new if isinstance(row, User))}
    number = 1
    while (numbered := handle if number == 1 else f"{handle}-{number}") in taken:
        number += 1
    return numbered
