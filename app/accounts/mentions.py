"""Telling people that a text mentions them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.references import new_mentions
from app.notifications.service import notify

# More people than this are not told of one text: whoever lists the whole company does not mean each of them.
MOST_TOLD = 30


def tell_mentioned(
    session: Session,
    *,
    new_text: str,
    old_text: str = "",
    actor: User,
    about: Mapping[str, Any],
    now: datetime,
    message: str = "mention",
    may_read: Callable[[User], bool] | None = None,
) -> list[User]:
    """Tell whoever `new_text` mentions and `old_text` did not, that `actor` did so. `about` says where: for the usual message
    `title` and `path`, for another one what its wording needs. Whoever may not read it hears nothing of it. Returns who was told.
    """
    people = [
        person
        for person in find_by_handles(session, new_mentions(old_text, new_text))
        if person.id != actor.id and (may_read is None or may_read(person))
    ][:MOST_TOLD]
    for person in people:
        notify(session, person, message, {"by": actor.name, **about}, now=now)
    return people


def find_by_handles(session: Session, handles: Iterable[str]) -> list[User]:
    """The people behind these handles whose accounts are open, in the order of the handles."""
    wanted = list(handles)
    if not wanted:
        return []
    query = select(User).where(User.handle.in_(wanted), User.disabled_at.is_(None))
    found = {person.handle: person for person in session.execute(query).unique().scalars()}
    return [found[handle] for handle in wanted if handle in found]
