"""Keeping what is typed, and noting who is there. The caller opens the transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from app.kernel.db import take_turns
from app.writing.desk.models import Begun, Presence, Unsaved
from app.writing.desk.rules import HERE_FOR, KEPT_FOR, MOST_BEGUN


@dataclass(frozen=True)
class Sheet:
    """What a form is for: a text that is there, or with a key of its own one that is not there yet."""

    kind: str
    address: str
    manuscript_id: int | None = None
    key: str | None = None


def keep_unsaved(
    session: Session,
    sheet: Sheet,
    typed: Mapping[str, Sequence[str]],
    *,
    user_id: int,
    title: str,
    base: int,
    now: datetime,
) -> Unsaved:
    """Keep what the person has typed so far in place of what was kept before."""
    take_turns(session, f"unsaved {user_id}")
    unsaved = session.execute(select(Unsaved).where(*_conditions(sheet, user_id))).scalar_one_or_none()
    if unsaved is None:
        if sheet.manuscript_id is None:
            _make_room(session, user_id)
        unsaved = Unsaved(user_id=user_id, manuscript_id=sheet.manuscript_id, key=sheet.key)
        session.add(unsaved)
    unsaved.kind, unsaved.address, unsaved.title = sheet.kind, sheet.address, title
    unsaved.typed = {name: list(values) for name, values in typed.items()}
    unsaved.base, unsaved.saved_at = base, now
    session.flush()
    return unsaved


def throw_away(session: Session, sheet: Sheet, *, user_id: int) -> None:
    """It is saved in earnest by now, or not wanted."""
    session.execute(delete(Unsaved).where(*_conditions(sheet, user_id)))


def throw_away_one(session: Session, unsaved_id: int, *, user_id: int) -> None:
    session.execute(delete(Unsaved).where(Unsaved.id == unsaved_id, Unsaved.user_id == user_id))


def _conditions(sheet: Sheet, user_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    mine = Unsaved.manuscript_id == sheet.manuscript_id if sheet.manuscript_id else Unsaved.key == sheet.key
    return Unsaved.user_id == user_id, mine


def _make_room(session: Session, user_id: int) -> None:
    begun = (
        select(Unsaved.id)
        .where(Unsaved.user_id == user_id, Unsaved.manuscript_id.is_(None))
        .order_by(Unsaved.saved_at.desc())
    )
    surplus = session.execute(begun.offset(MOST_BEGUN - 1)).scalars().all()
    if surplus:
        session.execute(delete(Unsaved).where(Unsaved.id.in_(surplus)))


def note_presence(session: Session, manuscript_id: int, *, user_id: int, now: datetime) -> None:
    """The person has the text open. Whoever comes back after a while has come anew."""
    take_turns(session, f"presence {manuscript_id}")
    presence = session.get(Presence, (manuscript_id, user_id))
    if presence is None:
        presence = Presence(manuscript_id=manuscript_id, user_id=user_id, since=now)
        session.add(presence)
    elif presence.seen_at < now - HERE_FOR:
        presence.since = now
    presence.seen_at = now
    session.flush()


def note_absence(session: Session, manuscript_id: int, *, user_id: int) -> None:
    """The person has closed the page."""
    session.execute(delete(Presence).where(Presence.manuscript_id == manuscript_id, Presence.user_id == user_id))


def note_begun(session: Session, key: str, manuscript_id: int, *, user_id: int, now: datetime) -> None:
    session.add(Begun(user_id=user_id, key=key, manuscript_id=manuscript_id, at=now))


def forget_old(session: Session, *, now: datetime) -> None:
    """What nobody came back for, who has long gone, and which form began what: of no use any more."""
    session.execute(delete(Unsaved).where(Unsaved.saved_at < now - KEPT_FOR))
    session.execute(delete(Presence).where(Presence.seen_at < now - HERE_FOR))
    session.execute(delete(Begun).where(Begun.at < now - KEPT_FOR))
