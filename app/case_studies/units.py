"""The units that numbers are given in, and what makes two of them comparable. No database, no Flask.

A unit is written as a text, in either language, because a case study is also a file that people read and write. What is
not found here is a unit of the writer's own: it is shown as it stands and compared with nothing but itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

# The mean of 400 years of the Gregorian calendar: 146,097 days in 4,800 months.
DAYS_A_MONTH = 146_097 / 4_800
DAYS_A_YEAR = DAYS_A_MONTH * 12


class Family(StrEnum):
    """Units of one family can be turned into each other."""

    TIME = "time"
    RATE = "rate"
    SHARE = "share"
    EFFORT = "effort"
    COUNT = "count"
    POINTS = "points"


@dataclass(frozen=True)
class Unit:
    """`size` is one of it in the base unit of the family: hours, times a month, per cent, person-hours, pieces, points."""

    key: str
    family: Family
    size: float
    names: Mapping[str, str]
    others: tuple[str, ...] = ()

    def name_in(self, language: str) -> str:
        return self.names[language]


def _unit(key: str, family: Family, size: float, zh: str, *others: str) -> Unit:
    return Unit(key, family, size, {"en": key, "zh": zh}, others)


UNITS: tuple[Unit, ...] = (
    _unit("seconds", Family.TIME, 1 / 3600, "秒", "second", "s", "sec", "秒钟"),
    _unit("minutes", Family.TIME, 1 / 60, "分钟", "minute", "min", "mins", "分"),
    _unit("hours", Family.TIME, 1, "小时", "hour", "h", "hrs", "个小时"),
    # A day on the calendar. Eight hours of work are a person-day.
    _unit("days", Family.TIME, 24, "天", "day", "d", "calendar days", "日", "自然日"),
    _unit("weeks", Family.TIME, 24 * 7, "周", "week", "w", "星期", "个星期"),
    _unit("months", Family.TIME, 24 * DAYS_A_MONTH, "个月", "month", "月"),
    _unit("years", Family.TIME, 24 * DAYS_A_YEAR, "年", "year"),
    _unit("per hour", Family.RATE, 24 * DAYS_A_MONTH, "次/小时", "times an hour", "an hour", "每小时"),
    _unit(
        "per day", Family.RATE, DAYS_A_MONTH, "次/天", "times a day", "a day", "daily", "/day", "次/日", "每天", "每日"
    ),
    _unit("per week", Family.RATE, DAYS_A_MONTH / 7, "次/周", "times a week", "a week", "/week", "每周"),
    _unit(
        "per month", Family.RATE, 1, "次/月", "times a month", "a month", "/month", "个/月", "起/月", "件/月", "每月"
    ),
    _unit("per quarter", Family.RATE, 1 / 3, "次/季度", "times a quarter", "a quarter", "/quarter", "次/季", "每季度"),
    _unit("per year", Family.RATE, 1 / 12, "次/年", "times a year", "a year", "/year", "每年"),
    _unit("%", Family.SHARE, 1, "%", "percent", "per cent", "％", "百分比"),
    _unit("‰", Family.SHARE, 0.1, "‰", "per mille", "千分比"),
    _unit("person-minutes", Family.EFFORT, 1 / 60, "人分钟", "person-minute"),
    _unit("person-hours", Family.EFFORT, 1, "人时", "person-hour", "man-hours", "person hours", "人小时", "工时"),
    _unit("person-days", Family.EFFORT, 8, "人天", "person-day", "man-days", "person days", "人日"),
    _unit("pieces", Family.COUNT, 1, "个", "piece", "count", "number", "times", "件", "次", "项"),
    _unit("points", Family.POINTS, 1, "分值", "point", "点", "分数"),
)
BY_KEY: Mapping[str, Unit] = {unit.key: unit for unit in UNITS}
_BY_TEXT: Mapping[str, Unit] = {
    text.casefold(): unit for unit in UNITS for text in (unit.key, *unit.names.values(), *unit.others)
}


def find_unit(text: str) -> Unit | None:
    """The unit that a text names, in either language; None for a unit of somebody's own."""
    return _BY_TEXT.get(" ".join(text.split()).casefold())


def unit_for(value: float, text: str) -> str:
    """The unit as it is written behind this number: one day, two days."""
    unit = find_unit(text)
    is_plural = unit is not None and text.casefold() == unit.key and unit.key.endswith("s")
    return unit.others[0] if unit and is_plural and value == 1 else text


def converted(value: float, given: str, wanted: str) -> float | None:
    """`value` of the unit `given` in the unit `wanted`; None where the one is not a measure of the other.

    Between equal texts it is the value, also for units that are not known here.
    """
    if given.strip().casefold() == wanted.strip().casefold():
        return value
    one, other = find_unit(given), find_unit(wanted)
    if one is None or other is None or one.family is not other.family:
        return None
    return value * one.size / other.size
