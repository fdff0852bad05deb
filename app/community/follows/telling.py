"""The worker's part: what happened becomes notices of followers, in batches, so that a thousand of them make no publication slow.

How far an event has come stands in its own row and moves on in the transaction that tells a batch: a worker that is killed has
told a batch whole or not at all, and two workers take turns.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.rules import Contact
from app.community.follows.models import FollowEvent
from app.community.follows.queries import next_event, next_followers
from app.community.follows.rules import PERSON, Event, kind_of
from app.community.subjects import Ref, Subject, find_many, find_subject
from app.jobs.messages import reading_as
from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import db, take_turns, transaction
from app.kernel.types import LANGUAGES
from app.notifications.service import notify_all

# People in one transaction, and transactions in one round.
BATCH = 200
ROUNDS = 50
# The profiles of these accounts, as references.
FindProfiles = Callable[[Collection[int]], Mapping[int, Ref]]


@dataclass(frozen=True)
class News:
    """An event with its names in every language. `is_open`: visitors may see what it is about, so every member may."""

    event: Event
    subject: Ref
    refs: list[Ref]
    names: Mapping[str, Mapping[Ref, Subject]]
    is_open: bool

    def params(self, ref: Ref) -> dict[str, Any]:
        """What the message needs that goes to a follower of `ref`."""
        return {
            "ref": list(self.subject),
            "titles": self._titles(self.subject),
            "url": self._url(self.subject),
            "followed": self._titles(ref),
            "followed_url": self._url(ref),
        }

    def _titles(self, ref: Ref) -> dict[str, str]:
        return {language: found[ref].title for language, found in self.names.items() if ref in found}

    def _url(self, ref: Ref) -> str:
        return next((found[ref].url for found in self.names.values() if ref in found), "")


def init_app(app: Flask, find_profiles: FindProfiles) -> None:
    app.extensions["profiles to follow"] = find_profiles


def tell_waiting() -> int:
    """Tell followers of what has happened. Returns how many notices that were."""
    told = 0
    for _round in range(ROUNDS):
        event = next_event()
        if event is None:
            db.session.rollback()
            break
        event_id, news = event.id, _look_up(event)
        db.session.rollback()
        with transaction() as session:
            take_turns(session, "follow events")
            told += tell_batch(session, event_id, news, now=utc_now())
    return told


def tell_batch(session: Session, event_id: int, news: News, *, now: datetime) -> int:
    """Tell the next people of one event, and take it away when there are no more. Returns how many were told."""
    event = session.get(FollowEvent, event_id, populate_existing=True)
    if event is None:
        return 0
    people, follows = next_followers(session, news.refs, after=event.told_up_to, limit=BATCH)
    kept_out = set(event.not_to)
    told = [person for person in people if person.id not in kept_out and _may_see(session, person, news)]
    for number, ref in enumerate(news.refs):
        # Whoever follows several hears of the nearest.
        nearest = [person for person in told if not follows[person.id] & set(news.refs[:number])]
        those = [person for person in nearest if ref in follows[person.id]]
        if those and news.names:
            kind = kind_of(news.event)
            notify_all(session, those, kind, news.params(ref), now=now, bundle=f"{news.event}:{ref}"[:200])
    if len(follows) < BATCH:
        session.delete(event)
    else:
        event.told_up_to = max(follows)
    session.flush()
    return len(told)


def _look_up(event: FollowEvent) -> News:
    """Names and addresses, as they are now. Of what is gone by now there are none, and nobody is told."""
    refs = _with_profiles([Ref(*ref) for ref in event.refs])
    subject, zone = Ref(event.kind, event.slug), "UTC"
    names: dict[str, dict[Ref, Subject]] = {}
    is_open = False
    for language in LANGUAGES:
        with reading_as(language, zone):
            found = find_many([subject, *refs], None, language)
        names[language] = found
        is_open = is_open or subject in found
    return News(Event(event.event), subject, refs, names, is_open)


def _with_profiles(refs: list[Ref]) -> list[Ref]:
    people = {int(ref.slug) for ref in refs if ref.kind == PERSON}
    find: FindProfiles = current_app.extensions["profiles to follow"]
    profiles = find(people) if people else {}
    found = (profiles.get(int(ref.slug)) if ref.kind == PERSON else ref for ref in refs)
    return list(dict.fromkeys(ref for ref in found if ref is not None))


def _may_see(session: Session, person: Contact, news: News) -> bool:
    if news.is_open:
        return True
    reader = session.get(User, person.id)
    with reading_as(person.language, person.time_zone):
        return find_subject(news.subject, reader, person.language) is not None


JOBS = (Job("tell followers", 2, tell_waiting),)
