"""Who is asked, what is due, and which reminder comes next. No database, no Flask."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.kernel.clock import zone
from app.kernel.errors import InvalidInputError

MAX_REASON = 500
# So long before the day a person is reminded, and not sooner than a day after having been asked.
SOON = timedelta(days=3)
REST = timedelta(days=1)
FARTHEST = timedelta(days=730)


class Lead(StrEnum):
    """Why a person is told, in the order in which it happens; each at most once for a text."""

    ASKED = "asked"
    SOON = "soon"
    OVERDUE = "overdue"


ORDER = tuple(Lead)


def next_lead(
    told: Collection[str], *, asked_at: datetime | None, due_on: date, zone_name: str, now: datetime
) -> Lead | None:
    """What a person who has not confirmed is to be told now. `told` is what was told already, `asked_at` when the first was.

    Of what is due at once only the last: who joins a team after the day hears that it is overdue, and nothing else.
    """
    today = now.astimezone(zone(zone_name)).date()
    due = [Lead.ASKED]
    if today >= due_on - SOON and asked_at is not None and now - asked_at >= REST:
        due.append(Lead.SOON)
    if today > due_on:
        due.append(Lead.OVERDUE)
    last = due[-1]
    return last if ORDER.index(last) > max((ORDER.index(Lead(each)) for each in told), default=-1) else None


def told_enough(due_on: date, now: datetime) -> frozenset[Lead]:
    """Whoever was told one of these hears nothing more for now, in whichever zone; so the worker need not look at them."""
    latest_today = now.date() + timedelta(days=1)
    if latest_today > due_on:
        return frozenset({Lead.OVERDUE})
    if latest_today >= due_on - SOON:
        return frozenset({Lead.OVERDUE, Lead.SOON})
    return frozenset(Lead)


def check_due(due_on: date, now: datetime) -> None:
    """Raises InvalidInputError for a day that lies behind, or farther ahead than anybody plans."""
    today = now.date()
    if due_on < today:
        raise InvalidInputError(_l("Choose a day that is still to come."), field="due_on")
    if due_on > today + FARTHEST:
        raise InvalidInputError(_l("Choose a day within two years."), field="due_on")
