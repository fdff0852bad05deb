"""What the draft of a session says that is made of a wish. The coach goes on from there."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from app.accounts.models import User
from app.kernel.clock import zone
from app.training.rules import Kind, read_wall_time
from app.training.service import Details
from app.training.wishes.models import Wish
from app.web.i18n import LOCALES

WEEKS_AHEAD = 4
STARTS = time(14, 0)
LASTS = timedelta(hours=2)
SEATS = 20


def draft_of(wish: Wish, votes: int, *, coach: User, now: datetime) -> Details:
    """A workshop in four weeks at 14:00 where the coach is, in the language of the wish, with its words."""
    day = now.astimezone(zone(coach.time_zone)).date() + timedelta(weeks=WEEKS_AHEAD)
    starts_at = read_wall_time(datetime.combine(day, STARTS), coach.time_zone).moment
    with force_locale(LOCALES[wish.language]):
        wished = ngettext("Wished for by %(num)s person.", "Wished for by %(num)s people.", votes)
        place = _("To be announced")
    return Details(
        kind=Kind.WORKSHOP,
        title=wish.title,
        description="\n\n".join(filter(None, (_as_text(wish.why), wished))),
        language=wish.language,
        capability_id=wish.capability_id,
        level=wish.level,
        starts_at=starts_at,
        ends_at=starts_at + LASTS,
        time_zone=coach.time_zone,
        place=place,
        link="",
        capacity=SEATS,
        signup_opens_at=None,
        signup_closes_at=None,
        coach_ids=[coach.id],
    )


def _as_text(why: str) -> str:
    """Somebody's sentence as a quotation: the description is the coach's Markdown, the sentence is not."""
    return "\n".join(f"> {line}" for line in why.splitlines())
