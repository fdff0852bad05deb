"""A person says how to be told of each topic. What already waits for a digest follows the new choice."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.notifications.models import DigestHour, Notice, NoticeChoice
from app.notifications.queries import all_ways, hour_of
from app.notifications.rules import (
    DEFAULT_HOUR,
    DIGESTS,
    RULES,
    Mailing,
    Topic,
    Way,
    allowed_way,
    default_way,
    next_digest,
)


def choose(
    session: Session, user_id: int, ways: Mapping[Topic, Way], hour: int, *, time_zone: str, now: datetime
) -> None:
    """Keep what the person chose. Topics that are not named, and those that are locked, stay as they are."""
    for topic, way in ways.items():
        if not RULES[topic].is_locked:
            _keep(session, user_id, topic, way)
    session.execute(delete(DigestHour).where(DigestHour.user_id == user_id))
    if hour != DEFAULT_HOUR:
        session.add(DigestHour(user_id=user_id, hour=hour))
    session.flush()
    reschedule(session, user_id, time_zone=time_zone, now=now)


def stop_mail(session: Session, user_id: int, topic: Topic | None, *, time_zone: str, now: datetime) -> None:
    """No more mail about a topic; with None, of everything that comes in digests. What is shown in the application stays."""
    ways = all_ways(session, user_id)
    for each, way in ways.items():
        is_meant = each is topic or (topic is None and way.mailing in DIGESTS)
        if is_meant and Mailing.NEVER in RULES[each].allowed:
            _keep(session, user_id, each, Way(in_app=way.in_app, mailing=Mailing.NEVER))
    session.flush()
    reschedule(session, user_id, time_zone=time_zone, now=now)


def reschedule(session: Session, user_id: int, *, time_zone: str, now: datetime) -> None:
    """Bring what waits for a digest to the times that hold now: another choice, another hour, another time zone."""
    waiting = (Notice.user_id == user_id, Notice.digest_due_at.is_not(None))
    topics = session.execute(select(Notice.topic).where(*waiting).distinct()).scalars().all()
    if not topics:
        return
    ways, hour = all_ways(session, user_id), hour_of(session, user_id)
    for topic in topics:
        mailing = ways[Topic(topic)].mailing
        if mailing is not Mailing.AT_ONCE:
            due = next_digest(now, time_zone, hour, mailing) if mailing in DIGESTS else None
            session.execute(update(Notice).where(*waiting, Notice.topic == topic).values(digest_due_at=due))


def read_choices(in_app: Collection[str], mailings: Mapping[str, str]) -> dict[Topic, Way]:
    """What was sent from the page, as far as it can be chosen."""
    return {
        topic: allowed_way(topic, in_app=topic in in_app, mailing=mailings.get(topic, ""))
        for topic in Topic
        if not RULES[topic].is_locked
    }


def _keep(session: Session, user_id: int, topic: Topic, way: Way) -> None:
    """A row only for what is not the default, so that a default which becomes another one reaches those who never chose."""
    session.execute(delete(NoticeChoice).where(NoticeChoice.user_id == user_id, NoticeChoice.topic == topic))
    if way != default_way(topic):
        session.add(NoticeChoice(user_id=user_id, topic=topic.value, in_app=way.in_app, mailing=way.mailing.value))
