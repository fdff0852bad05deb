"""What is tapped: on a page without script, and by the script that keeps taps while there is no connection."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l

from app.kernel.errors import InvalidInputError
from app.training.attendance.rules import NOTHING, OPEN_DAYS, STATES
from app.training.attendance.service import Tap, Undo
from app.training.seats.presence import Means
from app.web.forms import trimmed
from app.web.numbers import whole_number

MAX_TAPS = 200
# Of how many people something is written down in one go. Each costs time under the lock in which the whole site waits; an undo
# looks at everybody of the tap before it.
MAX_PEOPLE = 2000
UNDO_COSTS = 100
_LONGEST = timedelta(days=OPEN_DAYS)
_NOT_UNDERSTOOD = _l("This page and the site do not understand each other any more. Load the page again.")


def read_form(form: Mapping[str, str], now: datetime) -> Tap:
    """One tap, of one person. Raises InvalidInputError."""
    enrolment_id = whole_number(form.get("who"))
    if enrolment_id is None:
        raise InvalidInputError(_NOT_UNDERSTOOD)
    note = trimmed(form.get("note", ""))
    return Tap(read_mark(form.get("mark")), [enrolment_id], _state(form.get("state", "")), now, note=note)


def read_mark(mark: object) -> str:
    """The number that the sender chose. Raises InvalidInputError where it is no UUID."""
    try:
        return str(UUID(mark if isinstance(mark, str) else ""))
    except ValueError:
        raise InvalidInputError(_NOT_UNDERSTOOD) from None


def read_taps(text: bytes, now: datetime) -> list[Tap | Undo]:
    """What the script sends: `{"taps": [{"mark", "ago", and "undone" or "who", "state", "rest", "note"}, …]}`.

    `ago` are the milliseconds since it was tapped: a phone's clock may be wrong, but it knows how long ago something was.
    What is too much for one go is left for the next: the script keeps what was not taken. Raises InvalidInputError for anything
    else.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        # Brackets in brackets without end are no ValueError to Python.
        raise InvalidInputError(_NOT_UNDERSTOOD) from None
    taps = data.get("taps") if isinstance(data, dict) else None
    if not isinstance(taps, list) or len(taps) > MAX_TAPS:
        raise InvalidInputError(_NOT_UNDERSTOOD)
    said = [_tap(tap, now) for tap in taps]
    costs = accumulate(UNDO_COSTS if isinstance(each, Undo) else len(each.who) for each in said)
    return [each for each, cost in zip(said, costs, strict=True) if cost <= MAX_PEOPLE]


def _tap(tap: Any, now: datetime) -> Tap | Undo:
    if not isinstance(tap, dict):
        raise InvalidInputError(_NOT_UNDERSTOOD)
    mark, at = read_mark(tap.get("mark")), now - _ago(tap.get("ago"))
    if "undone" in tap:
        return Undo(mark, read_mark(tap["undone"]), at)
    means = Means.REST if tap.get("rest") is True else Means.ROSTER
    return Tap(mark, _people(tap.get("who")), _state(tap.get("state")), at, means, _note(tap.get("note", "")))


def _note(value: object) -> str:
    """JSON can hold half a character, which no database takes: a tap that always fails would keep all later ones from being sent."""
    if not isinstance(value, str):
        raise InvalidInputError(_NOT_UNDERSTOOD)
    return str(trimmed(value.encode(errors="replace").decode()))


def _ago(value: object) -> timedelta:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise InvalidInputError(_NOT_UNDERSTOOD)
    return timedelta(milliseconds=min(value, _LONGEST.total_seconds() * 1000))


def _people(value: object) -> list[int]:
    is_list = isinstance(value, list) and 0 < len(value) <= MAX_PEOPLE
    if not is_list or not all(type(each) is int and 0 < each < 2**31 for each in value):  # type: ignore[attr-defined]
        raise InvalidInputError(_NOT_UNDERSTOOD)
    return list(value)  # type: ignore[call-overload]


def _state(value: object) -> str:
    if not isinstance(value, str) or value not in {NOTHING, *STATES}:
        raise InvalidInputError(_NOT_UNDERSTOOD)
    return value
