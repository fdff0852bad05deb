"""Which levels a team may wish for, and what is proposed. No database, no Flask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from app.kernel.errors import InvalidInputError
from app.maturity.rules import LEVELS

MAX_REASON = 300
# Longer plans are wishes.
LATEST_YEARS = 10


@dataclass(frozen=True)
class Wish:
    """A level that the team wants to have, by a day if it says one, and why. No level: there is no target."""

    level: int | None
    due_on: date | None = None
    reason: str = ""


def propose(level: int | None) -> int | None:
    """One level up from where the team is; nothing where nobody knows, or there is nothing above."""
    return level + 1 if level is not None and level + 1 in LEVELS else None


def check(wish: Wish, today: date) -> None:
    """Raises InvalidInputError."""
    if wish.level is not None and wish.level not in LEVELS:
        raise InvalidInputError(_l("Choose a level from 1 to 5."), field="level")
    if wish.level is None and (wish.due_on or wish.reason):
        raise InvalidInputError(_l("Choose the level that the day and the reason are for."), field="level")
    if wish.due_on is not None and wish.due_on.year > today.year + LATEST_YEARS:
        raise InvalidInputError(_l("Choose a day within the next ten years."), field="due")
    if len(wish.reason) > MAX_REASON:
        raise InvalidInputError(_l("Use at most 300 characters."), field="reason")
