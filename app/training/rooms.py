"""What the rooms above a session show on its page, without the page knowing them (docs/adr/0012-rooms-of-training.md)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, current_app

from app.accounts.models import User
from app.training.admissions import Admission


@dataclass(frozen=True)
class Way:
    """A link of those who run a session: what it is called, where it leads, and its icon."""

    label: str
    url: str
    icon: str


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


def desk_ways(admission: Admission) -> list[Way]:
    """Where somebody who runs the session can go; nowhere for everybody else."""
    if not admission.may_edit:
        return []
    return [way for ways in current_app.extensions["training-desk"] for way in ways(admission)]
