"""What is asked about numbers: a table of examples worked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.case_studies.doubts import questions
from app.case_studies.measures import MEASURES
from app.case_studies.rules import BETTER, MetricValues, best_of, compared, improvement, times_better
from app.case_studies.units import UNITS

LEAD_TIME = MetricValues(
    "Change lead time", 21, 5, "days", "lower", "Q2 2026", "Build server", "change-lead-time",
    window_before="Q1 2026", cases_before=60, cases_after=180,
)  # fmt: skip
FAIL_RATE = MetricValues(
    "Change fail rate", 20, 5, "%", "lower", "Q2 2026", "Build server", "change-fail-rate",
    window_before="Q1 2026", cases_before=60, cases_after=180,
)  # fmt: skip
FREQUENCY = replace(
    LEAD_TIME, measure="deployment-frequency", name="Deployment frequency",
    before=1, before_unit="per month", after=2, unit="per week", better="higher",
)  # fmt: skip
OWN = replace(LEAD_TIME, measure="", name="Nights of work", unit="nights")


@pytest.mark.parametrize("values", [LEAD_TIME, FAIL_RATE, FREQUENCY, OWN], ids=lambda values: values.name)
def test_numbers_that_mean_something_are_left_alone(values: MetricValues) -> None:
    assert questions(values) == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (replace(LEAD_TIME, measure=""), ["“Change lead time” is on the list"]),
        (replace(LEAD_TIME, measure="", name="变更前置时间"), ["“Change lead time” is on the list"]),
        (replace(LEAD_TIME, unit="%"), ["“Change lead time” is not measured"]),
        (replace(OWN, before_unit="days"), ["“days” and “nights” cannot"]),
        (replace(LEAD_TIME, before_unit="%"), ["“Change lead time” is not measured"]),
        (replace(LEAD_TIME, after=-1), ["A number is below"]),
        (replace(FAIL_RATE, before=120), ["More than 100 %"]),
        (replace(OWN, unit="%", before=140, after=120), ["More than 100 %"]),
        (replace(OWN, unit="‰", before=140, after=120), []),
        (
            replace(LEAD_TIME, measure="availability", unit="%", better="higher", before=0.95, after=0.99),
            ["Neither number is more"],
        ),
        (replace(LEAD_TIME, after=0), ["Nothing takes no time"]),
        (replace(LEAD_TIME, after=21), ["Before and after are"]),
        # 504 hours are 21 days.
        (replace(LEAD_TIME, after=504, unit="hours", before_unit="days"), ["Before and after are"]),
        (replace(LEAD_TIME, better="higher"), ["For “Change lead time” lower"]),
        (replace(FREQUENCY, better="lower"), ["For “Deployment frequency” higher"]),
        (replace(LEAD_TIME, before=5, after=21), ["The number got worse."]),
        # 21 days are 504 hours: 101 times 4.99 hours, 100.8 times 5 hours, 99 times 5.09.
        (replace(LEAD_TIME, after=5, unit="hours", before_unit="days"), ["That is more than"]),
        (replace(LEAD_TIME, after=5.09, unit="hours", before_unit="days"), []),
        (replace(LEAD_TIME, window_before="6 months"), ["The two periods are"]),
        (replace(LEAD_TIME, window_before="90 days"), []),
        (replace(LEAD_TIME, window_before="1 week", window="1 week"), ["The period is short"]),
        (replace(LEAD_TIME, window_before="", window="2 weeks"), []),
        (replace(LEAD_TIME, cases_after=4), ["So few cases say"]),
        (replace(FAIL_RATE, cases_after=None), ["A share of how"]),
        # 0 of 20: up to 15 % by the rule of three.
        (replace(FAIL_RATE, after=0, cases_after=20), ["None of 20 failed:"]),
        (replace(FAIL_RATE, after=0, cases_after=30), []),
        # 7 % of 10 deployments would be 0.7 of one; 33 % of 3 is one of three, rounded.
        (replace(FAIL_RATE, after=7, cases_after=10), ["7 % of 10"]),
        (replace(FAIL_RATE, before=50, after=33, cases_after=3), []),
    ],
)
def test_what_is_wrong_or_cannot_be_compared_is_asked_about(values: MetricValues, said: list[str]) -> None:
    asked = [str(question) for question in questions(values)]
    # The beginning tells them apart.
    assert [question[: len(beginning)] for question, beginning in zip(asked, said, strict=True)] == said


def test_an_answer_says_how_far_the_true_rate_may_be() -> None:
    (question,) = questions(replace(FAIL_RATE, after=0, cases_after=20))
    assert "up to 15 %" in str(question)
    (question,) = questions(replace(FAIL_RATE, after=0, cases_after=2))
    assert "up to 100 %" in str(question)


def test_what_is_still_empty_is_not_asked_about() -> None:
    assert questions(MetricValues("", None, None, "", "lower", "", "")) == []
    assert questions(MetricValues("", None, None, "", "lower", "", "", "change-lead-time")) == []


NUMBERS = st.none() | st.floats() | st.sampled_from([0, -1, 1e308, -1e308, 1e-308])
TEXTS = st.sampled_from(["", *(unit.key for unit in UNITS), "nights", "%s", "{}"]) | st.text(max_size=8)


@given(
    st.builds(
        MetricValues,
        TEXTS, NUMBERS, NUMBERS, TEXTS, st.sampled_from(BETTER), TEXTS, TEXTS,
        measure=st.sampled_from(["", "no-such", *(measure.key for measure in MEASURES)]),
        before_unit=TEXTS, window_before=TEXTS,
        cases_before=st.none() | st.integers(1, 10**9), cases_after=st.none() | st.integers(1, 10**9),
    )
)  # fmt: skip
def test_nothing_that_can_be_typed_breaks_a_question_or_a_comparison(values: MetricValues) -> None:
    assert all(str(question) for question in questions(values))
    assert -1 <= improvement(values) <= 1
    assert compared(values) is None or None not in {values.before, values.after}
    times = times_better(values)
    assert times is None or times > 0
    assert best_of([values]) in {None, values}


def test_two_units_are_compared_in_that_of_the_number_after() -> None:
    values = replace(LEAD_TIME, before=3, before_unit="months", after=2, unit="hours")
    # 3 * 30.436875 days are 91.310625 days or 2,191.455 hours.
    assert compared(values) == pytest.approx((2191.455, 2))
    assert times_better(values) == pytest.approx(1095.7275)
    assert times_better(FREQUENCY) == pytest.approx(2 * 30.436875 / 7)
