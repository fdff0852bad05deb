"""How the figures are made of what happened. No database, no Flask. The definitions stand in docs/coaching.md, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from app.coaching.rules import OfferEnd, working_hours

# Below so many requests, offers or coaches nothing is told.
FEWEST = 5


@dataclass(frozen=True)
class Heard:
    """What has to be known of an offer: when it came, until when a word was due, and when one was said, on whose clocks."""

    coach_id: int | None
    offered_at: datetime
    due_at: datetime
    first_word_at: datetime | None
    ending: str | None
    zone: str


@dataclass(frozen=True)
class Answers:
    """How `number` offers were answered: half of the answers came within `median_hours` (without weekends), and `in_time` of the
    offers were answered before their clock ran out. None where there are fewer than FEWEST.
    """

    number: int
    median_hours: float | None
    in_time: int | None

    @property
    def share(self) -> float | None:
        return None if self.in_time is None else self.in_time / self.number


def answers_of(offers: Sequence[Heard], *, coaches: int = 1) -> Answers:
    """Only what came to an end counts: a word, or a clock that ran out. What the team withdrew before says nothing. Nothing is told
    either of what fewer than so many `coaches` have done: an average over few says too much about each of them.
    """
    told = [each for each in offers if each.first_word_at is not None or each.ending == OfferEnd.RAN_OUT]
    if not _are_enough(told, coaches):
        return Answers(len(told), None, None)
    words = [each for each in told if each.first_word_at is not None]
    hours = [
        working_hours(each.offered_at, each.first_word_at, each.zone)
        for each in words
        if each.first_word_at is not None
    ]
    in_time = sum(each.first_word_at is not None and each.first_word_at <= each.due_at for each in told)
    return Answers(len(told), median(hours) if _are_enough(words, coaches) else None, in_time)


def _are_enough(offers: Sequence[Heard], coaches: int) -> bool:
    return len(offers) >= FEWEST and len({each.coach_id for each in offers}) >= coaches


@dataclass(frozen=True)
class Missing:
    """Of `asked` requests on a capability, `stranded` were at some time with nobody. Without a key it is all the others together."""

    key: int | None
    asked: int
    stranded: int


def suppressed(rows: Sequence[Missing]) -> list[Missing]:
    """What is told: capabilities with at least FEWEST requests, those where most were stranded first, and the others together.

    What is hidden cannot be had by subtraction: if the others together are fewer than FEWEST requests, or are one capability
    alone, the smallest that would be told joins them.
    """
    told = sorted((row for row in rows if row.asked >= FEWEST), key=lambda row: (row.asked, row.stranded))
    hidden = [row for row in rows if row.asked < FEWEST]
    while hidden and told and (len(hidden) < 2 or sum(row.asked for row in hidden) < FEWEST):
        hidden.append(told.pop(0))
    told.sort(key=lambda row: (-row.stranded, -row.asked, row.key or 0))
    others = Missing(None, sum(row.asked for row in hidden), sum(row.stranded for row in hidden))
    return [*told, others] if len(hidden) > 1 and others.asked >= FEWEST else told


@dataclass(frozen=True)
class Spread:
    """How many coaches have nothing to do, have something and room for more, and have no room."""

    free: int
    some: int
    full: int

    @property
    def number(self) -> int:
        return self.free + self.some + self.full
