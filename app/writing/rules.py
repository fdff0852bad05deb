"""The way of a manuscript from a draft to publication. No database, no Flask."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.kernel.state import Transitions

MAX_NOTE = 240
MAX_COMMENT = 4_000


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Step(StrEnum):
    SAVE = "save"
    SUBMIT = "submit"
    TAKE_BACK = "take_back"
    REQUEST_CHANGES = "request_changes"
    ACCEPT = "accept"
    REJECT = "reject"
    # These change what readers see and are no part of the table: a text can be retired while it is written on.
    RETIRE = "retire"
    BRING_BACK = "bring_back"
    ADOPT = "adopt"


class Origin(StrEnum):
    """How a version came about."""

    WEB = "web"
    MERGED = "merged"
    RESTORED = "restored"
    FILE = "file"
    IMPORTED = "imported"


# Saving what was accepted begins the next round: what is published stays as it is until that one is accepted, too.
TRANSITIONS: Transitions[State, Step] = Transitions(
    {
        (State.DRAFT, Step.SAVE): State.DRAFT,
        (State.CHANGES_REQUESTED, Step.SAVE): State.CHANGES_REQUESTED,
        (State.ACCEPTED, Step.SAVE): State.DRAFT,
        (State.REJECTED, Step.SAVE): State.DRAFT,
        (State.DRAFT, Step.SUBMIT): State.SUBMITTED,
        (State.CHANGES_REQUESTED, Step.SUBMIT): State.SUBMITTED,
        (State.SUBMITTED, Step.TAKE_BACK): State.DRAFT,
        (State.SUBMITTED, Step.REQUEST_CHANGES): State.CHANGES_REQUESTED,
        (State.SUBMITTED, Step.ACCEPT): State.ACCEPTED,
        (State.SUBMITTED, Step.REJECT): State.REJECTED,
    }
)
# Only here may the text change: nobody reviews what moves.
EDITABLE = frozenset(state for state in State if TRANSITIONS.allows(state, Step.SAVE))
DECISIONS = (Step.ACCEPT, Step.REQUEST_CHANGES, Step.REJECT)
# What those who review see of what others write.
REVIEWED = frozenset(State) - {State.DRAFT}

STATE_NAMES: Mapping[State, LazyString] = {
    State.DRAFT: _l("Draft"),
    State.SUBMITTED: _l("In review"),
    State.CHANGES_REQUESTED: _l("Changes asked for"),
    State.ACCEPTED: _l("Published"),
    State.REJECTED: _l("Rejected"),
}
STATE_TONES: Mapping[State, str] = {
    State.DRAFT: "neutral",
    State.SUBMITTED: "accent",
    State.CHANGES_REQUESTED: "warn",
    State.ACCEPTED: "good",
    State.REJECTED: "bad",
}
# What the history says of a step.
STEP_NAMES: Mapping[Step, LazyString] = {
    Step.SAVE: _l("Saved"),
    Step.SUBMIT: _l("Submitted for review"),
    Step.TAKE_BACK: _l("Taken back from review"),
    Step.REQUEST_CHANGES: _l("Changes asked for"),
    Step.ACCEPT: _l("Accepted and published"),
    Step.REJECT: _l("Rejected"),
    Step.RETIRE: _l("Retired"),
    Step.BRING_BACK: _l("Brought back"),
    Step.ADOPT: _l("Taken over from its file"),
}
# Why a step is not possible: how things stand, and what is.
STANDS: Mapping[State, LazyString] = {
    State.DRAFT: _l("This is a draft. Nothing was changed; whoever writes it can submit it."),
    State.SUBMITTED: _l(
        "This is being reviewed, so the text stands still. Nothing was changed; whoever writes it can take it back."
    ),
    State.CHANGES_REQUESTED: _l("Changes were asked for. Nothing was changed; save them, then submit it again."),
    State.ACCEPTED: _l("This is accepted and published already. Nothing was changed; save a change to begin again."),
    State.REJECTED: _l("This was rejected. Nothing was changed; save a change to begin again."),
}
COMMENT_NEEDED: Mapping[Step, LazyString] = {
    Step.REQUEST_CHANGES: _l("Say what should be changed."),
    Step.REJECT: _l("Give the reason for rejecting it."),
}
