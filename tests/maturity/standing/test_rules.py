"""Bands, targets, and the geometry of the radar."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.maturity.quartiles import Quartiles
from app.maturity.scoring import Mark
from app.maturity.standing.radar import MIDDLE, RADIUS, broken, make_radar
from app.maturity.standing.rules import Place, once_reached, place_of


@pytest.mark.parametrize(
    ("score", "place"),
    [
        (1.9, Place.LOWEST), (2.0, Place.LOWER), (2.9, Place.LOWER), (3.0, Place.UPPER), (3.9, Place.UPPER),
        (4.0, Place.HIGHEST), (5.0, Place.HIGHEST),
    ],
)  # fmt: skip
def test_whoever_is_at_a_boundary_is_counted_to_the_better_side(score: float, place: Place) -> None:
    assert place_of(score, Quartiles(2.0, 3.0, 4.0)) == place


def test_once_the_targets_are_reached_nothing_has_become_worse() -> None:
    marks = [
        Mark("version-control", "cm", 1, 1, 2),
        Mark("change-management", "cm", 1, 1, 4),
        Mark("test-data", "tm", 1, 1, None),
        Mark("metrics", "mf", 1, 1, 3),
    ]
    reached = once_reached(marks, {"version-control": 3, "change-management": 3, "test-data": 5})
    assert [mark.level for mark in reached] == [3, 4, None, 3]


@given(st.lists(st.one_of(st.none(), st.integers(10, 50).map(lambda n: n / 10)), min_size=3, max_size=12))
def test_how_far_from_the_middle_a_point_is_says_the_value(values: list[float | None]) -> None:
    radar = make_radar([f"Area {number}" for number in range(len(values))], [("Now", values)])
    assert radar is not None
    lengths = [math.hypot(point.x - MIDDLE[0], point.y - MIDDLE[1]) for point in radar.shapes[0].points]
    told = [value for value in values if value is not None]
    assert [round(length / RADIUS * 5, 1) for length in lengths] == pytest.approx(told, abs=0.11)


def test_two_axes_are_no_radar() -> None:
    assert make_radar(["One", "Two"], [("Now", [1.0, 2.0])]) is None


def test_labels_are_broken_after_words_and_chinese_after_any_character() -> None:
    assert broken("Build and continuous integration") == ["Build and", "continuous", "integration"]
    assert broken("构建与持续集成管理方法") == ["构建与持续集成", "管理方法"]
    assert broken("DORA能力目录与更多的事") == ["DORA能力目录与", "更多的事"]
    assert broken("Donaudampfschifffahrt") == ["Donaudampfschifffahrt"]
    assert broken("") == [""]
