"""When feedback can be given, whose answer is whose, and from how many on it is public. No database, no Flask."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from app.training.rules import State

WINDOW = timedelta(days=60)
# Below this, an average says too much about each one in it.
MIN_PUBLIC = 5
SCALE = range(1, 6)
MAX_TEXT = 2000
# Thanks go out at once where attendance was taken, and otherwise so long after the end; never later than THANKS_UNTIL.
THANKS_AFTER = timedelta(hours=24)
THANKS_UNTIL = timedelta(days=7)

QUESTIONS = ("content", "trainer", "usefulness")
QUESTION_NAMES = {
    "content": _l("Content"),
    "trainer": _l("Trainer"),
    "usefulness": _l("Usefulness for your work"),
}
# What stands before the random number of an answer that nobody can find again.
_FORGOTTEN = "-"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a person says."""

    content: int
    trainer: int
    usefulness: int
    text: str = ""


@dataclass(frozen=True)
class Averages:
    """What `number` people said, on average, from 1 to 5."""

    number: int
    content: float
    trainer: float
    usefulness: float

    @property
    def overall(self) -> float:
        return (self.content + self.trainer + self.usefulness) / 3

    @property
    def is_public(self) -> bool:
        return self.number >= MIN_PUBLIC


def seal_of(secret: str, training_id: int, user_id: int) -> str:
    """The name under which a person's answer is kept: whoever lacks the site's secret key cannot tell whose it is."""
    return hmac.new(secret.encode(), f"feedback\0{training_id}\0{user_id}".encode(), "sha256").hexdigest()


def forgotten_seal() -> str:
    """A name that leads to nobody, with or without the key."""
    return _FORGOTTEN + secrets.token_hex(31)


def is_window_open(state: str, ends_at: datetime, now: datetime) -> bool:
    return state == State.PUBLISHED and ends_at <= now < ends_at + WINDOW
