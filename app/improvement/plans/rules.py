"""The states of a plan and of what is in it. No database, no Flask."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

MAX_TITLE = 80
MAX_WHAT = 300
MAX_REASON = 500
MAX_KEY = 180


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
