"""The states of a plan and of what is in it, and when somebody is reminded. No database, no Flask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.kernel.state import Transitions

MAX_TITLE = 80
MAX_WHAT = 300
MAX_REASON = 500
MAX_KEY = 180
MAX_LEARNED = 4000
# A plan with more is a list of wishes.
MAX_ITEMS = 60
# Whoever was reminded of something overdue is left alone for so long.
NUDGE_EVERY = timedelta(days=14)
# From so long before its day on, an item stands on the home page of whoever it belongs to.
DUE_SOON = timedelta(days=14)
# So long before its day of review people are reminded: a team and a coach have to find the time.
REVIEW_SOON = timedelta(days=14)
# So long a plan runs where nobody says otherwise: then the team is assessed again.
USUAL_LENGTH = timedelta(days=182)


class PlanState(StrEnum):
    RUNNING = "running"
    CLOSED = "closed"


class ItemKind(StrEnum):
    """What an item is about."""

    PRACTICE = "practice"
    SESSION = "session"
    COACH = "coach"
    STORY = "story"
    OWN = "own"


class ItemState(StrEnum):
    OPEN = "open"
    DOING = "doing"
    DONE = "done"
    DROPPED = "dropped"


class ItemStep(StrEnum):
    BEGIN = "begin"
    PUT_BACK = "put back"
    FINISH = "finish"
    DROP = "drop"
    REOPEN = "reopen"


# Read aloud: "what is open is begun, what is under way is finished or put back; either is dropped, with a reason; and both what is
# done and what is dropped can be taken up again."
ITEM_STEPS = Transitions(
    {
        (ItemState.OPEN, ItemStep.BEGIN): ItemState.DOING,
        (ItemState.OPEN, ItemStep.FINISH): ItemState.DONE,
        (ItemState.OPEN, ItemStep.DROP): ItemState.DROPPED,
        (ItemState.DOING, ItemStep.FINISH): ItemState.DONE,
        (ItemState.DOING, ItemStep.PUT_BACK): ItemState.OPEN,
        (ItemState.DOING, ItemStep.DROP): ItemState.DROPPED,
        (ItemState.DONE, ItemStep.REOPEN): ItemState.DOING,
        (ItemState.DROPPED, ItemStep.REOPEN): ItemState.OPEN,
    }
)
# What still asks for somebody's time.
ALIVE = (ItemState.OPEN, ItemState.DOING)

KIND_NAMES: Mapping[ItemKind, LazyString] = {
    ItemKind.PRACTICE: _l("Practice"),
    ItemKind.SESSION: _l("Training session"),
    ItemKind.COACH: _l("Coaching"),
    ItemKind.STORY: _l("Case study"),
    ItemKind.OWN: _l("Own idea"),
}
STATE_NAMES: Mapping[ItemState, LazyString] = {
    ItemState.OPEN: _l("Not begun"),
    ItemState.DOING: _l("Under way"),
    ItemState.DONE: _l("Done"),
    ItemState.DROPPED: _l("Dropped"),
}
STEP_LABELS: Mapping[ItemStep, LazyString] = {
    ItemStep.BEGIN: _l("Begin"),
    ItemStep.PUT_BACK: _l("Not begun after all"),
    ItemStep.FINISH: _l("Done"),
    ItemStep.DROP: _l("Drop"),
    ItemStep.REOPEN: _l("Take it up again"),
}


def is_overdue(state: str, due_on: date | None, today: date) -> bool:
    return state in ALIVE and due_on is not None and due_on < today


def is_to_be_nudged(state: str, due_on: date | None, nudged_at: datetime | None, today: date, now: datetime) -> bool:
    """Should somebody be reminded of the item? Equal to `queries.to_be_nudged`."""
    return is_overdue(state, due_on, today) and (nudged_at is None or nudged_at <= now - NUDGE_EVERY)


def key_of(kind: ItemKind, ref: str, capability: str) -> str:
    """What an item is known by that was advised: so it is in a plan once, however often and by however many it is put in."""
    return f"{kind}:{ref}:{capability}"[:MAX_KEY]
