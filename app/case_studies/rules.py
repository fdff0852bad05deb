"""What a case study says: a story in parts or an interview, its numbers, and what it lacks. No database, no Flask."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeVar

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.case_studies.units import converted

# What this kind of text is called in addresses.
CASE_STUDY = "case-study"
MAX_TITLE = 120
MAX_SUMMARY = 240
MAX_BYLINE = 200
MAX_PART = 40_000
MAX_METRICS = 12
# Beyond it a number is a slip of the keyboard, and no page has room for it.
MAX_FIGURE = 1e12
MAX_CASES = 1_000_000_000
MAX_QUESTIONS = 30
MAX_QUESTION = 200
MAX_REMARK = 300


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


class Form(StrEnum):
    """How it is told."""

    STORY = "story"
    INTERVIEW = "interview"


FORM_NAMES: Mapping[Form, LazyString] = {Form.STORY: _l("Story"), Form.INTERVIEW: _l("Interview")}
BETTER = ("lower", "higher")


class Measured(Protocol):
    """A number before and after, and the unit of each."""

    @property
    def before(self) -> float | None: ...
    @property
    def after(self) -> float | None: ...
    @property
    def better(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def before_unit(self) -> str: ...


@dataclass(frozen=True)
class MetricValues:
    """One typed metric, as far as it has been filled in.

    `measure` is a key of `measures.MEASURES`, empty for something else. `before_unit` is the unit of the number before
    where it is another than `unit`, `window_before` its period where `window` is that of the number after alone.
    `cases_before` and `cases_after` say of how many deployments, changes or answers the numbers were made. `remark` is
    what the team answers to what `doubts` asks.
    """

    name: str
    before: float | None
    after: float | None
    unit: str
    better: str
    window: str
    source: str
    measure: str = ""
    before_unit: str = ""
    window_before: str = ""
    cases_before: int | None = None
    cases_after: int | None = None
    remark: str = ""

    @property
    def before_in_unit(self) -> float | None:
        return before_in_unit(self)

    @property
    def is_complete(self) -> bool:
        """Can somebody who was not there judge the number?"""
        return None not in {self.before, self.after} and all((self.name, self.unit, self.window, self.source))


@dataclass(frozen=True)
class Answer:
    """One question of an interview, and what was said to it."""

    question: str
    answer: str

    @property
    def is_complete(self) -> bool:
        return bool(self.question.strip() and self.answer.strip())


@dataclass(frozen=True)
class Story:
    """Everything that a team says in a case study. `team`, `capability`, `practices`, `coaches` and `sessions` are slugs.

    `parts` are those of a story, `answers` those of an interview; `form` says which of the two it is. `organisation` is
    where it happened, if that is another than the team's.
    """

    title: str
    language: str
    team: str
    form: Form = Form.STORY
    summary: str = ""
    capability: str = ""
    organisation: str = ""
    byline: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    answers: Sequence[Answer] = ()
    metrics: Sequence[MetricValues] = ()
    practices: Sequence[str] = ()
    coaches: Sequence[str] = ()
    sessions: Sequence[str] = ()


def before_in_unit(metric: Measured) -> float | None:
    """The number before in the unit of the number after; None where it is missing or not of one kind with it."""
    if metric.before is None:
        return None
    return converted(metric.before, metric.before_unit or metric.unit, metric.unit)


def compared(metric: Measured) -> tuple[float, float] | None:
    """Before and after in the unit of the number after; None where one is missing or they are not of one kind."""
    before, after = before_in_unit(metric), metric.after
    if before is None or after is None or not (math.isfinite(before) and math.isfinite(after)):
        return None
    return before, after


def improvement(metric: Measured) -> float:
    """How much better it got, from -1 to 1: the change over the sum of both values, in the direction that counts.

    For positive values this orders as the ratio of the two does, so that a time halved weighs as much as a rate doubled;
    unlike the ratio it bears a zero. 0 where a value is missing, nothing changed, or the two cannot be compared.
    """
    pair = compared(metric)
    if pair is None:
        return 0.0
    before, after = pair
    # The larger one is taken out first, so that no sum is too large to be a number.
    largest = max(abs(before), abs(after)) or 1.0
    before, after = before / largest, after / largest
    change = after - before if metric.better == "higher" else before - after
    return change / (abs(before) + abs(after) or 1.0)


def times_better(metric: Measured) -> float | None:
    """How many times better the number after is: 4 for a time that became a quarter and for a rate that became fourfold,
    0.5 for one twice as bad. None where there is no such ratio: a zero, a negative number, or two that cannot be compared.
    """
    pair = compared(metric)
    if pair is None or min(pair) <= 0:
        return None
    before, after = pair
    ratio = after / before if metric.better == "higher" else before / after
    return ratio if 0 < ratio < math.inf else None


M = TypeVar("M", bound=Measured)


def best_of(metrics: Sequence[M]) -> M | None:
    """The metric that improved most (see `improvement`), the first of equals; None where nothing has both values."""
    whole = [metric for metric in metrics if metric.before is not None and metric.after is not None]
    return max(whole, key=improvement, default=None)


def what_is_missing(story: Story) -> list[LazyString]:
    """What a case study lacks before it can be submitted, by the names that the form uses."""
    missing = []
    if not story.summary:
        missing.append(_l("Summary"))
    if not story.capability:
        missing.append(_l("Capability"))
    if not story.metrics:
        missing.append(_l("At least one number before and after"))
    missing += [
        _l("Metric %(number)s: name, before, after, unit, period and source", number=number)
        for number, metric in enumerate(story.metrics, 1)
        if not metric.is_complete
    ]
    return missing + (_missing_answers(story) if story.form is Form.INTERVIEW else _missing_parts(story))


def _missing_parts(story: Story) -> list[LazyString]:
    return [name for part, name in PART_NAMES.items() if not story.parts.get(part, "").strip()]


def _missing_answers(story: Story) -> list[LazyString]:
    if not story.answers:
        return [_l("At least one question with its answer")]
    return [
        _l("Question %(number)s: the question and its answer", number=number)
        for number, answer in enumerate(story.answers, 1)
        if not answer.is_complete
    ]
