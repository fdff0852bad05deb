"""Reading who follows what."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.rules import Contact
from app.community.follows.models import Follow, FollowEvent
from app.community.follows.rules import PERSON
from app.community.subjects import Ref
from app.kernel.db import db


def followed_by(user_id: int) -> list[Ref]:
    """What the person follows, the latest first."""
    query = (
        select(Follow.kind, Follow.slug)
        .where(Follow.user_id == user_id)
        .order_by(Follow.since.desc(), Follow.kind, Follow.slug)
    )
    return [Ref(kind, slug) for kind, slug in db.session.execute(query)]


def which_are_followed(user_id: int, refs: Collection[Ref]) -> set[Ref]:
    """Those of `refs` that the person follows."""
    query = select(Follow.kind, Follow.slug).where(Follow.user_id == user_id, _is_one_of(refs))
    return {Ref(kind, slug) for kind, slug in db.session.execute(query)}


def most_followed(user_id: int, limit: int) -> list[Ref]:
    """What most others follow and this person does not. What a single person follows is that person's own business."""
    own = select(Follow.kind, Follow.slug).where(Follow.user_id == user_id).subquery()
    query = (
        select(Follow.kind, Follow.slug)
        .outerjoin(own, and_(own.c.kind == Follow.kind, own.c.slug == Follow.slug))
        .where(own.c.kind.is_(None))
        .group_by(Follow.kind, Follow.slug)
        .having(func.count() > 1)
        .order_by(func.count().desc(), Follow.kind, Follow.slug)
        .limit(limit)
    )
    return [Ref(kind, slug) for kind, slug in db.session.execute(query)]


def has_followers(session: Session, refs: Collection[Ref]) -> bool:
    """Does anybody follow one of these? For an account, of which only the worker finds the profile: any coach."""
    is_followed = _is_one_of(ref for ref in refs if ref.kind != PERSON)
    if any(ref.kind == PERSON for ref in refs):
        is_followed = or_(is_followed, Follow.kind == "coach")
    return session.execute(select(Follow.user_id).where(is_followed).limit(1)).first() is not None


def find_event(session: Session, event: str, subject: Ref) -> FollowEvent | None:
    """One about the same that still waits."""
    query = select(FollowEvent).where(
        FollowEvent.kind == subject.kind, FollowEvent.slug == subject.slug, FollowEvent.event == event
    )
    return session.execute(query.order_by(FollowEvent.id).limit(1)).scalar_one_or_none()


def next_event() -> FollowEvent | None:
    return db.session.execute(select(FollowEvent).order_by(FollowEvent.id).limit(1)).scalar_one_or_none()


def next_followers(
    session: Session, refs: Collection[Ref], *, after: int, limit: int
) -> tuple[list[Contact], dict[int, set[Ref]]]:
    """The next people who follow any of `refs` and whose account is open, by id, and what of it each follows."""
    ids = (
        select(Follow.user_id)
        .where(_is_one_of(refs), Follow.user_id > after)
        .group_by(Follow.user_id)
        .order_by(Follow.user_id)
        .limit(limit)
    )
    user_ids = session.execute(ids).scalars().all()
    rows = session.execute(
        select(Follow.user_id, Follow.kind, Follow.slug).where(_is_one_of(refs), Follow.user_id.in_(user_ids))
    )
    follows: dict[int, set[Ref]] = {user_id: set() for user_id in user_ids}
    for user_id, kind, slug in rows:
        follows[user_id].add(Ref(kind, slug))
    people = session.execute(
        select(User.id, User.email, User.language, User.time_zone)
        .where(User.id.in_(user_ids), User.disabled_at.is_(None))
        .order_by(User.id)
    )
    return [Contact(*row) for row in people], follows


def _is_one_of(refs: Iterable[Ref]) -> ColumnElement[bool]:
    slugs: dict[str, set[str]] = {}
    for ref in refs:
        slugs.setdefault(ref.kind, set()).add(ref.slug)
    return or_(False, *(and_(Follow.kind == kind, Follow.slug.in_(of_kind)) for kind, of_kind in slugs.items()))
