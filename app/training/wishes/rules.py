"""How a wish stands, how many somebody may have, and when two are nearly the same. No database, no Flask."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from flask_babel import lazy_gettext as _l

from app.search.analysis import base_terms, fold
from app.search.asked.wording import normalise
from app.training.rules import State as SessionState

MAX_TITLE = 120
MAX_WHY = 300
# Of one person. Whoever wishes for everything says nothing.
MAX_OPEN = 20
MAX_HEAD_START = 168
USUAL_HEAD_START = 48


class State(StrEnum):
    """Follows from what happened to the session that was made of the wish; only closing is somebody's word."""

    OPEN = "open"
    PLANNED = "planned"
    FULFILLED = "fulfilled"
    CLOSED = "closed"


STATE_NAMES = {
    State.OPEN: _l("Open"),
    State.PLANNED: _l("Planned"),
    State.FULFILLED: _l("Fulfilled"),
    State.CLOSED: _l("Closed"),
}
# What the board shows of itself.
ALIVE = (State.OPEN, State.PLANNED)


class Planned(Protocol):
    """What has to be known of the session that was made of a wish."""

    @property
    def state(self) -> str: ...
    @property
    def ends_at(self) -> datetime: ...


def state_of(closed_at: datetime | None, training: Planned | None, now: datetime) -> State:
    """A session that was called off or deleted, or never left its draft, leaves the wish open. Equal to
    `queries.state_column`.
    """
    if closed_at is not None:
        return State.CLOSED
    if training is None or training.state == SessionState.CANCELLED:
        return State.OPEN
    if training.ends_at > now:
        return State.PLANNED
    return State.FULFILLED if training.state == SessionState.PUBLISHED else State.OPEN


@lru_cache(maxsize=4096)
def words_of(title: str) -> frozenset[str]:
    """What a title is about: its words without their endings, in either script."""
    return frozenset(base_terms(fold(title)))


def plain_title(title: str) -> str:
    """The title by which the same wish is known again, however it is written."""
    return normalise(title)[:MAX_TITLE]


def is_near(words: Collection[str], others: Collection[str]) -> bool:
    """Do two titles share at least half the words of the shorter one?"""
    return bool(words and others) and 2 * len(set(words) & set(others)) >= min(len(words), len(others))
