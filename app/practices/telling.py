"""What followers hear of practices: a new one on what they follow, another text of one that they follow."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.community.follows.rules import PERSON, Event
from app.community.follows.service import Actor, tell_followers
from app.practices.models import Practice


def tell_of_practice(session: Session, practice: Practice, *, is_new: bool, actor: Actor | None, now: datetime) -> None:
    """Tell followers that a practice is published (`is_new`), or that what it says has changed. A translation of what is there
    already is a change.
    """
    subject = ("practice", practice.slug)
    others = select(Practice.id).where(Practice.slug == practice.slug, Practice.id != practice.id).limit(1)
    if is_new and session.execute(others).first() is None:
        tell_followers(session, _stands_on(practice), Event.PRACTICE, subject, actor=actor, now=now)
    else:
        tell_followers(session, [subject], Event.PRACTICE_CHANGED, subject, actor=actor, now=now)


def _stands_on(practice: Practice) -> Iterator[tuple[str, str]]:
    """What it belongs to, the nearest first."""
    if practice.owner_id is not None:
        yield PERSON, str(practice.owner_id)
    for tag in practice.tags:
        yield "tag", tag
    if practice.capability is not None:
        yield "capability", f"{practice.capability.framework.slug}.{practice.capability.slug}"
