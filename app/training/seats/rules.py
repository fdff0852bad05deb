"""When a seat can be taken, and which steps lead where. No database, no Flask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from flask_babel import lazy_gettext as _l

from app.kernel.state import Transitions
from app.training.rules import State


class Seat(StrEnum):
    """Of a sign-up. Whoever left, and whoever has not come in yet, is `cancelled`. An offer holds a seat until it is accepted,
    declined or lapses; a request holds none until a coach has said yes.
    """

    CONFIRMED = "confirmed"
    OFFERED = "offered"
    WAITING = "waiting"
    REQUESTED = "requested"
    CANCELLED = "cancelled"


class SeatStep(StrEnum):
    TAKE = "take a seat"
    QUEUE = "join the waiting list"
    REQUEST = "ask for a seat"
    APPROVE = "be approved"
    APPROVE_TO_WAIT = "be approved to wait"
    REFUSE = "be refused"
    PROMOTE = "be promoted"
    OFFER = "be offered a seat"
    ACCEPT = "accept the offer"
    DECLINE = "decline the offer"
    LAPSE = "let the offer lapse"
    LEAVE = "leave"
    ADMIT = "be let in by a coach"
    TAKE_OFF = "be taken off by a coach"


STEP_NAMES = {
    SeatStep.TAKE: _l("took a seat"),
    SeatStep.QUEUE: _l("joined the waiting list"),
    SeatStep.REQUEST: _l("asked for a seat"),
    SeatStep.APPROVE: _l("was approved and got a seat"),
    SeatStep.APPROVE_TO_WAIT: _l("was approved and joined the waiting list"),
    SeatStep.REFUSE: _l("was refused"),
    SeatStep.PROMOTE: _l("got a seat from the waiting list"),
    SeatStep.OFFER: _l("was offered a seat"),
    SeatStep.ACCEPT: _l("accepted the seat"),
    SeatStep.DECLINE: _l("declined the seat"),
    SeatStep.LAPSE: _l("did not answer the offer in time"),
    SeatStep.LEAVE: _l("left"),
    SeatStep.ADMIT: _l("was let in by a coach"),
    SeatStep.TAKE_OFF: _l("was taken off by a coach"),
}

SEAT_STEPS = Transitions(
    {
        (Seat.CANCELLED, SeatStep.TAKE): Seat.CONFIRMED,
        (Seat.CANCELLED, SeatStep.QUEUE): Seat.WAITING,
        (Seat.CANCELLED, SeatStep.REQUEST): Seat.REQUESTED,
        (Seat.CANCELLED, SeatStep.ADMIT): Seat.CONFIRMED,
        (Seat.REQUESTED, SeatStep.APPROVE): Seat.CONFIRMED,
        (Seat.REQUESTED, SeatStep.APPROVE_TO_WAIT): Seat.WAITING,
        (Seat.REQUESTED, SeatStep.REFUSE): Seat.CANCELLED,
        (Seat.REQUESTED, SeatStep.ADMIT): Seat.CONFIRMED,
        (Seat.REQUESTED, SeatStep.LEAVE): Seat.CANCELLED,
        (Seat.WAITING, SeatStep.PROMOTE): Seat.CONFIRMED,
        (Seat.WAITING, SeatStep.OFFER): Seat.OFFERED,
        (Seat.WAITING, SeatStep.ADMIT): Seat.CONFIRMED,
        (Seat.WAITING, SeatStep.LEAVE): Seat.CANCELLED,
        (Seat.WAITING, SeatStep.TAKE_OFF): Seat.CANCELLED,
        (Seat.OFFERED, SeatStep.ACCEPT): Seat.CONFIRMED,
        (Seat.OFFERED, SeatStep.DECLINE): Seat.CANCELLED,
        (Seat.OFFERED, SeatStep.LAPSE): Seat.CANCELLED,
        (Seat.OFFERED, SeatStep.ADMIT): Seat.CONFIRMED,
        (Seat.OFFERED, SeatStep.LEAVE): Seat.CANCELLED,
        (Seat.OFFERED, SeatStep.TAKE_OFF): Seat.CANCELLED,
        (Seat.CONFIRMED, SeatStep.LEAVE): Seat.CANCELLED,
        (Seat.CONFIRMED, SeatStep.TAKE_OFF): Seat.CANCELLED,
    }
)


@dataclass(frozen=True)
class Seats:
    """How full a session is. `held` are seats kept for a team and not yet taken by it. More can be confirmed than there are
    places: a lowered capacity throws nobody out, and a coach can let somebody in.
    """

    capacity: int
    confirmed: int = 0
    waiting: int = 0
    offered: int = 0
    held: int = 0

    @property
    def left(self) -> int:
        """Seats that nobody has, that are offered to nobody and held for nobody."""
        return max(0, self.capacity - self.confirmed - self.offered - self.held)

    @property
    def free(self) -> int:
        """Seats that can be taken at once; none while somebody waits, for the waiting come first."""
        return 0 if self.waiting else self.left


@dataclass(frozen=True)
class Place:
    """One person's place. `position` counts from 1 along the waiting list; `until` is when an offer lapses; whoever is `behind`
    stands after all who are not, for having missed sessions without a word.
    """

    seat: Seat
    position: int | None = None
    until: datetime | None = None
    behind: bool = False


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
    @property
    def head_start_at(self) -> datetime | None: ...


class Offered(Announced, Protocol):
    """What a sign-up needs to know of a session: that, how large it is, how its seats are given out, and what the
    confirmation says.
    """

    @property
    def id(self) -> int: ...
    @property
    def slug(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def capacity(self) -> int: ...
    @property
    def needs_approval(self) -> bool: ...
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
    OFFERED = "offered"
    QUEUED = "queued"
    REQUESTED = "requested"
    NOT_YET = "not yet"
    CLOSED = "closed"
    FREE = "free"
    FULL = "full"


STANDING_OF = {
    Seat.CONFIRMED: Standing.SEATED,
    Seat.OFFERED: Standing.OFFERED,
    Seat.WAITING: Standing.QUEUED,
    Seat.REQUESTED: Standing.REQUESTED,
}

REFUSALS = {
    Standing.DRAFT: _l("This session is not published yet. Sign-up opens when it is."),
    Standing.CANCELLED: _l("This session is cancelled, so there is nothing to sign up for. Look for another one."),
    Standing.OVER: _l("This session is over. Look for the next one."),
    Standing.BEGUN: _l("This session has begun. Look for the next one."),
    Standing.LEADS: _l("You are a coach of this session and need no seat."),
    Standing.NOT_YET: _l("Sign-up has not opened yet. The page of the session says when it does."),
    Standing.CLOSED: _l("Sign-up is closed. Ask a coach of the session whether there is still a way in."),
}


def standing(
    training: Announced,
    seats: Seats,
    place: Place | None,
    *,
    leads: bool,
    now: datetime,
    is_early: bool = False,
    own_held: int = 0,
) -> Standing:
    """How somebody with `place` (None for no place) stands to the session; `leads` for a coach of it. `is_early`: the person
    has a head start at sign-up. `own_held` seats are held for the person's teams.
    """
    over = _without_sign_up(training, now)
    if over is not None:
        return over
    if leads:
        return Standing.LEADS
    if place is not None:
        return STANDING_OF[place.seat]
    opens_at = training.head_start_at if is_early else training.signup_opens_at
    if opens_at is not None and now < opens_at:
        return Standing.NOT_YET
    if training.signup_closes_at is not None and now >= training.signup_closes_at:
        return Standing.CLOSED
    return Standing.FREE if seats.free or own_held else Standing.FULL


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
