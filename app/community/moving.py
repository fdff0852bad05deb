"""What is said of a text goes with it to another address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

# Gets (session, kind, old slug, new slug).
Move = Callable[[Session, str, str, str], None]


def goes_along(
    slug: InstrumentedAttribute[Any], kind: InstrumentedAttribute[str] | str, *once: InstrumentedAttribute[Any]
) -> Move:
    """For a table that has the slug in one column and the kind in another, or is about one kind alone. `once` is with what
    the slug may stand once: where something was said of the new address already, that stays and the other goes.
    """
    row = slug.class_

    def move(session: Session, moved: str, old: str, new: str) -> None:
        if isinstance(kind, str) and kind != moved:
            return
        of_kind = () if isinstance(kind, str) else (kind == moved,)
        if once:
            there = aliased(row)
            same = [getattr(there, column.key) == column for column in once]
            if not isinstance(kind, str):
                same.append(getattr(there, kind.key) == moved)
            taken = select(getattr(there, slug.key)).where(getattr(there, slug.key) == new, *same).exists()
            session.execute(delete(row).where(slug == old, *of_kind, taken))
        session.execute(update(row).where(slug == old, *of_kind).values({slug: new}))

    return move
