"""The states of a request and of an engagement, and how long a coach has to answer. No database, no Flask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.kernel.clock import zone
from app.kernel.state import Transitions

# Working days within which the coach whom a request is offered to says something; then it goes to the next one.
DAYS_TO_ANSWER = 2
# Working days after which a team that was asked something is reminded, once.
DAYS_TO_REMIND = 5
# Requests of one team that wait for a coach, at most: a team that asks for everything would take the room of all others.
MAX_PENDING = 3
MAX_GOAL = 2000
MAX_REASON = 1000
# Of a goal of an engagement, which is one line.
MAX_GOAL_LINE = 500
MAX_TITLE = 120
MAX_OUTCOME = 5000


class Ask(StrEnum):
    """The state of a coaching request. OPEN is offered to a coach whose clock runs; ASKED waits for the team's answer to a
    question; STRANDED is with nobody, since no coach who matches and was not asked yet has room: it waits for one who has, or for
    an administrator.
    """

    OPEN = "open"
    ASKED = "asked"
    STRANDED = "stranded"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class AskStep(StrEnum):
    ASK_BACK = "ask back"
    REPLY = "reply"
    PASS_ON = "pass on"  # noqa: S105  # no password
    STRAND = "strand"
    OFFER = "offer"
    ACCEPT = "accept"
    WITHDRAW = "withdraw"


# Read aloud: "while a request is open, its coach may ask back or accept, or it is passed on to the next coach: because this one
# declined, handed it over, or let the clock run out. Where there is no next one it is stranded, until it is offered again. Who has
# asked the team something may still accept or pass on without the answer."
ASK_STEPS = Transitions(
    {
        (Ask.OPEN, AskStep.ASK_BACK): Ask.ASKED,
        (Ask.OPEN, AskStep.PASS_ON): Ask.OPEN,
        (Ask.OPEN, AskStep.STRAND): Ask.STRANDED,
        (Ask.OPEN, AskStep.ACCEPT): Ask.ACCEPTED,
        (Ask.OPEN, AskStep.WITHDRAW): Ask.WITHDRAWN,
        (Ask.ASKED, AskStep.REPLY): Ask.OPEN,
        (Ask.ASKED, AskStep.ACCEPT): Ask.ACCEPTED,
        (Ask.ASKED, AskStep.PASS_ON): Ask.OPEN,
        (Ask.ASKED, AskStep.STRAND): Ask.STRANDED,
        (Ask.ASKED, AskStep.WITHDRAW): Ask.WITHDRAWN,
        (Ask.STRANDED, AskStep.OFFER): Ask.OPEN,
        (Ask.STRANDED, AskStep.WITHDRAW): Ask.WITHDRAWN,
    }
)
PENDING = (Ask.OPEN, Ask.ASKED, Ask.STRANDED)
# While a coach has it: it counts as load.
OFFERED = (Ask.OPEN, Ask.ASKED)
ASK_NAMES: Mapping[Ask, LazyString] = {
    Ask.OPEN: _l("Waits for a coach’s answer"),
    Ask.ASKED: _l("Waits for the team’s answer"),
    Ask.STRANDED: _l("Is with no coach"),
    Ask.ACCEPTED: _l("Accepted"),
    Ask.WITHDRAWN: _l("Withdrawn"),
}


class OfferEnd(StrEnum):
    """How an offer to a coach ended."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    HANDED_OVER = "handed over"
    RAN_OUT = "ran out"
    # The coach coaches no more, has no open account, or has come to the team.
    GONE = "gone"
    WITHDRAWN = "withdrawn"


class Origin(StrEnum):
    """How an offer came to a coach: by the rule of matching, because the team wished for this coach, handed over by another coach,
    or given by an administrator.
    """

    MATCHED = "matched"
    WISHED = "wished"
    HANDED_OVER = "handed over"
    GIVEN = "given"


class Phase(StrEnum):
    """The state of an engagement."""

    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


class EngagementStep(StrEnum):
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


ENGAGEMENT_STEPS = Transitions(
    {
        (Phase.RUNNING, EngagementStep.PAUSE): Phase.PAUSED,
        (Phase.RUNNING, EngagementStep.END): Phase.ENDED,
        (Phase.PAUSED, EngagementStep.RESUME): Phase.RUNNING,
        (Phase.PAUSED, EngagementStep.END): Phase.ENDED,
    }
)
UNDER_WAY = (Phase.RUNNING, Phase.PAUSED)
ENGAGEMENT_NAMES: Mapping[Phase, LazyString] = {
    Phase.RUNNING: _l("Running"),
    Phase.PAUSED: _l("Paused"),
    Phase.ENDED: _l("Ended"),
}


WEEKEND = 5
MORNING = time(9)


def answer_by(start: datetime, zone_name: str, days: int = DAYS_TO_ANSWER) -> datetime:
    """The same time of day so many working days later, on the clocks of that zone. What comes on a weekend counts as if it came on
    Monday at nine. Working days are Monday to Friday: holidays are not known.
    """
    there = zone(zone_name)
    moment = start.astimezone(there)
    if moment.weekday() >= WEEKEND:
        moment = datetime.combine(moment.date() + timedelta(days=7 - moment.weekday()), MORNING, there)
    day = moment.date()
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < WEEKEND
    return datetime.combine(day, moment.time(), there).astimezone(UTC)


def working_hours(start: datetime, end: datetime, zone_name: str) -> float:
    """The hours from `start` to `end` on the clocks of that zone, without those of Saturdays and Sundays."""
    there = zone(zone_name)
    at, hours = start.astimezone(there), 0.0
    while at < end:
        midnight = datetime.combine(at.date() + timedelta(days=1), time(), there)
        if at.weekday() < WEEKEND:
            # In UTC: between two moments of one zone, Python counts what the clocks show.
            hours += (min(midnight, end).astimezone(UTC) - at.astimezone(UTC)).total_seconds() / 3600
        at = midnight
    return hours
