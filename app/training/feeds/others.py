"""What else stands in a person's own calendar. Features above training hand it over; the factory brings them together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Flask, current_app

from app.accounts.models import User
from app.jobs.calendars import Entry

# The entries of a person between two moments.
Others = Callable[[User, datetime, datetime], Sequence[Entry]]


def register(app: Flask, others: Sequence[Others]) -> None:
    app.extensions.setdefault("other calendar entries", []).extend(others)


def other_entries(person: User, start: datetime, end: datetime) -> list[Entry]:
    found: Sequence[Others] = current_app.extensions.get("other calendar entries", ())
    return [entry for entries_of in found for entry in entries_of(person, start, end)]
