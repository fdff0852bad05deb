"""When a seat can be taken, which steps lead where, which wall times exist. No database, no Flask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from flask_babel import lazy_gettext as _l

from app.kernel.clock import zone
from app.kernel.errors import InvalidInputError
from app.kernel.state import Transitions

MAX_CAPACITY = 1000
MAX_REASON = 500
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


class Seat(StrEnum):
    """Of a sign-up. Whoever left, and whoever has not come in yet, is `cancelled`."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"


class SeatStep(StrEnum):
    TAKE = "take a seat"
    QUEUE = "join the waiting list"
    PROMOTE = "be promoted"
    LEAVE = "leave"


STEP_NAMES = {
    SeatStep.TAKE: _l("took a seat"),
    SeatStep.QUEUE: _l("joined the waiting list"),
    SeatStep.PROMOTE: _l("got a seat from the waiting list"),
    SeatStep.LEAVE: _l("left"),
}

SEAT_STEPS = Transitions(
    {
        (Seat.CANCELLED, SeatStep.TAKE): Seat.CONFIRMED,
        (Seat.CANCELLED, SeatStep.QUEUE): Seat.WAITING,
        (Seat.WAITING, SeatStep.PROMOTE): Seat.CONFIRMED,
        (Seat.CONFIRMED, SeatStep.LEAVE): Seat.CANCELLED,
        (Seat.WAITING, SeatStep.LEAVE): Seat.CANCELLED,
    }
)


@dataclass(frozen=True)
class Seats:
    """How full a session is. More can be confirmed than there are places: a lowered capacity throws nobody out."""

    capacity: int
    confirmed: int = 0
    waiting: int = 0

    @property
    def free(self) -> int:
        """Seats that can be taken at once; none while somebody waits, for the waiting come first."""
        return 0 if self.waiting else max(0, self.capacity - self.confirmed)


@dataclass(frozen=True)
class Place:
    """One person's place. `position` counts from 1 along the waiting list; None with a seat."""

    seat: Seat
    position: int | None = None


class Announced(Protocol):
    """What has to be known of a session to say who can sign up now."""

    @property
    def state(self) -> str: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def signup_opens_at(self) -> datetime | None: ...
    @property
    def signup_closes_at(self) -> datetime | None: ...


class Offered(Announced, Protocol):
    """What a sign-up needs to know of a session: that, how large it is, and what the confirmation says."""

    @property
    def id(self) -> int: ...
    @property
    def slug(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def capacity(self) -> int: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def link(self) -> str: ...


class Standing(StrEnum):
    """How a person stands to a session at one moment. The page's one button and the service's answer come from it."""

    DRAFT = "draft"
    CANCELLED = "cancelled"
    OVER = "over"
    BEGUN = "begun"
    LEADS = "leads"
    SEATED = "seated"
    QUEUED = "queued"
    NOT_YET = "not yet"
    CLOSED = "closed"
    FREE = "free"
    FULL = "full"


REFUSALS = {
    Standing.DRAFT: _l("This session is not published yet. Sign-up opens when it is."),
    Standing.CANCELLED: _l("This session is cancelled, so there is nothing to sign up for. Look for another one."),
    Standing.OVER: _l("This session is over. Look for the next one."),
    Standing.BEGUN: _l("This session has begun. Look for the next one."),
    Standing.LEADS: _l("You are a coach of this session and need no seat."),
    Standing.NOT_YET: _l("Sign-up has not opened yet. The page of the session says when it does."),
    Standing.CLOSED: _l("Sign-up is closed. Ask a coach of the session whether there is still a way in."),
}


def standing(training: Announced, seats: Seats, place: Place | None, *, leads: bool, now: datetime) -> Standing:
    """How somebody with `place` (None for no place) stands to the session; `leads` for a coach of it."""
    over = _without_sign_up(training, now)
    if over is not None:
        return over
    if leads:
        return Standing.LEADS
    if place is not None:
        return Standing.SEATED if place.seat is Seat.CONFIRMED else Standing.QUEUED
    if training.signup_opens_at is not None and now < training.signup_opens_at:
        return Standing.NOT_YET
    if training.signup_closes_at is not None and now >= training.signup_closes_at:
        return Standing.CLOSED
    return Standing.FREE if seats.free else Standing.FULL


def _without_sign_up(training: Announced, now: datetime) -> Standing | None:
    if training.state == State.DRAFT:
        return Standing.DRAFT
    if training.state == State.CANCELLED:
        return Standing.CANCELLED
    if now >= training.ends_at:
        return Standing.OVER
    return Standing.BEGUN if now >= training.starts_at else None


def can_still_leave(training: Announced, now: datetime) -> bool:
    """May a place be given back? Until the session begins, so that the next one can still come."""
    return training.state == State.PUBLISHED and now < training.starts_at


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
