"""One session as a file for a calendar."""

from __future__ import annotations

from app.accounts.models import User
from app.jobs.calendars import as_calendar, organizer
from app.training.calendar_entries.mail import page_of
from app.training.calendar_entries.queries import find_place, has_seat, sequence_of
from app.training.calendar_entries.writing import entries_of
from app.training.models import TrainingSession


def as_file(training: TrainingSession, person: User | None, *, link: str) -> bytes:
    """The session to save. For somebody with a seat it says the same as the mail did. `link` is empty for whoever may not join."""
    sequence, stamp = training.sequence, training.updated_at
    place = find_place(person.id, training.slug) if person is not None else None
    if place is not None and has_seat(place):
        sequence, stamp = sequence_of(place), max(training.updated_at, place.changed_at)
    entries = entries_of(training, url=page_of(training), link=link, sequence=sequence, stamp=stamp)
    return as_calendar(entries, method="PUBLISH", organizer=organizer())
