"""The company from above: its departments and its half-years, as far as they may be shown. No database, no Flask.

Everything here is a quartile: of several numbers one or two in the middle. Unlike with means, no number of one team can be had from
them by taking away; and the crowds are chosen so that no crowd smaller than five strangers can be made from those that are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.maturity.hiding import LEAST, hide_small
from app.maturity.quartiles import Quartiles, quartiles
from app.maturity.standing.queries import Standing, strangers_among

Value = Callable[[Standing], float | None]


@dataclass(frozen=True)
class Department:
    """`teams` is how many there are, `assessed` how many of those were; None where that is not shown. `score` and `areas` are the
    middles, None where they are not shown.
    """

    name: str
    teams: int
    assessed: int | None
    score: float | None
    areas: Mapping[str, float | None]

    @property
    def is_shown(self) -> bool:
        return self.assessed is not None


@dataclass(frozen=True)
class Rollup:
    """`assessed` of `teams` is the sample, None where it is too small to be told of; then nothing else is shown either."""

    teams: int
    assessed: int | None
    score: Quartiles | None
    areas: Mapping[str, Quartiles | None]
    departments: Sequence[Department]


def roll_up(
    standings: Sequence[Standing],
    departments_today: Mapping[int, str],
    areas: Sequence[str],
    own_team_ids: Collection[int],
) -> Rollup:
    """`standings` are the latest of each team, `departments_today` of every team of the company. A team counts for the department
    that it had in its snapshot, and without one for that which it has today.
    """
    strangers = strangers_among(standings, own_team_ids)
    if len(strangers) < LEAST:
        return Rollup(len(departments_today), None, None, dict.fromkeys(areas), [])
    values: dict[str, Value] = {area: _of_area(area) for area in areas}
    return Rollup(
        teams=len(departments_today),
        assessed=len(standings),
        score=_quartiles(standings, strangers, _score),
        areas={area: _quartiles(standings, strangers, value) for area, value in values.items()},
        departments=_departments(standings, strangers, departments_today, values),
    )


def _score(standing: Standing) -> float | None:
    return standing.score


def _of_area(area: str) -> Value:
    return lambda standing: standing.areas.get(area)


def _departments(
    standings: Sequence[Standing],
    strangers: Sequence[Standing],
    departments_today: Mapping[int, str],
    values: Mapping[str, Value],
) -> list[Department]:
    counted = {**departments_today, **{each.team_id: each.department for each in standings}}
    names = sorted(set(counted.values()), key=lambda name: (not name, name.casefold(), name))
    inside = {name: [each for each in standings if each.department == name] for name in names}
    outside = {name: [each for each in strangers if each.department == name] for name in names}
    few = [name for name in names if len(inside[name]) < LEAST]
    hidden = hide_small({name: len(outside[name]) for name in names}, already=few)
    score = _middles(inside, outside, hidden, _score)
    middles = {area: _middles(inside, outside, hidden, value) for area, value in values.items()}
    return [
        Department(
            name=name,
            teams=sum(each == name for each in counted.values()),
            assessed=None if name in hidden else len(inside[name]),
            score=score[name],
            areas={area: middles[area][name] for area in values},
        )
        for name in names
    ]


def _middles(
    inside: Mapping[str, Sequence[Standing]],
    outside: Mapping[str, Sequence[Standing]],
    hidden: Collection[str],
    value: Value,
) -> dict[str, float | None]:
    """Of each department, where it may be shown: what does not apply to a team takes it out of this crowd and not of the others."""
    few = {name for name, each in inside.items() if _count(each, value) < LEAST}
    hidden = hide_small({name: _count(each, value) for name, each in outside.items()}, already={*hidden, *few})
    return {
        name: found.middle if name not in hidden and (found := quartiles(_values(each, value))) else None
        for name, each in inside.items()
    }


def _quartiles(standings: Sequence[Standing], strangers: Sequence[Standing], value: Value) -> Quartiles | None:
    return quartiles(_values(standings, value)) if _count(strangers, value) >= LEAST else None


def _values(standings: Sequence[Standing], value: Value) -> list[float]:
    return [number for each in standings if (number := value(each)) is not None]


def _count(standings: Sequence[Standing], value: Value) -> int:
    return len(_values(standings, value))


@dataclass(frozen=True)
class Told:
    """A snapshot as the trend counts it."""

    team_id: int
    is_benchmark: bool
    taken_at: datetime
    score: float


@dataclass(frozen=True)
class HalfYear:
    """`score` is None where too few teams were assessed in it. How many there were is not told: from one half-year to the next,
    and beside the sum of a year, counts would tell of the few in between.
    """

    year: int
    half: int
    score: Quartiles | None


def by_half_year(told: Sequence[Told], own_team_ids: Collection[int]) -> list[HalfYear]:
    """The teams that were assessed in a half-year, each with the last snapshot in it; all half-years from the first to the last.
    `told` is in the order of time.
    """
    if not told:
        return []
    found: dict[int, dict[int, Told]] = {}
    for each in told:
        found.setdefault(_number(each.taken_at), {})[each.team_id] = each
    return [
        HalfYear(number // 2, number % 2 + 1, _middle_of(list(found.get(number, {}).values()), own_team_ids))
        for number in range(min(found), max(found) + 1)
    ]


def _middle_of(told: Sequence[Told], own_team_ids: Collection[int]) -> Quartiles | None:
    strangers = sum(not each.is_benchmark and each.team_id not in own_team_ids for each in told)
    return quartiles([each.score for each in told]) if strangers >= LEAST else None


def _number(moment: datetime) -> int:
    return moment.year * 2 + (moment.month > 6)
