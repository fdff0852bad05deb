"""The states of a request and of an engagement, and how long a coach has to answer. No database, no Flask."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.kernel.state import Transitions

# Working days within which the coach whom a request is offered to says something; then it goes to the next one.
DAYS_TO_ANSWER = 2
MAX_GOAL = 2000
MAX_REASON = 1000
MAX_TITLE = 120


class Ask(StrEnum):
    """The state of a coaching request. OPEN is offered to a coach whose clock runs; ASKED waits for the team's answer to a
    question; STRANDED was with every matching coach, and waits for one with room or for an administrator.
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
# declined, handed it over, or let the clock run out. Where there is no next one it is stranded, until it is offered again."
ASK_STEPS = Transitions(
    {
        (Ask.OPEN, AskStep.ASK_BACK): Ask.ASKED,
        (Ask.OPEN, AskStep.PASS_ON): Ask.OPEN,
        (Ask.OPEN, AskStep.STRAND): Ask.STRANDED,
        (Ask.OPEN, AskStep.ACCEPT): Ask.ACCEPTED,
        (Ask.OPEN, AskStep.WITHDRAW): Ask.WITHDRAWN,
        (Ask.ASKED, AskStep.REPLY): Ask.OPEN,
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
    Ask.STRANDED: _l("Waits for a coach with room"),
    Ask.ACCEPTED: _l("Accepted"),
    Ask.WITHDRAWN: _l("Withdrawn"),
}


class OfferEnd(StrEnum):
    """How an offer to a coach ended."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    HANDED_OVER = "handed over"
    RAN_OUT = "ran out"
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
