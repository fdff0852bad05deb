"""What kinds of session there are, which steps lead where, which times and which wall times exist. No database, no Flask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from itertools import pairwise

from flask_babel import lazy_gettext as _l

from app.kernel.clock import zone
from app.kernel.errors import InvalidInputError
from app.kernel.state import Transitions

MAX_CAPACITY = 1000
MAX_REASON = 500
MAX_OFFER_HOURS = 14 * 24
MAX_MEETINGS = 40
# What is further away is a slip of the keyboard, and at the edges of the calendar a moment has no other zone.
YEARS = range(2000, 2100)


class Kind(StrEnum):
    """What sort of event it is."""

    WORKSHOP = "workshop"
    SHARING = "sharing"
    EXHIBITION = "exhibition"
    COACH_TRAINING = "coach_training"


KIND_NAMES = {
    Kind.WORKSHOP: _l("Workshop"),
    Kind.SHARING: _l("Sharing session"),
    Kind.EXHIBITION: _l("Exhibition"),
    Kind.COACH_TRAINING: _l("Coach training"),
}


class State(StrEnum):
    """Of a session. A draft is seen by those who prepare it; a cancelled one by everybody, with the reason."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Step(StrEnum):
    PUBLISH = "publish"
    CANCEL = "cancel"


SESSION_STEPS = Transitions(
    {
        (State.DRAFT, Step.PUBLISH): State.PUBLISHED,
        (State.PUBLISHED, Step.CANCEL): State.CANCELLED,
    }
)


class Waiting(StrEnum):
    """How a seat that becomes free gets to whoever waits: it is theirs at once, or it is offered to them for some hours."""

    PROMOTION = "promotion"
    OFFER = "offer"


WAITING_NAMES = {
    Waiting.PROMOTION: _l("The next one gets the seat at once"),
    Waiting.OFFER: _l("The next one is asked, and has time to answer"),
}


def check_times(
    *, starts_at: datetime, ends_at: datetime, signup_opens_at: datetime | None, signup_closes_at: datetime | None
) -> None:
    """Refuse times that contradict each other. Raises InvalidInputError for the field to blame."""
    if ends_at <= starts_at:
        raise InvalidInputError(_l("The end has to be after the start."), field="ends_at")
    if signup_closes_at is not None and signup_closes_at > starts_at:
        raise InvalidInputError(_l("Sign-up has to close before the session starts."), field="signup_closes_at")
    if signup_opens_at is not None and signup_opens_at >= (signup_closes_at or starts_at):
        raise InvalidInputError(_l("Sign-up has to open before it closes."), field="signup_opens_at")


def check_meetings(times: Sequence[tuple[datetime, datetime]]) -> None:
    """Refuse meetings that end before they begin, run into each other, or are too many. Raises InvalidInputError."""
    if len(times) > MAX_MEETINGS:
        raise InvalidInputError(
            _l("A session has at most %(most)s meetings. Announce the others as a second one.", most=MAX_MEETINGS),
            field="meetings",
        )
    if any(ends_at <= starts_at for starts_at, ends_at in times):
        raise InvalidInputError(_l("Every meeting has to end after it starts."), field="meetings")
    if any(after[0] < before[1] for before, after in pairwise(times)):
        raise InvalidInputError(_l("A meeting has to start after the one before has ended."), field="meetings")


def check_future(starts_at: datetime, now: datetime) -> None:
    """Refuse to announce what has begun already. Raises InvalidInputError."""
    if starts_at <= now:
        raise InvalidInputError(_l("The start lies in the past. Choose a later one."), field="starts_at")


@dataclass(frozen=True)
class WallTime:
    """A clock reading in a zone as a moment. `is_twofold`: the clocks show it twice that day; the first one is meant."""

    moment: datetime
    is_twofold: bool


def read_wall_time(reading: datetime, zone_name: str) -> WallTime:
    """The moment at which clocks in the zone show `reading` (naive). Raises InvalidInputError where they never do, and
    outside of the years that calendars reach.

    Where clocks are put back, a reading comes twice and the first is taken (PEP 495, fold 0).
    """
    if reading.year not in YEARS:
        raise InvalidInputError(_l("Choose a year between 2000 and 2099."))
    there = zone(zone_name)
    first, second = reading.replace(tzinfo=there, fold=0), reading.replace(tzinfo=there, fold=1)
    moment = first.astimezone(UTC)
    if moment.astimezone(there).replace(tzinfo=None) != reading:
        raise InvalidInputError(
            _l("Clocks in %(zone)s are put forward and never show this time. Choose one an hour later.", zone=zone_name)
        )
    return WallTime(moment, is_twofold=first.utcoffset() != second.utcoffset())
