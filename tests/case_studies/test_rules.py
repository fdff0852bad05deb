"""The way from a draft to publication, what a story needs, and which of its numbers leads."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.case_studies.rendering import compose, contain, render_story
from app.case_studies.rules import (
    COMMENT_NEEDED,
    PART_HEADINGS,
    PARTS,
    STANDS,
    STATE_NAMES,
    STATE_TONES,
    STEP_NAMES,
    TRANSITIONS,
    MetricValues,
    State,
    Step,
    Story,
    best_of,
    improvement,
    what_is_missing,
)
from app.kernel.types import LANGUAGES

METRIC = MetricValues("Lead time", 21, 5, "days", "lower", "2026", "Build server")
WHOLE = Story(
    title="A title",
    language="en",
    team_id=1,
    summary="In short.",
    capability_id=1,
    parts=dict.fromkeys(PARTS, "Text."),
    metrics=[METRIC],
)


def test_the_table_says_which_steps_there_are() -> None:
    assert {state: TRANSITIONS.steps_from(state) for state in State} == {
        State.DRAFT: [Step.SUBMIT],
        State.SUBMITTED: [Step.ACCEPT, Step.REQUEST_CHANGES, Step.REJECT, Step.WITHDRAW],
        State.CHANGES_REQUESTED: [Step.SUBMIT, Step.WITHDRAW],
        State.PUBLISHED: [Step.WITHDRAW],
        State.REJECTED: [Step.REOPEN],
        State.WITHDRAWN: [Step.REOPEN],
    }


def test_every_state_and_step_has_its_words() -> None:
    assert list(STATE_NAMES) == list(STATE_TONES) == list(STANDS) == list(State)
    assert list(STEP_NAMES) == list(Step)
    assert list(COMMENT_NEEDED) == [Step.REQUEST_CHANGES, Step.REJECT]
    assert {language: tuple(headings) for language, headings in PART_HEADINGS.items()} == dict.fromkeys(
        LANGUAGES, PARTS
    )


def measured(before: float | None, after: float | None, better: str = "lower") -> MetricValues:
    return replace(METRIC, before=before, after=after, better=better)


@pytest.mark.parametrize(
    ("before", "after", "better", "expected"),
    [
        (20, 10, "lower", 1 / 3),
        (10, 20, "higher", 1 / 3),
        (10, 20, "lower", -1 / 3),
        (10, 0, "lower", 1),
        (0, 3, "higher", 1),
        (0, 0, "higher", 0),
        (-10, 10, "higher", 1),
        (5, 5, "lower", 0),
        (None, 5, "lower", 0),
    ],
)
def test_improvement_counts_in_the_direction_that_is_better(
    before: float | None, after: float, better: str, expected: float
) -> None:
    assert improvement(measured(before, after, better)) == pytest.approx(expected)


values = st.floats(min_value=0.01, max_value=1e6)


@given(values, values, values, values)
def test_improvement_orders_positive_values_as_their_ratio_does(a: float, b: float, c: float, d: float) -> None:
    first, second = improvement(measured(a, b)), improvement(measured(c, d))
    if a / b > c / d * 1.001:
        assert first > second


def test_the_largest_improvement_leads_and_the_first_of_equals() -> None:
    small, large, worse = measured(10, 9), measured(1, 4, "higher"), measured(1, 100)
    assert best_of([small, worse, large]) is large
    assert best_of([worse, small, replace(small, name="Other")]) is small
    assert best_of([worse]) is worse
    assert best_of([measured(None, 4)]) is None
    assert best_of([]) is None


def test_a_whole_story_lacks_nothing() -> None:
    assert what_is_missing(WHOLE) == []


def test_an_empty_story_lacks_everything_by_name(app: object) -> None:
    empty = Story(title="A title", language="en", team_id=1)
    assert [str(name) for name in what_is_missing(empty)] == [
        "Summary",
        "Capability",
        "At least one number before and after",
        "Context",
        "Challenge",
        "Approach",
        "Results",
        "Lessons",
        "Next steps",
    ]


@pytest.mark.parametrize("field", ["name", "before", "after", "unit", "window", "source"])
def test_a_metric_needs_everything_that_is_asked_of_it(app: object, field: str) -> None:
    broken = replace(METRIC, **{field: None if field in {"before", "after"} else ""})  # type: ignore[arg-type]
    story = replace(WHOLE, metrics=[METRIC, broken])
    assert [str(name) for name in what_is_missing(story)] == ["Metric 2: name, before, after, unit, period and source"]


def test_a_zero_is_a_value() -> None:
    assert measured(3, 0).is_complete


def test_the_parts_stand_under_their_headings_in_the_storys_language() -> None:
    rendered = render_story("zh", {"lessons": "经验在此。", "context": "背景在此。", "challenge": " "})
    assert [(heading.level, heading.text) for heading in rendered.headings] == [(2, "背景"), (2, "经验")]
    assert rendered.text.split("\n") == ["背景", "背景在此。", "经验", "经验在此。"]


def test_a_part_cannot_disturb_the_next() -> None:
    text = "# Loud\n\n## Less\n\n### Fine\n\n```\n# a comment\n"
    assert contain(text) == "### Loud\n\n### Less\n\n### Fine\n\n```\n# a comment\n```"
    rendered = render_story("en", {"context": text, "challenge": "Here."})
    assert [heading.text for heading in rendered.headings if heading.level == 2] == ["Context", "Challenge"]


@given(st.text(alphabet="#`~ a\n", max_size=60))
def test_containing_twice_is_containing_once(text: str) -> None:
    assert contain(contain(text)) == contain(text)


def test_what_is_dangerous_is_gone() -> None:
    rendered = render_story("en", {"context": "<script>alert(1)</script> [x](javascript:alert(1)) fine"})
    assert "script" not in rendered.html
    assert "fine" in rendered.html


def test_the_composed_text_has_the_written_parts_only() -> None:
    assert compose("en", {"results": "Better.", "context": "Us."}) == "## Context\n\nUs.\n\n## Results\n\nBetter.\n"
