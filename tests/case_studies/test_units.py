"""Units in both languages, and how long a period is that was told in words."""

from __future__ import annotations

import pytest

from app.case_studies.measures import DORA_KEYS, MEASURES, Measure, find_measure
from app.case_studies.units import BY_KEY, UNITS, converted, find_unit, unit_for
from app.case_studies.windows import days_of
from app.kernel.types import LANGUAGES


@pytest.mark.parametrize(
    ("value", "given", "wanted", "result"),
    [
        (2, "days", "hours", 48),
        (90, "minutes", "hours", 1.5),
        (2, "天", "hours", 48),
        (3, "周", "days", 21),
        # 400 years are 146,097 days and 4,800 months.
        (4800, "months", "days", 146_097),
        (4, "per quarter", "per year", 16),
        (7, "次/周", "per day", 1),
        (5, "‰", "%", 0.5),
        (2, "person-days", "person-hours", 16),
        (3, "Days ", "day", 3),
        # A unit of somebody's own is compared with itself alone.
        (3, "coffees", "Coffees", 3),
        (3, "coffees", "days", None),
        (3, "days", "%", None),
        # A day of work is no day on the calendar.
        (3, "person-days", "days", None),
    ],
)
def test_units_of_one_family_are_turned_into_each_other(
    value: float, given: str, wanted: str, result: float | None
) -> None:
    found = converted(value, given, wanted)
    assert found == (None if result is None else pytest.approx(result))


@pytest.mark.parametrize(
    ("value", "text", "shown"),
    [
        (1, "days", "day"),
        (2, "days", "days"),
        (1.5, "days", "days"),
        (1, "per day", "per day"),
        (1, "%", "%"),
        (1, "s", "s"),
    ],
)
def test_one_day_is_no_days(value: float, text: str, shown: str) -> None:
    assert unit_for(value, text) == shown


def test_every_text_names_one_unit() -> None:
    texts = [
        text.casefold() for unit in UNITS for text in dict.fromkeys((unit.key, *unit.names.values(), *unit.others))
    ]
    assert sorted(texts) == sorted(set(texts))
    assert all(find_unit(unit.name_in(language)) is unit for unit in UNITS for language in LANGUAGES)


@pytest.mark.parametrize(
    ("window", "days"),
    [
        ("3 months", 91.3),
        ("6 weeks", 42),
        ("90 days", 90),
        ("6 周", 42),
        ("3个月", 91.3),
        ("2026-01 to 2026-06", 182.6),
        ("2025-11 to 2026-01", 91.3),
        ("2026年1月至3月", 91.3),
        ("2026-03", 30.4),
        ("Q1 2026", 91.3),
        ("2026年第一季度", 91.3),
        ("2026", 365.2),
        ("2026年", 365.2),
        ("2026-06 to 2026-01", None),
        ("2026-13", None),
        ("three releases", None),
        ("2008 to 2011", None),
        ("", None),
    ],
)
def test_a_period_is_read_where_its_words_leave_no_doubt(window: str, days: float | None) -> None:
    assert days_of(window) == (None if days is None else pytest.approx(days, abs=0.1))


def test_the_measures_of_dora_come_first() -> None:
    assert [measure.key for measure in MEASURES[:5]] == list(DORA_KEYS) == [
        "change-lead-time", "deployment-frequency", "change-fail-rate", "recovery-time", "rework-rate",
    ]  # fmt: skip


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.key)
def test_a_measure_can_be_given_in_each_of_its_units(measure: Measure) -> None:
    assert find_measure(measure.key) is measure
    assert set(measure.names) == set(LANGUAGES)
    assert measure.unit in measure.units
    own = BY_KEY[measure.unit].family
    assert all(measure.fits(unit) for unit in measure.units if BY_KEY[unit].family is own)
    assert not measure.fits("coffees")
