"""A letter box: what the worker hands over, taken just before the line to the mail server.

The line itself has its own tests (tests/jobs); here it is what a mail says that matters, and what a calendar makes of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from flask import Flask
from icalendar import Calendar, Event
from sqlalchemy import select

from app.accounts.models import User
from app.jobs.composing import compose
from app.jobs.models import Mail, MailState
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction


@dataclass
class Letterbox:
    app: Flask
    letters: list[tuple[str, EmailMessage]] = field(default_factory=list)

    def collect(self) -> None:
        """Send everything that waits, as the worker does, in its order."""
        db.session.rollback()
        for mail in list(db.session.scalars(select(Mail).where(Mail.state == MailState.QUEUED).order_by(Mail.id))):
            mail_id, kind = mail.id, mail.kind
            letter = compose(db.session.get_one(Mail, mail_id), now=utc_now())
            db.session.rollback()
            with transaction() as session:
                if letter is not None and letter.calendar is not None:
                    letter.calendar.before(session)
                    letter.calendar.after(session)
                session.get_one(Mail, mail_id).state = MailState.SENT if letter else MailState.DROPPED
            if letter is not None:
                self.letters.append((kind, letter.message))

    def to(self, person: User) -> list[tuple[str, EmailMessage]]:
        self.collect()
        return [(kind, message) for kind, message in self.letters if message["To"] == person.email]

    def kinds(self, person: User) -> list[str]:
        return [kind for kind, _message in self.to(person)]

    def calendars(self, person: User) -> list[Calendar]:
        """The calendar parts that the person got, in order."""
        return [calendar for _kind, message in self.to(person) for calendar in calendar_parts(message)]


def calendar_parts(message: EmailMessage) -> Iterator[Calendar]:
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            calendar = Calendar.from_ical(str(part.get_content()))
            assert isinstance(calendar, Calendar)
            yield calendar


@dataclass
class OwnCalendar:
    """A calendar as RFC 5546, 2.1.5 wants it: by UID; the higher SEQUENCE wins, and of equal ones the later DTSTAMP."""

    entries: dict[str, Event] = field(default_factory=dict)
    gone: dict[str, Event] = field(default_factory=dict)

    def take(self, calendars: Sequence[Calendar]) -> OwnCalendar:
        for calendar in calendars:
            for event in calendar.events:
                known = self.entries.get(event.uid) or self.gone.get(event.uid)
                if known is not None and (known.sequence, known.DTSTAMP) > (event.sequence, event.DTSTAMP):
                    continue
                self.entries.pop(event.uid, None)
                self.gone.pop(event.uid, None)
                (self.gone if calendar["METHOD"] == "CANCEL" else self.entries)[event.uid] = event
        return self

    @property
    def times(self) -> list[tuple[Any, Any]]:
        return sorted((event.start, event.end) for event in self.entries.values())
