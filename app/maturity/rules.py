"""The states of an assessment and the words of its answers. No database, no Flask."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.kernel.state import Transitions

LEVELS = range(1, 6)
MAX_TITLE = 80
MAX_NOTE = 4000
MAX_REASON = 1000
MAX_EVIDENCE_TITLE = 160
MAX_LINK = 500
MAX_EVIDENCE = 12


class State(StrEnum):
    """Of an assessment. A team answers; a coach looks at what it says; the two agree; what is final is kept in a snapshot."""

    ANSWERING = "answering"
    SUBMITTED = "submitted"
    VERIFYING = "verifying"
    RETURNED = "returned"
    FINAL = "final"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    SUBMIT = "submit"
    TAKE_BACK = "take back"
    TAKE_ON = "take on"
    HAND_BACK = "hand back"
    RETURN = "return"
    REPLY = "reply"
    CONFIRM = "confirm"
    WITHDRAW = "withdraw"


# Read aloud: "the team submits; a coach takes it on, and returns it with findings or confirms it; the team replies."
# HAND_BACK is a coach who gives up an assessment taken on, for another coach.
STEPS = Transitions(
    {
        (State.ANSWERING, Step.SUBMIT): State.SUBMITTED,
        (State.ANSWERING, Step.WITHDRAW): State.WITHDRAWN,
        (State.SUBMITTED, Step.TAKE_BACK): State.ANSWERING,
        (State.SUBMITTED, Step.TAKE_ON): State.VERIFYING,
        (State.SUBMITTED, Step.WITHDRAW): State.WITHDRAWN,
        (State.VERIFYING, Step.HAND_BACK): State.SUBMITTED,
        (State.VERIFYING, Step.RETURN): State.RETURNED,
        (State.VERIFYING, Step.CONFIRM): State.FINAL,
        (State.RETURNED, Step.REPLY): State.VERIFYING,
        (State.RETURNED, Step.WITHDRAW): State.WITHDRAWN,
    }
)
# Where the team may change its answers.
OPEN_TO_THE_TEAM = (State.ANSWERING, State.RETURNED)
# Of these a team has at most one for each framework.
RUNNING = (State.ANSWERING, State.SUBMITTED, State.VERIFYING, State.RETURNED)

STATE_NAMES: Mapping[State, LazyString] = {
    State.ANSWERING: _l("Being answered"),
    State.SUBMITTED: _l("Waits for a coach"),
    State.VERIFYING: _l("Being verified"),
    State.RETURNED: _l("Back with the team"),
    State.FINAL: _l("Final"),
    State.WITHDRAWN: _l("Ended without a result"),
}


class Verdict(StrEnum):
    """What the verifying coach says of an answer."""

    AGREE = "agree"
    DIFFER = "differ"
    ASK = "ask"


VERDICT_NAMES: Mapping[Verdict, LazyString] = {
    Verdict.AGREE: _l("Agrees"),
    Verdict.DIFFER: _l("Differs"),
    Verdict.ASK: _l("Asks for evidence"),
}


class EvidenceKind(StrEnum):
    """What shows that an answer is true. An adopted practice counts by itself and is not written down here."""

    LINK = "link"
    FILE = "file"
    METRIC = "metric"
