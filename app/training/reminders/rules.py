"""How long before a meeting people are reminded, and when a reminder is of no use. No database, no Flask."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Lead(StrEnum):
    """How long before."""

    WEEK = "week"
    DAY = "day"
    HOUR = "hour"


# In hours as they pass, so that a change of the clocks in between makes no reminder late.
AHEAD = {Lead.WEEK: timedelta(days=7), Lead.DAY: timedelta(days=1), Lead.HOUR: timedelta(hours=1)}
LEAD_NAMES = {Lead.WEEK: _l("A week before"), Lead.DAY: _l("A day before"), Lead.HOUR: _l("An hour before")}
DEFAULT = frozenset({Lead.DAY})
# The nearest first: where two are due at once, it is the one that is sent.
ORDER = (Lead.HOUR, Lead.DAY, Lead.WEEK)


def due_at(lead: Lead, starts_at: datetime) -> datetime:
    return starts_at - AHEAD[lead]


def is_of_use(
    lead: Lead, chosen: Collection[Lead], *, starts_at: datetime, seat_since: datetime, now: datetime
) -> bool:
    """Should a reminder that is due be sent? Not once the meeting has begun; not to somebody who got the seat after the moment
    it was due, for they have just been told; and not if a nearer one is due as well, as after the worker was away for long.
    """
    if now >= starts_at or seat_since > due_at(lead, starts_at):
        return False
    return not any(AHEAD[other] < AHEAD[lead] and now >= due_at(other, starts_at) for other in chosen)
