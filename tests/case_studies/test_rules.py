"""What a story and an interview need, how their texts are put together, and which of the numbers leads."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.case_studies.contents import content_of_story, story_of
from app.case_studies.rendering import compose, contain, render_story
from app.case_studies.rules import (
    FORM_NAMES,
    PART_HEADINGS,
    PARTS,
    Answer,
    Form,
    MetricValues,
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
    team="payments",
    summary="In short.",
    capability="version-control",
    parts=dict.fromkeys(PARTS, "Text."),
    metrics=[METRIC],
)
INTERVIEW = replace(WHOLE, form=Form.INTERVIEW, parts={}, answers=(Answer("Who?", "We."), Answer("Why C#", "So.")))


def test_every_form_and_part_has_its_words() -> None:
    assert list(FORM_NAMES) == list(Form)
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
    empty = Story(title="A title", language="en", team="payments")
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


def test_the_parts_stand_under_their_headings_in_the_storys_language(app: object) -> None:
    rendered = render_story(
        replace(WHOLE, language="zh", parts={"lessons": "经验在此。", "context": "背景在此。", "challenge": " "})
    )
    assert [(heading.level, heading.text) for heading in rendered.headings] == [(2, "背景"), (2, "经验")]
    assert rendered.text.split("\n") == ["背景", "背景在此。", "经验", "经验在此。"]


def test_a_part_cannot_disturb_the_next(app: object) -> None:
    text = "# Loud\n\n## Less\n\n### Fine\n\n```\n# a comment\n"
    assert contain(text) == "### Loud\n\n### Less\n\n### Fine\n\n```\n# a comment\n```"
    rendered = render_story(replace(WHOLE, parts={"context": text, "challenge": "Here."}))
    assert [heading.text for heading in rendered.headings if heading.level == 2] == ["Context", "Challenge"]


@given(st.text(alphabet="#`~ a\n", max_size=60))
def test_containing_twice_is_containing_once(text: str) -> None:
    assert contain(contain(text)) == contain(text)


def test_what_is_dangerous_is_gone(app: object) -> None:
    told = {"context": "<script>alert(1)</script> [x](javascript:alert(1)) fine"}
    rendered = render_story(replace(WHOLE, parts=told))
    assert "script" not in rendered.html
    assert "fine" in rendered.html


def test_the_composed_text_has_the_written_parts_only() -> None:
    story = replace(WHOLE, parts={"results": "Better.", "context": "Us."})
    assert compose(story) == "## Context\n\nUs.\n\n## Results\n\nBetter.\n"


def test_an_interview_needs_answers_rather_than_parts(app: object) -> None:
    assert what_is_missing(INTERVIEW) == []
    assert [str(name) for name in what_is_missing(replace(INTERVIEW, answers=()))] == [
        "At least one question with its answer"
    ]
    open_question = replace(INTERVIEW, answers=(*INTERVIEW.answers, Answer("And then?", " ")))
    assert [str(name) for name in what_is_missing(open_question)] == ["Question 3: the question and its answer"]


def test_questions_are_the_headings_of_an_interview(app: object) -> None:
    assert compose(INTERVIEW) == "## Who?\n\nWe.\n\n## Why C# #\n\nSo.\n"
    rendered = render_story(INTERVIEW)
    assert [(heading.level, heading.text) for heading in rendered.headings] == [(2, "Who?"), (2, "Why C#")]
    several = replace(INTERVIEW, answers=[Answer("What\n# else", "# Loud")])
    assert compose(several) == "## What # else\n\n### Loud\n"


@pytest.mark.parametrize("story", [WHOLE, INTERVIEW, Story(title="T", language="zh", team="payments")])
def test_a_content_holds_all_of_a_story(story: Story) -> None:
    content = content_of_story(story)
    assert content_of_story(story_of(content)) == content
    assert json.loads(json.dumps(content)) == content
    # What the other form has is not kept.
    assert ("questions" in content, "context" in content) == (
        (True, False) if story.form is Form.INTERVIEW else (False, True)
    )
