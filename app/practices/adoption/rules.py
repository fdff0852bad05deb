"""The stages of adoption, and when one should be asked whether it is still so. No database, no Flask."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.kernel.errors import InvalidInputError

MAX_LINK = 500
MAX_NOTE = 500
# After a year nobody knows any more whether it is still so.
STALE_AFTER = timedelta(days=365)
# Whoever presses twice has said it once.
SAME_WITHIN = timedelta(minutes=1)
# No team here used anything before.
EARLIEST = date(1990, 1, 1)


class Stage(StrEnum):
    TRYING = "trying"
    USING = "using"
    STANDARDISED = "standardised"
    STOPPED = "stopped"


class What(StrEnum):
    SAID = "said"
    CONFIRMED = "confirmed"
    STOPPED = "stopped"


# Where a team uses the practice, the firmest first: the order on pages.
IN_USE = (Stage.STANDARDISED, Stage.USING, Stage.TRYING)
# Where it has adopted it, as evidence, plans and numbers count it: what is on trial may yet be dropped.
ADOPTED = (Stage.STANDARDISED, Stage.USING)
STAGE_NAMES = {
    Stage.TRYING: _l("Trying it"),
    Stage.USING: _l("Using it"),
    Stage.STANDARDISED: _l("Standard for us"),
    Stage.STOPPED: _l("Stopped"),
}
STAGE_MEANINGS = {
    Stage.TRYING: _l("one project, one sprint, to see"),
    Stage.USING: _l("day to day, by most of the team"),
    Stage.STANDARDISED: _l("agreed, written down, checked"),
}


def is_stale(stage: str, confirmed_at: datetime, now: datetime) -> bool:
    """Should the team be asked whether it is still so? What has stopped stays stopped. Equal to `queries.stale`."""
    return stage != Stage.STOPPED and confirmed_at <= now - STALE_AFTER


def check_since(since: date, today: date) -> None:
    """Raises InvalidInputError for a day that cannot be."""
    if since > today:
        raise InvalidInputError(_l("That day is still to come. Say since when you have been using it."), field="since")
    if since < EARLIEST:
        raise InvalidInputError(_l("That is too long ago to be true."), field="since")


def check_link(link: str) -> None:
    """Raises InvalidInputError for what is no address of a page."""
    if link and not (link.startswith(("https://", "http://")) and link.isprintable() and " " not in link):
        raise InvalidInputError(_l("A link begins with https:// or http://."), field="link")
