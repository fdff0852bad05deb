"""What two snapshots tell side by side."""

from __future__ import annotations

from typing import Any

import pytest

from app.case_studies.rules import MetricValues
from app.improvement.stories.measured import list_changes, list_lowest, list_metrics, rose
from app.maturity.snapshots.comparing import as_called_in
from tests.factories.loop import number


def capability(slug: str, level: int | None, *evidence: dict[str, Any], target: Any = None) -> dict[str, Any]:
    name = slug.replace("-", " ").capitalize()
    statements = {"1": {"en": f"{name} is a wish"}}
    return {
        "slug": slug, "name": {"en": name}, "level": level, "evidence": list(evidence), "target": target, "statements": statements,
    }  # fmt: skip


def document(*capabilities: dict[str, Any]) -> dict[str, Any]:
    return {"capabilities": list(capabilities)}


def test_levels_are_laid_side_by_side() -> None:
    before = document(capability("builds", 1), capability("tests", 3), capability("gone", 2), capability("data", None))
    after = document(
        capability("builds", 3, target={"level": 4}),
        capability("tests", 2),
        capability("data", 4),
        capability("new", 1),
    )
    changes = list_changes(before, after)
    assert [(each.slug, each.before, each.after, each.target) for each in changes] == [
        ("builds", 1, 3, 4),
        ("tests", 3, 2, None),
    ]
    assert [each.slug for each in rose(changes)] == ["builds"]
    assert [each.is_open for each in changes] == [True, False]


def test_the_lowest_are_named_with_what_the_framework_says_of_them() -> None:
    lows = list_lowest(document(capability("builds", 1), capability("tests", 2), capability("data", None)))
    assert [(low.name.in_("en"), low.level, low.statement.in_("en") if low.statement else "") for low in lows] == [
        ("Builds", 1, "Builds is a wish")
    ]
    assert list_lowest(document(capability("data", None))) == []


def test_a_number_given_twice_becomes_a_metric() -> None:
    before = document(capability("builds", 1, number("Change lead time", 480, "hours", "Q1 2026", "Old board")))
    after = document(capability("builds", 3, number("change  lead time", 5, "days", "Q3 2026", "Board")))
    assert list_metrics(before, after) == [
        MetricValues(
            "change  lead time", 480, 5, "days", "lower", "Q3 2026", "Board", "change-lead-time", "hours", "Q1 2026"
        )
    ]


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (number("Builds", 3, "per day", "Q1"), number("Branches", 4, "per day", "Q3")),
        (number("Builds", 3, "per day", "Q1"), number("Builds", 4, "minutes", "Q3")),
        (number("Builds", 3, "per day", "Q1"), number("Builds", 3, "per day", "Q1")),
        ({**number("Builds", 3, "", ""), "kind": "link"}, number("Builds", 4, "", "")),
    ],
)
def test_what_cannot_be_compared_or_was_carried_over_is_no_metric(was: dict[str, Any], now: dict[str, Any]) -> None:
    assert list_metrics(document(capability("builds", 1, was)), document(capability("builds", 2, now))) == []


def test_of_an_unknown_measure_in_time_less_is_better() -> None:
    before = document(capability("builds", 1, number("Waiting for a review", 8, "hours", "Q1")))
    after = document(capability("builds", 1, number("Waiting for a review", 2, "hours", "Q3")))
    assert [(metric.better, metric.measure) for metric in list_metrics(before, after)] == [("lower", "")]


def test_what_was_renamed_in_between_is_one_capability() -> None:
    before = document(capability("builds", 1, number("Build time", 40, "minutes", "Q1 2026", "Old board")))
    after = document(capability("building", 3, number("Build time", 4, "minutes", "Q3 2026", "Board")))
    assert (list_changes(before, after), list_metrics(before, after)) == ([], [])
    was = as_called_in(after, before, {"building": {"builds"}})
    assert [(each.slug, each.before, each.after) for each in list_changes(was, after)] == [("building", 1, 3)]
    assert [(each.before, each.after) for each in list_metrics(was, after)] == [(40, 4)]
