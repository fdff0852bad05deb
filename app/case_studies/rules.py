"""The story's form, its numbers, and the way from a draft to publication. No database, no Flask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeVar

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.kernel.state import Transitions

MAX_TITLE = 120
MAX_SUMMARY = 240
MAX_BYLINE = 200
MAX_PART = 40_000
MAX_METRICS = 12
# Beyond it a number is a slip of the keyboard, and no page has room for it.
MAX_FIGURE = 1e12
MAX_COMMENT = 4_000


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    PUBLISHED = "published"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    SUBMIT = "submit"
    REQUEST_CHANGES = "request_changes"
    ACCEPT = "accept"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


TRANSITIONS: Transitions[State, Step] = Transitions(
    {
        (State.DRAFT, Step.SUBMIT): State.SUBMITTED,
        (State.CHANGES_REQUESTED, Step.SUBMIT): State.SUBMITTED,
        (State.SUBMITTED, Step.ACCEPT): State.PUBLISHED,
        (State.SUBMITTED, Step.REQUEST_CHANGES): State.CHANGES_REQUESTED,
        (State.SUBMITTED, Step.REJECT): State.REJECTED,
        (State.SUBMITTED, Step.WITHDRAW): State.WITHDRAWN,
        (State.CHANGES_REQUESTED, Step.WITHDRAW): State.WITHDRAWN,
        (State.PUBLISHED, Step.WITHDRAW): State.WITHDRAWN,
        (State.REJECTED, Step.REOPEN): State.DRAFT,
        (State.WITHDRAWN, Step.REOPEN): State.DRAFT,
    }
)
# Only here may the team change the text: nobody reviews or reads what moves.
EDITABLE = frozenset({State.DRAFT, State.CHANGES_REQUESTED})
# What those who review see beside what is published.
REVIEWED = frozenset({State.SUBMITTED, State.CHANGES_REQUESTED, State.REJECTED})
DECISIONS = (Step.ACCEPT, Step.REQUEST_CHANGES, Step.REJECT)

STATE_NAMES: Mapping[State, LazyString] = {
    State.DRAFT: _l("Draft"),
    State.SUBMITTED: _l("Submitted"),
    State.CHANGES_REQUESTED: _l("Changes asked for"),
    State.PUBLISHED: _l("Published"),
    State.REJECTED: _l("Rejected"),
    State.WITHDRAWN: _l("Withdrawn"),
}
STATE_TONES: Mapping[State, str] = {
    State.DRAFT: "neutral",
    State.SUBMITTED: "accent",
    State.CHANGES_REQUESTED: "warn",
    State.PUBLISHED: "good",
    State.REJECTED: "bad",
    State.WITHDRAWN: "neutral",
}
# What the history says of a step.
STEP_NAMES: Mapping[Step, LazyString] = {
    Step.SUBMIT: _l("Submitted for review"),
    Step.REQUEST_CHANGES: _l("Changes asked for"),
    Step.ACCEPT: _l("Accepted and published"),
    Step.REJECT: _l("Rejected"),
    Step.WITHDRAW: _l("Withdrawn"),
    Step.REOPEN: _l("Made a draft again"),
}
# Why a step is not possible: how things stand, and what is.
STANDS: Mapping[State, LazyString] = {
    State.DRAFT: _l("This case study is a draft. Nothing was changed; the team can edit and submit it."),
    State.SUBMITTED: _l(
        "This case study is being reviewed. Nothing was changed; the team can withdraw it to work on it."
    ),
    State.CHANGES_REQUESTED: _l(
        "Changes were asked for in this case study. Nothing was changed; the team can edit and submit it again."
    ),
    State.PUBLISHED: _l(
        "This case study is published already. Nothing was changed; the team can withdraw it to work on it."
    ),
    State.REJECTED: _l("This case study was rejected. Nothing was changed; the team can make it a draft again."),
    State.WITHDRAWN: _l("This case study was withdrawn. Nothing was changed; the team can make it a draft again."),
}
COMMENT_NEEDED: Mapping[Step, LazyString] = {
    Step.REQUEST_CHANGES: _l("Say what the team should change."),
    Step.REJECT: _l("Give the reason for rejecting it."),
}

# The parts of the story in their order, and what they are called in a story's own language.
PART_HEADINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "context": "Context",
        "challenge": "Challenge",
        "approach": "Approach",
        "results": "Results",
        "lessons": "Lessons",
        "next_steps": "Next steps",
    },
    "zh": {
        "context": "背景",
        "challenge": "挑战",
        "approach": "做法",
        "results": "结果",
        "lessons": "经验",
        "next_steps": "下一步",
    },
}
PARTS = tuple(PART_HEADINGS["en"])
PART_NAMES: Mapping[str, LazyString] = {
    "context": _l("Context"),
    "challenge": _l("Challenge"),
    "approach": _l("Approach"),
    "results": _l("Results"),
    "lessons": _l("Lessons"),
    "next_steps": _l("Next steps"),
}

BETTER = ("lower", "higher")


class Measured(Protocol):
    """A number before and after."""

    @property
    def before(self) -> float | None: ...
    @property
    def after(self) -> float | None: ...
    @property
    def better(self) -> str: ...


@dataclass(frozen=True)
class MetricValues:
    """One typed metric, as far as it has been filled in."""

    name: str
    before: float | None
    after: float | None
    unit: str
    better: str
    window: str
    source: str

    @property
    def is_complete(self) -> bool:
        """Can somebody who was not there judge the number?"""
        return None not in {self.before, self.after} and all((self.name, self.unit, self.window, self.source))


@dataclass(frozen=True)
class Story:
    """Everything that a team says in a case study."""

    title: str
    language: str
    team_id: int
    summary: str = ""
    capability_id: int | None = None
    byline: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    metrics: Sequence[MetricValues] = ()
    practices: Sequence[str] = ()
    coaches: Sequence[int] = ()
    sessions: Sequence[str] = ()


def improvement(metric: Measured) -> float:
    """How much better it got, from -1 to 1: the change over the sum of both values, in the direction that counts.

    For positive values this orders as the ratio of the two does, so that a time halved weighs as much as a rate doubled;
    unlike the ratio it bears a zero. 0 where a value is missing or nothing changed.
    """
    if metric.before is None or metric.after is None:
        return 0.0
    size = abs(metric.before) + abs(metric.after)
    change = metric.after - metric.before if metric.better == "higher" else metric.before - metric.after
    return change / size if size else 0.0


M = TypeVar("M", bound=Measured)


def best_of(metrics: Sequence[M]) -> M | None:
    """The metric that improved most (see `improvement`), the first of equals; None where nothing has both values."""
    whole = [metric for metric in metrics if metric.before is not None and metric.after is not None]
    return max(whole, key=improvement, default=None)


def what_is_missing(story: Story) -> list[LazyString]:
    """What a story lacks before it can be submitted, by the names that the form uses."""
    missing = []
    if not story.summary:
        missing.append(_l("Summary"))
    if story.capability_id is None:
        missing.append(_l("Capability"))
    if not story.metrics:
        missing.append(_l("At least one number before and after"))
    missing += [
        _l("Metric %(number)s: name, before, after, unit, period and source", number=number)
        for number, metric in enumerate(story.metrics, 1)
        if not metric.is_complete
    ]
    return missing + [name for part, name in PART_NAMES.items() if not story.parts.get(part, "").strip()]
