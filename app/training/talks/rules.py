"""When each talk of a programme begins. No database, no Flask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from app.training.rules import Kind

# The kinds of session that are made of talks. The others are one thing from beginning to end.
WITH_PROGRAMME = frozenset({Kind.SHARING, Kind.EXHIBITION})
MINUTES = range(5, 481)
BREAKS = range(241)
MAX_TITLE = 160
MAX_ABSTRACT = 5000
MAX_SPEAKERS = 4
MAX_NAME = 80
MAX_TALKS = 60


class Span(Protocol):
    """A time at which a session meets."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


class Timed(Protocol):
    """How long a talk takes, and the break before it, in minutes. Without a length it is a poster, there all the time."""

    @property
    def minutes(self) -> int | None: ...
    @property
    def break_before(self) -> int: ...


@dataclass(frozen=True)
class Slot:
    """From when to when somebody speaks."""

    starts_at: datetime
    ends_at: datetime


def address_in(typed: str) -> str | None:
    """The e-mail address in what was typed for a speaker: `Chen Coach <chen@example.com>` or the bare address. None for the
    plain name of a guest.
    """
    if "@" not in typed:
        return None
    return typed[typed.rindex("<") + 1 : -1].strip() if typed.endswith(">") and "<" in typed else typed


def has_programme(kind: str) -> bool:
    return kind in WITH_PROGRAMME


def slots_of(talks: Sequence[Timed], meetings: Sequence[Span]) -> list[Slot | None]:
    """When each of the talks takes place: one after the other from the start of the first meeting, with their breaks. What
    does not fit into the rest of a meeting begins with the next one, where its break is the night. None for a poster,
    and for a talk and all that follow it once no meeting can hold it.
    """
    spans = sorted(meetings, key=lambda meeting: meeting.starts_at)
    slots: list[Slot | None] = []
    now = spans[0].starts_at if spans else None
    for talk in talks:
        if talk.minutes is None:
            slots.append(None)
            continue
        slot = _next_slot(talk.minutes, talk.break_before, spans, now)
        slots.append(slot)
        now = slot.ends_at if slot else None
    return slots


def _next_slot(minutes: int, pause: int, spans: Sequence[Span], now: datetime | None) -> Slot | None:
    """The first time at or after `now` at which a meeting has room for so many minutes; None where `now` is None, too."""
    if now is None:
        return None
    for span in spans:
        if span.ends_at <= now:
            continue
        starts_at = now + timedelta(minutes=pause) if now >= span.starts_at else span.starts_at
        ends_at = starts_at + timedelta(minutes=minutes)
        if ends_at <= span.ends_at:
            return Slot(starts_at, ends_at)
    return None


def count_without_room(talks: Sequence[Timed], slots: Sequence[Slot | None]) -> int:
    """How many talks there is no time for."""
    return sum(talk.minutes is not None and slot is None for talk, slot in zip(talks, slots, strict=True))
