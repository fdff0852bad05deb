"""What people do with their shelves. Each function is one action; the caller opens the transaction."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.community.shelves.models import Bookmark, Collection, CollectionEntry, ReadTick
from app.community.shelves.policy import can_delete, can_edit
from app.community.shelves.queries import NO_SUCH_COLLECTION, count_bookmarks, count_of
from app.community.shelves.rules import MAX_BOOKMARKS, MAX_COLLECTIONS, MAX_ENTRIES, MAX_NOTE, Sight
from app.community.subjects import Ref, Subject
from app.kernel.db import take_turns
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.kernel.slugs import unique_slug

# Whoever presses twice means one collection.
SAME_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Details:
    """What is said about a collection."""

    title: str
    about: str
    language: str
    sight: Sight
    team_id: int | None


def keep(session: Session, ref: Ref, *, actor: User, now: datetime) -> None:
    """Put it on the shelf. What is there already stays where it is. Raises ConflictError for too many."""
    take_turns(session, f"shelf of {actor.id}")
    if session.get(Bookmark, (actor.id, ref.kind, ref.slug)) is not None:
        return
    if count_bookmarks(actor.id) >= MAX_BOOKMARKS:
        raise ConflictError(
            _l("Your shelf has %(number)s things on it. Take some away, or make collections.", number=MAX_BOOKMARKS)
        )
    session.add(Bookmark(user_id=actor.id, kind=ref.kind, slug=ref.slug, at=now))
    session.flush()


def let_go(session: Session, ref: Ref, *, actor: User) -> None:
    """Take it off the shelf, be it there or gone."""
    session.execute(
        delete(Bookmark).where(Bookmark.user_id == actor.id, Bookmark.kind == ref.kind, Bookmark.slug == ref.slug)
    )


def tick(session: Session, ref: Ref, *, actor: User, now: datetime) -> None:
    """Have read it."""
    take_turns(session, f"shelf of {actor.id}")
    if session.get(ReadTick, (actor.id, ref.kind, ref.slug)) is None:
        session.add(ReadTick(user_id=actor.id, kind=ref.kind, slug=ref.slug, at=now))
        session.flush()


def untick(session: Session, ref: Ref, *, actor: User) -> None:
    session.execute(
        delete(ReadTick).where(ReadTick.user_id == actor.id, ReadTick.kind == ref.kind, ReadTick.slug == ref.slug)
    )


def create(session: Session, details: Details, *, actor: User, now: datetime) -> Collection:
    """Begin a collection. Whoever presses twice gets the one that is there. Raises ConflictError for too many."""
    take_turns(session, f"shelf of {actor.id}")
    _ensure_team(actor, details.team_id)
    same = select(Collection).where(
        Collection.owner_id == actor.id,
        Collection.title == details.title,
        Collection.created_at > now - SAME_WITHIN,
    )
    begun = session.execute(same.order_by(Collection.id).limit(1)).scalar_one_or_none()
    if begun is not None:
        return begun
    if count_of(actor.id) >= MAX_COLLECTIONS:
        raise ConflictError(
            _l("You have %(number)s collections. Delete one before you begin another.", number=MAX_COLLECTIONS)
        )
    collection = Collection(
        slug=unique_slug(details.title, "collection"),
        key=secrets.token_urlsafe(16),
        owner_id=actor.id,
        created_at=now,
        updated_at=now,
        entries=[],
    )
    _describe(collection, details)
    session.add(collection)
    session.flush()
    return collection


def change(session: Session, slug: str, details: Details, *, actor: User, now: datetime) -> Collection:
    """Say something else about it. Its team is for its owner to choose."""
    collection = _lock(session, slug, actor)
    if details.team_id != collection.team_id:
        if collection.owner_id != actor.id:
            raise ForbiddenError(_l("Whoever began a collection says which team edits it."))
        _ensure_team(actor, details.team_id)
    _describe(collection, details)
    _touch(session, collection, now)
    return collection


def remove(session: Session, slug: str, *, actor: User) -> None:
    collection = _lock(session, slug, actor)
    if not can_delete(actor, collection):
        raise ForbiddenError(_l("Whoever began a collection deletes it."))
    session.delete(collection)
    session.flush()


def add(session: Session, slug: str, subject: Subject, *, note: str = "", actor: User, now: datetime) -> Collection:
    """Put something at the end. What is in it already stays where it is. Raises ConflictError for too many."""
    collection = _lock(session, slug, actor)
    if any(entry.ref == subject.ref for entry in collection.entries):
        return collection
    if len(collection.entries) >= MAX_ENTRIES:
        raise ConflictError(_l("A collection has at most %(number)s entries. Begin another one.", number=MAX_ENTRIES))
    last = max((entry.position for entry in collection.entries), default=-1)
    collection.entries.append(
        CollectionEntry(kind=subject.kind, slug=subject.slug, title=subject.title[:200], note=note, position=last + 1)
    )
    _touch(session, collection, now)
    return collection


def take_out(session: Session, slug: str, entry_id: int, *, actor: User, now: datetime) -> None:
    """Take an entry out. One that is out already stays out."""
    collection = _lock(session, slug, actor)
    collection.entries[:] = [entry for entry in collection.entries if entry.id != entry_id]
    _touch(session, collection, now)


def annotate(session: Session, slug: str, entry_id: int, note: str, *, actor: User, now: datetime) -> None:
    """Say why it is there, or who should begin with it."""
    if len(note) > MAX_NOTE:
        raise InvalidInputError(_l("Use at most 300 characters."), field="note")
    collection = _lock(session, slug, actor)
    _entry(collection, entry_id).note = note.strip()
    _touch(session, collection, now)


def move(session: Session, slug: str, entry_id: int, *, up: bool, actor: User, now: datetime) -> None:
    """Change places with the neighbour. The first stays first, the last stays last."""
    collection = _lock(session, slug, actor)
    entries = list(collection.entries)
    index = entries.index(_entry(collection, entry_id))
    other = index - 1 if up else index + 1
    if 0 <= other < len(entries):
        entries[index], entries[other] = entries[other], entries[index]
        for position, entry in enumerate(entries):
            entry.position = position
        _touch(session, collection, now)


def copy(session: Session, original: Collection, *, actor: User, now: datetime) -> Collection:
    """The same for oneself, to change as one likes; nobody else sees it. The caller knows that the actor sees `original`."""
    details = Details(
        title=original.title, about=original.about, language=original.language, sight=Sight.PRIVATE, team_id=None
    )
    entries = [(entry.kind, entry.slug, entry.title, entry.note) for entry in original.entries]
    collection = create(session, details, actor=actor, now=now)
    if not collection.entries:
        collection.entries = [
            CollectionEntry(kind=kind, slug=slug, title=title, note=note, position=position)
            for position, (kind, slug, title, note) in enumerate(entries)
        ]
        session.flush()
    return collection


def _describe(collection: Collection, details: Details) -> None:
    collection.title, collection.about, collection.language = details.title, details.about, details.language
    collection.sight, collection.team_id = details.sight, details.team_id


def _ensure_team(actor: User, team_id: int | None) -> None:
    if team_id is not None and team_id not in actor.team_ids:
        raise ForbiddenError(_l("You can share the editing with a team that you are in."))


def _touch(session: Session, collection: Collection, now: datetime) -> None:
    collection.revision += 1
    collection.updated_at = now
    session.flush()


def _entry(collection: Collection, entry_id: int) -> CollectionEntry:
    entry = next((each for each in collection.entries if each.id == entry_id), None)
    if entry is None:
        raise NotFoundError(_l("This entry is no longer in the collection."))
    return entry


def _lock(session: Session, slug: str, actor: User) -> Collection:
    """The collection as it is, and as it stays until this transaction ends. Raises NotFoundError for one that the actor does
    not see, ForbiddenError for one that they may not change.
    """
    query = select(Collection).where(Collection.slug == slug).with_for_update(of=Collection)
    collection = session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()
    if collection is None or (not can_edit(actor, collection) and collection.sight != Sight.LISTED):
        raise NotFoundError(NO_SUCH_COLLECTION)
    if not can_edit(actor, collection):
        raise ForbiddenError(_l("Only those who edit this collection can do that. You can copy it."))
    return collection
