"""How a lower feature shows what a higher one knows, without importing it.

A practice's page shows its case studies and next sessions; the practices feature knows neither. It owns a place
("practice"), the factory registers providers for it, and a provider answers with a `Section`: a heading, and the card
template of the feature the items belong to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app


@dataclass(frozen=True)
class Section:
    """A titled group of cards. `card` is a template that shows `item`; `more_url` leads to all where there are more."""

    title: str
    card: str
    items: Sequence[Any]
    total: int
    more_url: str | None = None


# A provider gets the thing whose page it is and the reader (None for visitors); None means: nothing to show.
Provider = Callable[[Any, Any], Section | None]
# How many things there are on each id of a place: {id: number}, and how such a number is said ("3 practices").
Counted = tuple[Callable[[int], str], Mapping[int, int]]
Counter = Callable[[], Counted]


def init_app(app: Flask) -> None:
    app.extensions["sections"] = {}
    app.extensions["counters"] = {}


def register(app: Flask, place: str, providers: Sequence[Provider], counters: Sequence[Counter] = ()) -> None:
    app.extensions["sections"].setdefault(place, []).extend(providers)
    app.extensions["counters"].setdefault(place, []).extend(counters)


def sections_for(place: str, thing: Any, reader: Any) -> list[Section]:
    """What the providers of `place` have to say about `thing`, in the order they were registered."""
    found = (provider(thing, reader) for provider in current_app.extensions["sections"].get(place, ()))
    return [section for section in found if section is not None]


def counts_for(place: str) -> list[Counted]:
    """For each kind of thing that hangs on a place: how a number of them is said, and how many there are by id."""
    return [counter() for counter in current_app.extensions["counters"].get(place, ())]
