"""Feeds as iCalendar objects. The same sessions give the same bytes, so that a calendar that asks again gets a 304."""

from __future__ import annotations

from collections.abc import Sequence

from app.accounts.models import User
from app.jobs.calendars import Entry, as_calendar, organizer
from app.training.calendar_entries.mail import page_of
from app.training.calendar_entries.writing import entries_of
from app.training.feeds.queries import run_by, seats_of
from app.training.feeds.rules import MOST_MEETINGS, RENEW
from app.training.models import TrainingSession


def public_feed(trainings: Sequence[TrainingSession], name: str) -> bytes:
    """For whoever may read: without the links to join."""
    return _feed([entry for training in trainings for entry in _entries(training)], name)


def personal_feed(trainings: Sequence[TrainingSession], person: User, name: str, others: Sequence[Entry] = ()) -> bytes:
    """For one person: with the link where the person has a seat or runs the session, and there the same as in the mail. `others` is
    what other features have for this calendar.
    """
    seats, running = seats_of(person, trainings), run_by(person, trainings)
    entries = list(others)
    for training in trainings:
        seat = seats.get(training.id)
        joins = seat is not None or training.id in running
        steps = seat.steps if seat is not None else 0
        stamp = max(training.updated_at, seat.changed_at) if seat is not None else training.updated_at
        entries += entries_of(
            training,
            url=page_of(training),
            link=training.link if joins else "",
            sequence=training.sequence + steps,
            stamp=stamp,
        )
    return _feed(entries, name)


def _entries(training: TrainingSession) -> list[Entry]:
    return entries_of(training, url=page_of(training), link="", sequence=training.sequence)


def _feed(entries: Sequence[Entry], name: str) -> bytes:
    latest = sorted(entries, key=lambda entry: entry.starts_at)[-MOST_MEETINGS:]
    return as_calendar(latest, method="PUBLISH", organizer=organizer(), name=name, renew=RENEW)
