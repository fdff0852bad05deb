"""What messages say about a session and a place: plain values, worded when somebody reads them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from app.training.seats.models import Enrolment


class Told(Protocol):
    """What is said of a session."""

    @property
    def slug(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def link(self) -> str: ...


def announcement(training: Told) -> dict[str, Any]:
    """What a message says about a session to anybody."""
    return {
        "slug": training.slug,
        "title": training.title,
        "starts": training.starts_at.isoformat(),
        "ends": training.ends_at.isoformat(),
        "zone": training.time_zone,
        "place": training.place,
    }


def invitation(training: Told) -> dict[str, Any]:
    """What a message says to somebody with a seat: how to get in, too."""
    return {**announcement(training), "link": training.link}


def ticket(enrolment: Enrolment) -> dict[str, Any]:
    """Which place a message is about, so that its links lead there. `queue` makes the links of a place that was given back
    worthless.
    """
    return {"enrolment": enrolment.id, "queue": enrolment.queue}
