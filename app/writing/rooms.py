"""What rooms and kinds show on the pages of writing, without those pages knowing them (as `training.rooms` does).

`own` blocks are for those who write a text, `review` blocks for whoever may decide on it, `ways` are links for either.
`offers` are what can be begun here: the kinds bring them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app

from app.accounts.models import User
from app.writing.models import Manuscript
from app.writing.policy import can_write, is_reviewer


@dataclass(frozen=True)
class Way:
    """A link on the page of a manuscript: what it is called, where it leads, and its icon."""

    label: Any
    url: str
    icon: str


@dataclass(frozen=True)
class Offer:
    """Something that a member can begin to write: what the button says, what comes of it, and the endpoint of its form."""

    label: Any
    text: Any
    endpoint: str
    icon: str


# What the page shows to one person: HTML, empty for nothing.
Block = Callable[[Manuscript, User], str]
# Where that person can go from there.
Ways = Callable[[Manuscript, User], Sequence[Way]]
# What stands above the list of what the person writes: HTML, empty for nothing.
Mine = Callable[[User], str]


def register(
    app: Flask, own: Sequence[Block], review: Sequence[Block], ways: Sequence[Ways], mine: Sequence[Mine] = ()
) -> None:
    app.extensions["writing-own"], app.extensions["writing-review"] = tuple(own), tuple(review)
    app.extensions["writing-ways"], app.extensions["writing-mine"] = tuple(ways), tuple(mine)


def register_more(app: Flask, blocks: Sequence[Block]) -> None:
    """What a kind has to say of its own texts, to those who write one and to whoever may decide on it."""
    for place in ("writing-own", "writing-review"):
        app.extensions[place] = (*app.extensions[place], *blocks)


def register_offers(app: Flask, offers: Sequence[Offer]) -> None:
    app.extensions["writing-offers"] = tuple(offers)


def own_blocks(manuscript: Manuscript, person: User) -> list[Block]:
    """What rooms have to say to somebody who writes it; nothing for anybody else."""
    return list(current_app.extensions["writing-own"]) if can_write(person, manuscript) else []


def review_blocks(manuscript: Manuscript, person: User) -> list[Block]:
    """What rooms have to say to somebody who may decide on it; nothing for anybody else."""
    return list(current_app.extensions["writing-review"]) if is_reviewer(person, manuscript) else []


def ways_from(manuscript: Manuscript, person: User) -> list[Way]:
    """Where the rooms lead this person, in the order of `brings`."""
    return [way for ways in current_app.extensions["writing-ways"] for way in ways(manuscript, person)]


def mine_blocks(person: User) -> list[str]:
    """What rooms have to say above the list of what the person writes."""
    blocks = (block(person) for block in current_app.extensions["writing-mine"])
    return [block for block in blocks if block]


def offers() -> Sequence[Offer]:
    """What can be begun, in the order of the factory."""
    found: Sequence[Offer] = current_app.extensions["writing-offers"]
    return found
