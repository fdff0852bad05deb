"""How what is said of one session of a series is said of another: on its own day, at the same time of day."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from app.training.courses.rules import Reading, first_day
from app.training.service import Details

_SIGN_UP = ("signup_opens_at", "signup_closes_at")
_DATED = {"starts_at", "ends_at", "meetings", *_SIGN_UP}


def on_day(details: Details, day: date) -> Details:
    """The same session, beginning on another day. Raises InvalidInputError where clocks never show one of its times then."""
    origin = first_day(details.starts_at, details.time_zone)
    given: dict[str, Any] = {name: _moved(getattr(details, name), details, origin, day) for name in _SIGN_UP}
    return _at_times(replace(details, **given), details, origin, day)


def retold(before: Details, after: Details, other: Details) -> Details:
    """`other` with everything that makes `after` another than `before`. What was not touched stays as each session has it: a
    room that one of them has for itself, a day to which it was moved.

    Raises InvalidInputError where clocks never show one of the times.
    """
    touched = {item.name for item in fields(Details) if getattr(before, item.name) != getattr(after, item.name)}
    origin = first_day(before.starts_at, before.time_zone)
    day = first_day(other.starts_at, other.time_zone)
    given = {name: getattr(after, name) for name in touched - _DATED}
    given |= {name: _moved(getattr(after, name), after, origin, day) for name in touched.intersection(_SIGN_UP)}
    told = replace(other, **given)
    return _at_times(told, after, origin, day) if before.times != after.times else told


def _at_times(told: Details, of: Details, origin: date, day: date) -> Details:
    """`told` at the times of day of `of`, each as many days after `day` as it is after `origin` there."""
    meetings = [(_on(start, of.time_zone, origin, day), _on(end, of.time_zone, origin, day)) for start, end in of.times]
    return replace(told, starts_at=meetings[0][0], ends_at=meetings[-1][1], meetings=meetings)


def _moved(moment: datetime | None, of: Details, origin: date, day: date) -> datetime | None:
    return None if moment is None else _on(moment, of.time_zone, origin, day)


def _on(moment: datetime, zone_name: str, origin: date, day: date) -> datetime:
    return Reading.of(moment, origin, zone_name).on(day, zone_name)
