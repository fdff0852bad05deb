"""What the rooms above a session show on its page, without the page knowing them (docs/adr/0012-rooms-of-training.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask import Flask, current_app

from app.accounts.models import User
from app.training.admissions import Admission
from app.training.seats.rules import Standing

# So long before it starts, what is needed on the day comes first: a roster is printed in the morning.
MORNING = timedelta(hours=12)


class Moment(StrEnum):
    """When something is needed by those who run a session."""

    BEFORE = "before"
    DAY = "day"
    AFTER = "after"


@dataclass(frozen=True)
class Way:
    """A link of those who run a session: what it is called, where it leads, its icon, and when it is needed."""

    label: str
    url: str
    icon: str
    moment: Moment


# What the page shows to one person with a tie to the session: HTML, empty for nothing.
Own = Callable[[Admission, User], str]
# Where those who run the session can go.
Desk = Callable[[Admission], Sequence[Way]]


def register(app: Flask, own: Sequence[Own], desk: Sequence[Desk]) -> None:
    app.extensions["training-own"], app.extensions["training-desk"] = tuple(own), tuple(desk)


def own_blocks(admission: Admission, person: User) -> list[str]:
    """What the rooms have to say to `person`, in the order of the factory."""
    blocks = (block(admission, person) for block in current_app.extensions["training-own"])
    return [block for block in blocks if block]


def moment_of(admission: Admission, now: datetime) -> Moment:
    """What those who run the session are at now."""
    if admission.standing is Standing.OVER:
        return Moment.AFTER
    is_near = admission.standing not in {Standing.DRAFT, Standing.CANCELLED} and now >= admission.starts_at - MORNING
    return Moment.DAY if is_near else Moment.BEFORE


def desk_ways(admission: Admission, now: datetime) -> Mapping[Moment, Sequence[Way]]:
    """Where somebody who runs the session can go, what is needed now first; nowhere for everybody else."""
    if not admission.may_edit:
        return {}
    found = [way for ways in current_app.extensions["training-desk"] for way in ways(admission)]
    current = moment_of(admission, now)
    order = sorted(Moment, key=lambda moment: moment is not current)
    return {moment: [way for way in found if way.moment is moment] for moment in order}
