"""Following, following no more, and noting what followers are to be told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Protocol

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.community.follows.models import Follow, FollowEvent
from app.community.follows.queries import find_event, has_followers
from app.community.follows.rules import FOLLOWED_KINDS, MOST_FOLLOWED, Event
from app.community.subjects import Ref
from app.kernel.db import add_row, take_turns
from app.kernel.errors import ConflictError, InvalidInputError


class Actor(Protocol):
    """Whoever did it."""

    @property
    def id(self) -> int: ...


def follow(session: Session, user_id: int, ref: Ref, *, now: datetime) -> None:
    """The person follows `ref` from now on. Twice is once. Raises InvalidInputError for what cannot be followed, ConflictError for
    more than anybody reads.
    """
    if ref.kind not in FOLLOWED_KINDS:
        raise InvalidInputError(_l("This cannot be followed."))
    take_turns(session, f"follows of {user_id}")
    if session.get(Follow, (user_id, *ref)) is not None:
        return
    count = session.execute(select(func.count()).select_from(Follow).where(Follow.user_id == user_id)).scalar_one()
    if count >= MOST_FOLLOWED:
        raise ConflictError(_l("You follow 500 things already. Follow something else no more first."))
    session.add(Follow(user_id=user_id, kind=ref.kind, slug=ref.slug, since=now))
    session.flush()


def unfollow(session: Session, user_id: int, ref: Ref) -> None:
    session.execute(delete(Follow).where(Follow.user_id == user_id, Follow.kind == ref.kind, Follow.slug == ref.slug))


def tell_followers(
    session: Session,
    refs: Iterable[tuple[str, str]],
    event: Event,
    subject: tuple[str, str],
    *,
    actor: Actor | None,
    now: datetime,
    not_to: Collection[int] = (),
) -> None:
    """Tell whoever follows one of `refs` (the nearest first) of what happened to `subject`, once this transaction is committed.

    It writes one row at most, however many follow; the worker tells them. A follower of several refs hears once, the actor and
    `not_to` never, nor anybody who may not see the subject. An event about the same that still waits is not noted again, so that two
    languages of one article are one. ("person", account id) stands for the profile of a coach.
    """
    found = [Ref(*ref) for ref in dict.fromkeys(refs)]
    about = Ref(*subject)
    if not has_followers(session, found):
        return
    if find_event(session, event, about) is not None:
        return
    add_row(
        session,
        FollowEvent,
        event=event.value,
        kind=about.kind,
        slug=about.slug,
        refs=[list(ref) for ref in found],
        not_to=sorted({*not_to, *([actor.id] if actor else [])}),
        created_at=now,
    )


def leave_out(session: Session, subject: tuple[str, str], user_ids: Collection[int]) -> None:
    """Do not tell these people of what was just noted about `subject`: for whoever publishes through somebody who does not know who
    acts.
    """
    waiting = select(FollowEvent).where(FollowEvent.kind == subject[0], FollowEvent.slug == subject[1])
    for event in session.execute(waiting).scalars():
        event.not_to = sorted({*event.not_to, *user_ids})
    session.flush()
