"""The heat map: every team that was assessed, by area or by capability. Its state is its address. No database, no Flask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.maturity.hiding import LEAST
from app.maturity.quartiles import quartiles
from app.maturity.standing.queries import Names, Standing
from app.maturity.standing.report import called

BY_AREA, BY_CAPABILITY = "area", "capability"
# In an address, the teams that are in no department; where it says nothing, it means all of them.
NO_DEPARTMENT = "~"
# What else than a column of numbers a table is put in order by.
BY_TEAM, BY_DEPARTMENT, BY_SCORE, BY_STAGED, BY_DAY = "team", "department", "score", "staged", "day"


@dataclass(frozen=True)
class Column:
    """An area or a capability; `area` is the number (from 1) of its area's colour."""

    slug: str
    name: str
    hue: int


@dataclass(frozen=True)
class Row:
    """A team. Of capabilities the cells are levels, of areas scores."""

    standing: Standing
    cells: Sequence[float | int | None]


@dataclass(frozen=True)
class Missing:
    """A team that was not assessed lately, of today's department. `last` is when it was, None for never."""

    slug: str
    team: str
    department: str
    last: datetime | None


@dataclass(frozen=True)
class HeatMap:
    """`middles` has one for each column, and is None for fewer than five teams: of those one reads the rows themselves. `missing` are
    the teams that were not assessed lately.
    """

    columns: Sequence[Column]
    rows: Sequence[Row]
    departments: Sequence[str]
    middles: Sequence[float | None] | None
    score_middle: float | None
    missing: Sequence[Missing]


@dataclass(frozen=True)
class State:
    """What the reader chose. `department` is None for all, for it may have no name; the highest or the last comes first where
    `is_down`.
    """

    by: str
    department: str | None
    sort: str
    is_down: bool

    @property
    def params(self) -> dict[str, str | None]:
        """The same as parameters of an address; what is as usual is not said."""
        return {
            "by": self.by if self.by != BY_AREA else None,
            "department": NO_DEPARTMENT if self.department == "" else self.department,
            "sort": self.sort if self.sort != BY_TEAM else None,
            "order": "down" if self.is_down else None,
        }


def make_heat_map(
    standings: Sequence[Standing],
    missing: Sequence[Missing],
    names: Names,
    areas: Mapping[str, str],
    state: State,
    language: str,
) -> HeatMap:
    """`areas` says of each capability in which area it is. What the framework no longer has is no column."""
    columns = _columns(names, areas, state.by, language)
    wanted = [each for each in standings if state.department in {None, each.department}]
    of: Callable[[Standing], Mapping[str, float | int | None]] = _areas if state.by == BY_AREA else _levels
    rows = [Row(each, [of(each).get(column.slug) for column in columns]) for each in wanted]
    is_told = len(rows) >= LEAST
    departments = {each.department for each in standings} | {each.department for each in missing}
    scores = [each.score for each in wanted if each.score is not None]
    return HeatMap(
        columns=columns,
        rows=_in_order(rows, columns, state),
        departments=sorted(departments, key=lambda name: (not name, name.casefold())),
        middles=[_middle([row.cells[place] for row in rows]) for place in range(len(columns))] if is_told else None,
        score_middle=_middle(scores) if is_told else None,
        missing=[each for each in missing if state.department in {None, each.department}],
    )


def _areas(standing: Standing) -> Mapping[str, float | None]:
    return standing.areas


def _levels(standing: Standing) -> Mapping[str, int | None]:
    return standing.levels


def _columns(names: Names, areas: Mapping[str, str], by: str, language: str) -> list[Column]:
    hues = {slug: place % 7 + 1 for place, slug in enumerate(names.areas)}
    if by == BY_AREA:
        return [Column(slug, called(names.areas, slug, language), hues[slug]) for slug in names.areas]
    return [Column(slug, called(names.capabilities, slug, language), hues[areas[slug]]) for slug in names.capabilities]


def _middle(values: Sequence[float | None]) -> float | None:
    found = quartiles([value for value in values if value is not None])
    return found.middle if found else None


def _in_order(rows: Sequence[Row], columns: Sequence[Column], state: State) -> list[Row]:
    """What has no value comes last, whichever way the others go; equal ones stay by name."""
    value = _value_of(columns, state.sort)
    with_value = [row for row in rows if value(row) is not None]
    with_value.sort(key=lambda row: value(row) or 0, reverse=state.is_down)
    return [*with_value, *(row for row in rows if value(row) is None)]


def _value_of(columns: Sequence[Column], sort: str) -> Callable[[Row], float | int | str | None]:
    known: dict[str, Callable[[Row], float | int | str | None]] = {
        BY_TEAM: lambda row: row.standing.team.casefold(),
        BY_DEPARTMENT: lambda row: row.standing.department.casefold() or None,
        BY_SCORE: lambda row: row.standing.score,
        BY_STAGED: lambda row: row.standing.staged,
        BY_DAY: lambda row: row.standing.taken_at.timestamp(),
    }
    places = {column.slug: place for place, column in enumerate(columns)}
    # A column may be called like one of these, so that its slug has a mark before it in the address.
    if sort.startswith(COLUMN_MARK) and sort[1:] in places:
        place = places[sort[1:]]
        return lambda row: row.cells[place]
    return known.get(sort, known[BY_TEAM])


COLUMN_MARK = "."
