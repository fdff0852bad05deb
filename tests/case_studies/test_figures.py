"""How a change is drawn and said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from app.case_studies.figures import change_words, figure_of
from app.case_studies.rules import MetricValues

LEAD_TIME = MetricValues("Lead time", 21, 5, "days", "lower", "Q2 2026", "Build server", "change-lead-time")


@pytest.mark.parametrize(
    ("before", "after", "unit", "words"),
    [
        (21, 5, "days", "4.2 times as fast"),
        (5, 21, "days", "4.2 times as long"),
        (10, 8, "days", "20 % lower"),
        (10, 8, "小时", "20 % lower"),
        (1, 4, "per week", "4 times as often"),
        (4, 1, "per week", "75 % lower"),
        (20, 5, "%", "15 percentage points lower"),
        (99.9, 99.95, "%", "0.05 percentage points higher"),
        (99.999, 99.9991, "%", "0.0001 percentage points higher"),
        (2, 10, "builds", "5 times as much"),
        (2, 2.5, "builds", "25 % higher"),
        (27000, 0, "tests", "down to none"),
        (27000, 10, "tests", "one in 2,700"),
        (0, 3, "tests", "higher"),
        (-2, 3, "points", "higher"),
        (3, -2, "points", "lower"),
        (3, 3, "days", "unchanged"),
        (1e308, 1e-308, "days", "lower"),
    ],
)
def test_a_change_is_said_as_people_say_it(app: Flask, before: float, after: float, unit: str, words: str) -> None:
    with app.test_request_context():
        assert change_words(before, after, unit) == words


def test_both_bars_stand_on_one_scale_that_begins_at_nothing(app: Flask) -> None:
    with app.test_request_context():
        assert figure_of(LEAD_TIME).bars == (100, 23.81)
        assert figure_of(replace(LEAD_TIME, before=2, before_unit="weeks")).bars == (100, 35.71)
        assert figure_of(replace(LEAD_TIME, after=-1)).bars is None
        assert figure_of(replace(LEAD_TIME, before=0, after=0)).bars is None


@pytest.mark.parametrize(
    ("changes", "tone"),
    [({}, "good"), ({"better": "higher"}, "bad"), ({"after": 21}, ""), ({"before_unit": "nights"}, "")],
)
def test_whether_it_got_better_depends_on_the_direction(app: Flask, changes: dict[str, object], tone: str) -> None:
    with app.test_request_context():
        assert figure_of(replace(LEAD_TIME, **changes)).tone == tone  # type: ignore[arg-type]
