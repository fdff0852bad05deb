"""The meetings of a session as entries of a calendar: for a mail, for a file to save, for a feed.

The three tell of the same meeting under the same UID. SEQUENCE rises with every change, and for a person with every step of the
person's place as well, so that whoever leaves and comes again gets an entry that is newer than the one that was taken away
(docs/training.md, "Mail and calendars").
"""

from __future__ import annotations

from datetime import datetime

from app.jobs.calendars import Entry
from app.training.models import Meeting, TrainingSession
from app.training.rules import State

STATUS = {State.DRAFT: "TENTATIVE", State.PUBLISHED: "CONFIRMED", State.CANCELLED: "CANCELLED"}


def uid_of(training: TrainingSession, meeting: Meeting) -> str:
    """The same as long as the meeting exists, whatever of it is changed."""
    return f"{training.slug}.{meeting.id}@guildhall.invalid"


def entries_of(
    training: TrainingSession, *, url: str, link: str, sequence: int, stamp: datetime | None = None
) -> list[Entry]:
    """The meetings of a session. `link` is empty for whoever may not join; `stamp` is when this was written, by default when the
    session last changed.
    """
    lines = [training.description_text, training.cancel_reason, link, url]
    text = "\n\n".join(line for line in lines if line)
    return [
        Entry(
            uid=uid_of(training, meeting),
            title=title_of(training, number),
            starts_at=meeting.starts_at,
            ends_at=meeting.ends_at,
            zone=training.time_zone,
            place=training.place or link,
            text=text,
            url=url,
            sequence=sequence,
            stamp=stamp or training.updated_at,
            changed_at=training.updated_at,
            status=STATUS[State(training.state)],
        )
        for number, meeting in enumerate(training.meetings, start=1)
    ]


def title_of(training: TrainingSession, number: int) -> str:
    """What the meeting is called: the session, and which of several it is."""
    count = len(training.meetings)
    return training.title if count == 1 else f"{training.title} ({number}/{count})"
