"""Reading bookmarks, ticks and collections."""

from __future__ import annotations

from collections.abc import Collection as Some
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User
from app.community.shelves.models import Bookmark, Collection, CollectionEntry, ReadTick
from app.community.shelves.policy import can_see
from app.community.shelves.rules import Sight
from app.community.subjects import Ref
from app.kernel.db import db
from app.kernel.errors import NotFoundError

NO_SUCH_COLLECTION = _l("There is no such collection, or it is not shared with you.")
CARD = (joinedload(Collection.owner), joinedload(Collection.team), selectinload(Collection.entries))


def bookmarks_of(user_id: int) -> Select[Bookmark]:
    """What the person keeps, the latest first."""
    query = select(Bookmark).where(Bookmark.user_id == user_id)
    return query.order_by(Bookmark.at.desc(), Bookmark.kind, Bookmark.slug)


def kept_by(user_id: int, refs: Some[Ref]) -> set[Ref]:
    """Those of the subjects that the person keeps. One query."""
    return _marked(Bookmark, user_id, refs)


def read_by(user_id: int, refs: Some[Ref]) -> set[Ref]:
    """Those of the subjects that the person ticked. One query."""
    return _marked(ReadTick, user_id, refs)


def _marked(row: type[Bookmark | ReadTick], user_id: int, refs: Some[Ref]) -> set[Ref]:
    if not refs:
        return set()
    is_one = or_(*(and_(row.kind == ref.kind, row.slug == ref.slug) for ref in refs))
    rows = db.session.execute(select(row.kind, row.slug).where(row.user_id == user_id, is_one))
    return {Ref(kind, slug) for kind, slug in rows}


def count_bookmarks(user_id: int) -> int:
    return db.session.execute(select(func.count()).where(Bookmark.user_id == user_id)).scalar_one()


def visible_to(user: User | None) -> Select[Collection]:
    """The collections that `user` finds without a link; equal to `policy.can_see` without a key."""
    return select(Collection).where(or_(Collection.sight == Sight.LISTED, *_edited_by(user)))


def _edited_by(user: User | None) -> list[ColumnElement[bool]]:
    return [] if user is None else [Collection.owner_id == user.id, Collection.team_id.in_(user.team_ids)]


def listed() -> Select[Collection]:
    """What is there for everybody, the latest first. Whoever looks sees the same, so that it can be kept for all."""
    query = select(Collection).where(Collection.sight == Sight.LISTED).options(*CARD)
    return query.order_by(Collection.updated_at.desc(), Collection.id.desc())


def list_edited_by(user: User) -> list[Collection]:
    """The person's own collections and those of their teams, the latest first."""
    query = select(Collection).where(or_(*_edited_by(user))).options(*CARD)
    return list(
        db.session.execute(query.order_by(Collection.updated_at.desc(), Collection.id.desc())).unique().scalars()
    )


def get_collection(user: User | None, slug: str, key: str = "") -> Collection:
    """With its entries. Raises NotFoundError for one that the person may not see."""
    query = select(Collection).where(Collection.slug == slug).options(*CARD)
    collection = db.session.execute(query).unique().scalar_one_or_none()
    if collection is None or not can_see(user, collection, key):
        raise NotFoundError(NO_SUCH_COLLECTION)
    return collection


def count_of(user_id: int) -> int:
    return db.session.execute(select(func.count()).where(Collection.owner_id == user_id)).scalar_one()


def progress_of(user_id: int, collection_ids: Some[int]) -> dict[int, int]:
    """{collection id: how many of its entries the person ticked}. One query."""
    is_ticked: Any = and_(
        ReadTick.user_id == user_id, ReadTick.kind == CollectionEntry.kind, ReadTick.slug == CollectionEntry.slug
    )
    rows = db.session.execute(
        select(CollectionEntry.collection_id, func.count())
        .join(ReadTick, is_ticked)
        .where(CollectionEntry.collection_id.in_(collection_ids))
        .group_by(CollectionEntry.collection_id)
    )
    return {collection_id: number for collection_id, number in rows}
