"""When an article has to be looked at again. No database, no Flask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

# An article that nobody said otherwise about is looked at once a year.
USUAL_MONTHS = 12
MONTHS = (3, 6, 12, 24)
# How long before the day its owner hears of it.
NOTICE = timedelta(days=14)
SOON = timedelta(days=30)
MAX_NOTE = 500


class View(StrEnum):
    """What the list of upkeep shows."""

    OVERDUE = "overdue"
    DUE = "due"
    ORPHANED = "orphaned"
    UNDATED = "undated"


VIEW_NAMES: Mapping[View, LazyString] = {
    View.OVERDUE: _l("Overdue"),
    View.DUE: _l("Due within 30 days"),
    View.ORPHANED: _l("Without an owner"),
    View.UNDATED: _l("Without a date"),
}


class Stage(StrEnum):
    """What an owner is told, each once for each date."""

    DUE = "due"
    OVERDUE = "overdue"


def next_date(today: date, months: int) -> date:
    """The day `months` from today; the last day of the month where that one is shorter."""
    return today + relativedelta(months=months)


def usual_months(reviewed_on: date | None, review_by: date | None) -> int:
    """How many months it was given the last time, as far as that is one of the choices; else a year."""
    if reviewed_on is None or review_by is None:
        return USUAL_MONTHS
    days = (review_by - reviewed_on).days
    return min(MONTHS, key=lambda months: abs(months * 30.44 - days))
