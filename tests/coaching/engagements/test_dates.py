"""The dates of an engagement in the calendar of whoever reads it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import Flask
from icalendar import Calendar, Event

from app.accounts.models import User
from app.coaching.engagements import working
from app.coaching.models import AgreedAction, Engagement
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.training.feeds.service import renew_feed
from tests.coaching.people import House
from tests.factories.coaching import make_engagement

SECRET = "Xylophone merger"


def feed_of(app: Flask, person: User) -> dict[str, Event]:
    """{title: entry} of the person's own calendar."""
    person_id = person.id
    with transaction() as session:
        token = renew_feed(session, person_id, now=utc_now())
    text = app.test_client().get(f"/calendars/{token}/mine.ics").text
    assert SECRET not in text
    return {str(event["SUMMARY"]): event for event in Calendar.from_ical(text).events}


def titles(app: Flask, *people: User) -> list[list[str]]:
    return [sorted(feed_of(app, person)) for person in people]


def test_the_feed_has_what_is_due_and_the_day_of_looking_back_for_those_who_read_it(app: Flask, house: House) -> None:
    engagement_id = make_engagement(house.team, house.amara).id
    mei_id = house.mei.id
    with transaction() as session:
        session.get_one(Engagement, engagement_id).ends_on = date(2027, 1, 29)
        mei = session.get_one(User, mei_id)
        action_id = working.agree(
            session,
            engagement_id,
            text=SECRET,
            owner_id=mei_id,
            due_on=date(2026, 11, 20),
            actor=mei,
            now=utc_now(),
        ).id
    due, back = "Due: coaching of Payments", "Looking back: coaching of Payments"
    assert titles(app, house.mei, house.amara, house.olu, *house.others) == [
        [due, back],
        [back],
        [back],
        *[[] for _other in house.others],
    ]
    first = feed_of(app, house.mei)[due]
    assert (first["UID"], first.DTSTART) == (
        f"engagement-{engagement_id}.action-{action_id}@guildhall.invalid",
        datetime(2026, 11, 20, 1, tzinfo=UTC),
    )
    with transaction() as session:
        mei = session.get_one(User, mei_id)
        revision = session.get_one(AgreedAction, action_id).revision
        working.change_action(
            session,
            engagement_id,
            action_id,
            text=SECRET,
            owner_id=mei_id,
            due_on=date(2026, 11, 23),
            revision=revision,
            actor=mei,
            now=utc_now(),
        )
    moved = feed_of(app, house.mei)[due]
    assert (moved["UID"], moved.DTSTART.day, moved.sequence) == (first["UID"], 23, first.sequence + 1)
    with transaction() as session:
        working.mark_action(
            session, engagement_id, action_id, is_done=True, actor=session.get_one(User, mei_id), now=utc_now()
        )
    assert titles(app, house.mei) == [[back]]
