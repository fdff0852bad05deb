"""Telling people that a text mentions them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

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
    old_text: str,
    new_text: str,
    actor: User,
    title: str,
    path: str,
    now: datetime,
    may_read: Callable[[User], bool] | None = None,
) -> list[User]:
    """Tell whoever `new_text` mentions and `old_text` did not, that `actor` did so in what is called `title` and is at `path`.
    Whoever may not read it hears nothing of it. Returns who was told.
    """
    people = [
        person
        for person in find_by_handles(session, new_mentions(old_text, new_text))
        if person.id != actor.id and (may_read is None or may_read(person))
    ][:MOST_TOLD]
    for person in people:
        notify(session, person, "mention", {"by": actor.name, "title": title, "path": path}, now=now)
    return people


def find_by_handles(session: Session, handles: Iterable[str]) -> list[User]:
    """The people behind these handles whose accounts are open, in the order of the handles."""
    wanted = list(handles)
    if not wanted:
        return []
    query = select(User).where(User.handle.in_(wanted), User.disabled_at.is_(None))
    found = {person.handle: person for person in session.execute(query).unique().scalars()}
    return [found[handle] for handle in wanted if handle in found]
