"""How long a review may take, how a reviewer is chosen, what the marks of a review mean. No database, no Flask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.writing.rules import Step

MAX_REMARK = 2_000
MAX_QUOTE = 1_000
# So much of what stands before and behind a passage is kept, to know it again.
MAX_CONTEXT = 64
MAX_BECAUSE = 500
MAX_WORD = 80
# Of one manuscript. Whoever has more to say should talk to the authors.
MAX_REMARKS = 300
SATURDAY = 5


def add_working_days(day: date, number: int) -> date:
    """The working day that comes `number` working days after `day`. Monday to Friday; holidays are not known here."""
    while number > 0:
        day += timedelta(days=1)
        number -= day.weekday() < SATURDAY
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start`, up to and with `end`; none where `end` is not later."""
    days = (end - start).days
    if days <= 0:
        return 0
    weeks, rest = divmod(days, 7)
    return weeks * 5 + sum((start + timedelta(days=number)).weekday() < SATURDAY for number in range(1, rest + 1))


class Fit(StrEnum):
    """Why somebody is fit to review a text, the best reason first."""

    CAPABILITY = "capability"
    AREA = "area"
    EDITOR = "editor"


@dataclass(frozen=True)
class Candidate:
    """Somebody who may review a text: why, how many open reviews the person has, and when the last one was asked for."""

    user_id: int
    name: str
    fit: Fit
    open: int
    asked_at: datetime | None


def choose(candidates: Sequence[Candidate]) -> Candidate | None:
    """Who is asked: whoever reviews its capability, else its area, else an editor. Among those whoever has the fewest open
    reviews, then whoever was asked the longest time ago, never before first.
    """
    order = list(Fit)

    def rank(each: Candidate) -> tuple[int, int, float, int]:
        asked = each.asked_at.timestamp() if each.asked_at else 0.0
        return order.index(each.fit), each.open, asked, each.user_id

    return min(candidates, key=rank, default=None)


class Mark(StrEnum):
    GOOD = "good"
    ENOUGH = "enough"
    NOT_YET = "not_yet"


class Criterion(StrEnum):
    """What a review looks at. `SENSITIVE` has to be answered before anything is accepted."""

    EVIDENCE = "evidence"
    CLARITY = "clarity"
    USEFULNESS = "usefulness"
    SENSITIVE = "sensitive"


MARK_NAMES: Mapping[Mark, LazyString] = {
    Mark.GOOD: _l("Good"),
    Mark.ENOUGH: _l("Enough"),
    Mark.NOT_YET: _l("Not there yet"),
}
MARK_TONES: Mapping[Mark, str] = {Mark.GOOD: "good", Mark.ENOUGH: "neutral", Mark.NOT_YET: "warn"}
CRITERION_NAMES: Mapping[Criterion, LazyString] = {
    Criterion.EVIDENCE: _l("Evidence"),
    Criterion.CLARITY: _l("Clarity"),
    Criterion.USEFULNESS: _l("Usefulness"),
    Criterion.SENSITIVE: _l("Sensitive information"),
}
MEANINGS: Mapping[Criterion, Mapping[Mark, LazyString]] = {
    Criterion.EVIDENCE: {
        Mark.GOOD: _l("Every claim that matters has a number with its source, or an example one could look up."),
        Mark.ENOUGH: _l("The main claim is shown; the rest is believable."),
        Mark.NOT_YET: _l("It says that something became better, and does not show it."),
    },
    Criterion.CLARITY: {
        Mark.GOOD: _l("Somebody from another team understands it at the first reading."),
        Mark.ENOUGH: _l("It can be understood; some passages have to be read twice."),
        Mark.NOT_YET: _l("One has to know the team or its system to follow."),
    },
    Criterion.USEFULNESS: {
        Mark.GOOD: _l("Another team could begin with it tomorrow."),
        Mark.ENOUGH: _l("Another team learns something from it."),
        Mark.NOT_YET: _l("It is a report of what was done, and nobody else can use it."),
    },
    Criterion.SENSITIVE: {
        Mark.GOOD: _l("I have looked for it, and nothing in here must stay inside."),
        Mark.ENOUGH: _l("Something was found, and I agree with the reason why it may stay."),
        Mark.NOT_YET: _l("Something has to go before anybody else reads this."),
    },
}
DECISION_NAMES: Mapping[Step, LazyString] = {
    Step.ACCEPT: _l("Accept and publish"),
    Step.REQUEST_CHANGES: _l("Ask for changes"),
    Step.REJECT: _l("Reject"),
}


class Nudge(StrEnum):
    """A reminder that somebody gets at most once in a round."""

    DUE = "due"
    OVERDUE = "overdue"
    LEFT_LYING = "left lying"
    CHANGES = "changes"


# Working days: after which editors hear of a review that is overdue, and authors of changes that nobody has made.
LEFT_LYING_AFTER = 3
CHANGES_AFTER = 10


def nudge_for_review(due_on: date, today: date) -> Nudge | None:
    """What a reviewer is reminded of today: on the last day before it is due, and once it is overdue."""
    if today > due_on:
        return Nudge.OVERDUE
    return Nudge.DUE if add_working_days(today, 1) >= due_on else None


def has_been_left_lying(due_on: date, today: date) -> bool:
    return working_days_between(due_on, today) >= LEFT_LYING_AFTER


def nobody_made_the_changes(since: date, today: date) -> bool:
    return working_days_between(since, today) >= CHANGES_AFTER
